"""U4: bad input and silent partners: every message says what to do, nothing typed is lost, nobody waits."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys import applying, following
from tests.journeys.applying import Answers, Found
from tests.journeys.browser import Content
from tests.journeys.city import Cast
from tests.walks import borrowed, filling
from tests.walks.stage import PHONE, Actor, Stage

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.usefixtures("registers_tried_again")]

MARYAMS, SUSPENDED = "مشغل غرزة مريم", "تموينات الواديعي"
NAME = ("مشغل الأناقة 🧵 " * 21).strip()
PROGRAM: Content = ("فاتورة.pdf", b"MZ\x90\x00" + b"\x00" * 4000, "application/pdf")
EMPTY: Content = ("واجهة.jpg", b"", "image/jpeg")


@pytest.fixture(autouse=True)
def _as_it_was(stage: Stage) -> Iterator[None]:
    """In the end the registers are as they should be again."""
    yield
    stage.registers.reset()


def test_an_identity_with_a_wrong_digit(stage: Stage) -> None:
    anybody = stage.actor().open("/sign-in/")
    _signs_in_as(anybody, "2123456789")
    anybody.sees("رقم الهوية")
    _beside_and_above(anybody, "login")
    assert anybody.page.input_value("main input[name=login]") == "2123456789"
    anybody.pair("identity").accessible()
    _signs_in_as(anybody, "212345678")
    anybody.sees("ناقص خانة")
    anybody.close()


def test_answers_that_cannot_be(stage: Stage, people: Cast) -> None:
    """A name of 300 letters with a picture in it; 3 m²."""
    maryam = people.signed_in("maryam")
    first = applying.begin(maryam, borrowed.INSTANT, name=MARYAMS)
    actor = borrowed.goes_on(stage, maryam, window=PHONE).open(first.path)
    answers = borrowed.tailor(area_m2="٣")
    _long_name(actor, answers)
    _refused_then(actor, answers, "area_m2", "٣", "أدخل 5 أو أكثر", picture="area", good="٤٠")
    actor.close()


def test_papers_that_are_none(stage: Stage, people: Cast, tmp_path: Path) -> None:
    """A program that calls itself a PDF, 60 MB, nothing at all: each is refused beside its slot, in words."""
    maryam = people.signed_in("maryam")
    page = applying.begin(maryam, borrowed.INSTANT, name=MARYAMS)
    page = applying.fill(page, Answers(borrowed.tailor().fields), stop_before="term")
    actor = borrowed.goes_on(stage, maryam, window=PHONE).open(page.path)
    big = tmp_path / "مخطط.pdf"
    big.write_bytes(b"%PDF-1.7\n" + b"0" * 60_000_000)
    box = actor.page.locator("[data-upload]", has=actor.page.locator("input[name=facade]"))
    for place, (file, words) in enumerate(((PROGRAM, "PDF"), (None, "أكبر"), (EMPTY, "فارغ"))):
        if file is None:
            box.locator("input[type=file]").set_input_files(str(big))
        else:
            filling.attach(actor, "facade", file, wait=False)
        actor.until(lambda words=words: words in box.inner_text(), f"«{words}» beside the slot")  # type: ignore[misc]
        actor.shot(f"paper-{place + 1}", at="[data-upload]")
    actor.pair("papers", at="[data-upload]")
    actor.accessible()
    actor.close()


def test_a_silent_register_blocks_nobody(stage: Stage, people: Cast) -> None:
    stage.registers.switch("commercial", "down")
    maryam, page = borrowed.applies(people, "maryam", MARYAMS)
    actor = borrowed.goes_on(stage, maryam, window=PHONE).open(page.path)
    actor.sees("لم يرد").pair("silent-register", at=".lamp")
    receipt = following.read_receipt(page.form("/review").submit())
    actor.open(receipt.path)
    actor.until(lambda: "يتحقق موظف" in actor.text("main"), "an officer checks by hand", reload=True)
    actor.pair("manual-check").accessible()
    actor.close()
    nora = stage.actor("nora", window=(1366, 768)).sign_in(next_path=f"/desk/case/{receipt.number}")
    nora.sees("تحقق يدوي", "السجل لم يرد").pair("manual-check-desk")
    nora.close()


def test_a_suspended_register_blocks_with_the_article_and_how_to_mend_it(stage: Stage, people: Cast) -> None:
    answers = {"activities": Found("تموينات", ""), "trade_name_ar": SUSPENDED}
    nasser = people.signed_in("nasser")
    begun = applying.begin(nasser, borrowed.INSTANT, name=SUSPENDED)
    page = applying.fill(begun, Answers({**borrowed.tailor().fields, **answers}, borrowed.tailor().papers))
    actor = borrowed.goes_on(stage, nasser, window=PHONE).open(page.path)
    actor.sees("السجل التجاري غير نشط", "تنشيط السجل", "المادة")
    assert not actor.page.locator("form[action$='/review'] button.btn-primary").count()
    actor.pair("suspended", at=".lamp").accessible()
    actor.close()


def test_the_wrong_order_is_refused_kindly(stage: Stage, people: Cast) -> None:
    """Paying before there is a bill, rating before the end: told, and nothing happens."""
    stage.registers.switch("commercial", "down")
    maryam, receipt = borrowed.sent(people, "maryam", MARYAMS)
    actor = borrowed.goes_on(stage, maryam, window=PHONE)
    answer = actor.page.goto(f"{stage.city.base}/case/{receipt.number}/bill.pdf")
    assert answer is not None
    assert answer.status == 404
    borrowed.pair_without_switch(actor, "no-bill")
    bank = actor.context.new_page()
    unknown = bank.goto(f"{stage.city.payments}/bank?biller_code=901&bill_number=2600000099999")
    assert unknown is not None
    assert unknown.status in (404, 422)
    bank.close()
    link = borrowed.link_of(actor, receipt)
    early = actor.page.goto(f"{stage.city.base}/rate/{receipt.number}/{link}")
    assert early is not None
    assert early.status == 409
    actor.sees("لم ينته الطلب بعد", "تصلكم حينها رسالة")
    actor.pair("rated-too-early").accessible()
    actor.close()


def _signs_in_as(actor: Actor, login: str) -> None:
    actor.page.fill("main input[name=login]", login)
    with actor.page.expect_navigation():
        actor.page.click("main form:has(input[name=login]) button[type=submit]")


def _beside_and_above(actor: Actor, field: str) -> None:
    """The message stands beside its field, which is marked, and in the summary, which has the focus."""
    control = actor.page.locator(f"main [name='{field}']").first
    marked = control.evaluate(
        "e => !!(e.closest('[aria-invalid=true]') || e.closest('.field')?.querySelector('.field-error'))"
    )
    assert marked, f"nothing beside {field}"
    summary = actor.page.locator("[data-error-summary]")
    assert summary.count() == 1
    assert summary.evaluate("e => e === document.activeElement || e.contains(document.activeElement)")
    shown = actor.text("[data-error-summary]")
    assert any("\u0621" <= letter <= "\u064a" for letter in shown), shown


def _long_name(actor: Actor, answers: Answers) -> None:
    """300 letters: refused with what is allowed; every one of them still stands there."""
    filling.answer(actor, answers)
    assert len(NAME) >= 300
    box = actor.page.locator("[name=trade_name_ar]")
    box.evaluate("(e, text) => { e.removeAttribute('maxlength'); e.value = text }", NAME)
    actor.page.click(filling.NEXT)
    actor.page.wait_for_selector("[data-error-summary]")
    _beside_and_above(actor, "trade_name_ar")
    assert box.input_value() == NAME
    actor.pair("long-name").accessible()
    box.fill("مشغل الأناقة")
    filling.go_on(actor)


def _refused_then(
    actor: Actor, answers: Answers, field: str, typed: str, words: str, *, picture: str, good: str
) -> None:
    """The page with the field is refused in these words; what was typed stands; a good answer goes on."""
    for _ in range(applying.MOST_PAGES):
        filling.answer(actor, answers)
        here = actor.page.locator(f"[name='{field}']").count()
        actor.page.click(filling.NEXT)
        actor.page.wait_for_load_state("load")
        time.sleep(0.5)
        if here:
            break
    actor.sees(words, within="[data-error-summary]")
    _beside_and_above(actor, field)
    assert actor.page.input_value(f"[name='{field}']") in (typed, typed.translate(_ASCII))
    actor.pair(picture).accessible()
    actor.page.fill(f"[name='{field}']", good)
    actor.page.click(filling.NEXT)
    actor.until(lambda: not actor.page.locator("[data-error-summary]").count(), f"{field} accepted")
    answers.fields = {**answers.fields, field: good}


_ASCII = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
