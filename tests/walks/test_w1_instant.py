"""W1: the instant licence on a telephone, in Arabic, by a resident with an iqama and nobody else."""

import re
import subprocess

import pytest
from playwright.sync_api import Page

from tests.journeys import applying, papers
from tests.journeys.applying import Answers, Found
from tests.walks import filling
from tests.walks.stage import Actor, Stage, squeeze

pytestmark = [pytest.mark.browser, pytest.mark.full]

SLUG = "shop-licence-instant"
SHOP = "مشغل غرزة مريم"
#: In Al Mina, as the telephone tells it.
HERE = {"latitude": 25.6247, "longitude": 36.9747, "accuracy": 12}
BOTH = re.compile(r"14\d\d/\d\d/\d\dهـ \(\d+ \S+ 20\d\dم\)")


def test_the_instant_licence(stage: Stage) -> None:
    """Every step of the walk, one after another."""
    after = stage.catcher.last()
    maryam = stage.actor("maryam", geolocation=HERE, permissions=["geolocation"])
    _finds(maryam)
    _calculates(maryam)
    _signs_in(stage, maryam)
    _leaves_and_comes_back(maryam)
    _reviews(maryam)
    number = _sends(maryam)
    _pays(stage, maryam)
    _has_the_licence(stage, maryam, number)
    _was_told(stage, number, after=after)


def _finds(maryam: Actor) -> None:
    maryam.open("/")
    assert maryam.page.evaluate("document.documentElement.dir") == "rtl"
    assert maryam.text().removeprefix("الانتقال إلى المحتوى").strip().startswith("الموقع الرسمي"), (
        maryam.text()[:200]
    )
    maryam.pair("home")
    maryam.page.fill("main input[name=q]", "رخصه محل")
    maryam.page.keyboard.press("Enter")
    maryam.page.wait_for_url("**/search*")
    hits = maryam.page.locator("main a[href^='/services/']")
    assert hits.first.get_attribute("href") == f"/services/{SLUG}", hits.first.inner_text()
    hits.first.click()
    maryam.page.wait_for_url(f"**/services/{SLUG}")
    maryam.sees(
        "ما الذي أحتاجه",
        "صورة الواجهة من الشارع",
        "الخطوات",
        "كم الرسم",
        "كم يستغرق",
        "فوري بعد السداد",
        "أين",
        "هذا الموقع",
    )
    maryam.pair("card")


def _calculates(maryam: Actor) -> None:
    page = maryam.page
    page.fill("[name=activities-find]", "خياطة")
    page.locator("input[name=activities][value='952902']").check()
    page.fill("[name=area_m2]", "٤٠")
    page.check("[name=has_sign][value=no]")
    page.check("[name=cleaning][value=fee]")
    page.fill("[name=years]", "١")
    page.check("[name=wants_card][value=no]")
    page.locator("#calculator button:not(.visually-hidden)", has_text="حساب الرسم").click()
    maryam.sees("40 م² × 6.50", "الإجمالي", "560.00", within="#calculator")
    maryam.shot("fee", at="#calculator [role=status]")


def _signs_in(stage: Stage, maryam: Actor) -> None:
    after = maryam.ask_code(login="٢١٢٣٤٥٦٧٨٨", next_path=f"/services/{SLUG}")
    code, _ = stage.catcher.code(after=after)
    maryam.paste_code(code)
    assert maryam.path() == f"/services/{SLUG}"


def _answers() -> Answers:
    fields = applying.shop(activities=Found("خياطة", "952902"))
    del fields["place"]
    return Answers(fields, {"facade": [applying.photo("الواجهة", width=3000)]})


def _leaves_and_comes_back(maryam: Actor) -> None:
    """The pin is set by the telephone's own place; the browser is closed at the third page."""
    filling.begin(maryam, SLUG, name=SHOP)
    answers = _answers()
    filling.fill(maryam, answers, stop_before="premises")
    filling.answer(maryam, answers)
    maryam.page.click("[data-locate]")
    maryam.until(lambda: maryam.page.input_value("[data-lat]"), "a pin")
    maryam.shot("pin", at="[data-pin]")
    filling.go_on(maryam)
    assert filling.key_of(maryam) == "right"
    maryam.page.fill("[name=lease_number]", answers.fields["lease_number"]) if maryam.page.locator(
        "[name=lease_number]"
    ).count() else None
    left = maryam.page.url
    maryam.close_and_reopen().open("/my")
    maryam.click(f"main a[href*='{left.split('/apply/')[1].split('/p/')[0]}']")
    maryam.page.wait_for_url(left)
    filling.fill(maryam, answers)


def _reviews(maryam: Actor) -> None:
    maryam.sees("سيقبل الطلب كما هو", "الإجمالي")
    maryam.pair("review")


def _sends(maryam: Actor) -> str:
    page = maryam.page
    page.locator("main form[action$='/review'] button[type=submit]").click()
    maryam.sees("تم استلام طلبكم")
    shown, secret = [re.sub(r"\D", "", one) for one in page.locator(".big-number bdi").all_inner_texts()]
    assert 11 <= len(shown) <= 12 and len(secret) == 8, (shown, secret)
    maryam.pair("receipt")
    page.click(f"main a[href='/case/{shown}']")
    return shown


def _pays(stage: Stage, maryam: Actor) -> float:
    """At the page of the bank, in another tab; the page of the request changes by itself."""
    maryam.until(lambda: maryam.page.locator("[data-copy]").count() == 2, "a bill")
    biller, bill = [str(one.get_attribute("data-copy")) for one in maryam.page.locator("[data-copy]").all()]
    maryam.sees("رمز المفوتر", "رقم الفاتورة", "السداد قبل", "ننتظر إشعار", "560.00")
    maryam.pair("bill", at="#now")
    bank = maryam.context.new_page()
    address = f"{stage.city.payments}/bank?biller_code={biller}&bill_number={bill}"
    maryam.until(lambda: _stands(bank, address), "the bill at the bank")
    # A tab that is closed while it leads elsewhere may never say that it is closed.
    with bank.expect_navigation():
        bank.locator("form[action^='/bank/pay'] button").click()
    bank.close()
    took = maryam.until(
        lambda: maryam.page.locator("main a[href*='/document/']").count(), "the licence", seconds=90
    )
    print(f"{took:.1f} s from payment to licence")
    return took


def _stands(page: Page, address: str) -> bool:
    answer = page.goto(address)
    return answer is not None and answer.ok


def _has_the_licence(stage: Stage, maryam: Actor, number: str) -> None:
    """The page has no desk in its history; the file has a code and both calendars; the code leads to "valid"."""
    maryam.pair("licence")
    story = maryam.text("section:has(#happened)")
    assert BOTH.search(story), story
    for word in ("تقديم الطلب", "مريم حسن عثمان بخيت", "إصدار الوثيقة", "آليا"):
        assert word in story, f"{word}: {story}"
    maryam.shot("timeline", at="#happened")
    address = maryam.page.locator("main a[href*='/document/']").first.get_attribute("href")
    file = stage.work / f"{stage.walk}-{number}.pdf"
    file.write_bytes(maryam.context.request.get(f"{stage.city.base}{address}").body())
    try:
        text = subprocess.run(
            ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
        )
        for calendar in (r"14\d\d/\d\d/\d\d", r"20\d\d/\d\d/\d\d"):
            assert re.search(calendar, text.stdout), f"no date {calendar}: {text.stdout[:3000]}"
        code = papers.address_in_code(file)
        papers.expect_valid(file, papers.trusting(stage.city.authority, stage.work / "trust"))
    finally:
        for left in (file, file.with_suffix(".png")):
            left.unlink(missing_ok=True)
    stage.actor().open(code).sees("سارية اليوم")


def _was_told(stage: Stage, number: str, *, after: int) -> None:
    """A mail in Arabic about each of: received, bill, issued."""
    shown = f"{number[:3]}-{number[3:7]}-{number[7:]}"
    for word in ("تم استلام طلبكم", "فاتورة بمبلغ", "تم إصدار رخصة"):
        stage.catcher.wait(
            lambda one, word=word: one["kind"] == "mail"  # type: ignore[misc]
            and word in squeeze(f"{one['subject']} {one['text']}") and shown in squeeze(one["text"]),
            after=after, what=f"mail «{word}» about {shown}",
        )  # fmt: skip
    mails = stage.catcher.messages(after=after, kind="mail", q=shown, limit=100)
    assert all('lang="ar" dir="rtl"' in one["html"] for one in mails)
