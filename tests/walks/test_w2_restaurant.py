"""W2: a restaurant of high risk, from its owner over its return to the head's signature on a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page

from tests.journeys import applying, papers
from tests.journeys.applying import Answers, Found
from tests.walks import desk, filling
from tests.walks.stage import DESK, Actor, Stage

pytestmark = [pytest.mark.browser, pytest.mark.full]

SLUG = "shop-licence-with-approvals"
SHOP = "مطعم صياد المرسى"
HEAD = "رئيس بلدية الميناء"
BODIES = ("civil_defence_requests", "supervising_body_requests")
REMARKS = {"unit_no": "رقم الوحدة لا يطابق العقد.", "facade": "الصورة لا تظهر مكان اللوحة."}


@pytest.fixture
def bodies(stage: Stage) -> Iterator[None]:
    """The other bodies answer when the walk lets them."""
    for body in BODIES:
        stage.registers.switch(body, "silent")
    yield
    for body in BODIES:
        stage.registers.switch(body, "up")


def test_a_restaurant_to_its_signature(stage: Stage, bodies: None) -> None:
    """Every step of the walk, one after another."""
    salem = stage.actor("salem").sign_in()
    fahad = stage.actor("fahad", window=DESK).sign_in(next_path="/desk/")
    number = _submits(salem)
    _others_answer(stage, number)
    _returns(fahad, number)
    _completes(salem, number)
    _gets_it_back(fahad, number)
    _section_head(stage, number)
    _head_on_a_phone(stage, number)
    _pays(stage, salem)
    _is_checked(stage, salem, number)


def _submits(salem: Actor) -> str:
    fields = applying.shop(
        activities=Found("مطعم", "561011"), area_m2="٢٢٠", workers="8", safety_mechanism="permit",
        safety_reference="",
    )  # fmt: skip
    slots = {
        "facade": [applying.photo("الواجهة")],
        "inside": [applying.photo("الصالة"), applying.photo("المطبخ")],
        "lease_paper": [applying.pdf("العقد")],
    }
    filling.begin(salem, SLUG, name=SHOP)
    filling.fill(salem, Answers(fields, slots), stop_before="papers")
    filling.answer(salem, Answers({}, slots))
    salem.shot("papers", at="main form")
    filling.fill(salem, Answers(fields))
    salem.sees("يمكن إرسال الطلب، ويحتاج إلى موافقة", "اعتماد رئيس البلدية", "الدفاع المدني")
    salem.page.click("main form[action$='/review'] button[type=submit]")
    salem.sees("تم استلام طلبكم")
    number = re.sub(r"\D", "", salem.page.locator(".big-number bdi").first.inner_text())
    salem.open(f"/case/{number}").sees("الدفاع المدني", within="#now")
    return number


def _others_answer(stage: Stage, number: str) -> None:
    """The bodies and the inspector, each at his own desk."""
    hind = stage.actor("fda.hind", window=DESK).sign_in(next_path="/desk/")
    desk.done(desk.act(desk.open_case(hind, number), "approve", note="لا مانع لدينا."), number)
    stage.registers.answer("civil_defence", number, "approved")
    khalid = stage.actor("khalid").sign_in(next_path="/desk/")
    desk.open_case(khalid, number)
    for name in dict.fromkeys(
        str(one.get_attribute("name")) for one in khalid.page.locator("[name^='item.']").all()
    ):
        khalid.page.locator(f"label:has([name='{name}'][value=met])").first.click()
    khalid.shot("visit")
    desk.done(desk.act(khalid, "passed", note="المحل مطابق."), number)


def _returns(fahad: Actor, number: str) -> None:
    """The queue shows the case without anybody reloading it; papers stand beside the fields; two are remarked on."""
    fahad.open("/desk/?of=unit")
    link = fahad.page.locator(f"main a[href='/desk/case/{number}']")
    fahad.until(lambda: link.count() or _told_of_more(fahad), "the case in the queue", seconds=45)
    desk.open_case(fahad, number).sees(SHOP, "لا مانع لدينا.", "المحل مطابق.")
    answers, viewer = fahad.page.locator("#answer-unit_no"), fahad.page.locator("[data-doc-viewer]")
    fahad.until(lambda: fahad.page.locator("[data-doc-frame] > *").count(), "a paper")
    left, right = viewer.bounding_box(), answers.bounding_box()
    assert left and right and left["x"] + left["width"] <= right["x"] + 2, (
        "the papers do not stand beside the fields"
    )
    fahad.shot("officer")
    for field, words in REMARKS.items():
        desk.remark(fahad, field, "RSN-02", words)
    fahad.shot("remarks", at="#answer-unit_no")
    desk.done(desk.act(fahad, "return"), number)


def _told_of_more(fahad: Actor) -> bool:
    """The line that offers the new cases; pressing it shows them."""
    more = fahad.page.locator(".queue-fresh a")
    if not more.count():
        return False
    more.first.click()
    fahad.page.wait_for_load_state("load")
    return False


def _completes(salem: Actor, number: str) -> None:
    """Exactly the two fields are asked, the date has stopped, the case is with its owner."""
    salem.open(f"/case/{number}").sees("عندكم", *REMARKS.values(), "المدة متوقفة", within="#now")
    asked = salem.page.locator("form[action$='/complete']").locator("xpath=preceding-sibling::ul/li")
    assert asked.count() == 2, asked.all_inner_texts()
    salem.pair("returned")
    salem.page.click("form[action$='/complete'] button")
    answers = Answers({"unit_no": "9"}, {"facade": [applying.photo("الواجهة مع اللوحة")]})
    filling.fill(salem, answers)
    salem.page.click("main form[action$='/review'] button[type=submit]")
    salem.page.wait_for_url(f"**/case/{number}*")
    salem.sees_not("عندكم. نحتاج")


def _gets_it_back(fahad: Actor, number: str) -> None:
    """The same officer, without taking it over; two changes stand side by side."""
    desk.open_case(fahad, number, of="mine")
    assert fahad.page.locator("table.changes tbody tr").count() == 2
    assert fahad.page.locator("#answer-unit_no.is-changed").count() == 1
    fahad.pair("changed")
    desk.done(desk.act(fahad, "recommend", note="مستوف."), number)


def _section_head(stage: Stage, number: str) -> None:
    nora = stage.actor("nora", window=DESK).sign_in(next_path="/desk/")
    desk.done(desk.act(desk.open_case(nora, number), "recommend"), number)


def _head_on_a_phone(stage: Stage, number: str) -> None:
    """One page: who, where, what is unusual, who approved, what if refused; one fresh code."""
    head = stage.actor("abdulaziz").sign_in(next_path="/desk/")
    desk.open_case(head, number).sees("فهد", "نورة", SHOP, "غير المعتاد", "إن رُفضت")
    head.pair("head", at=".pane-case .sect:has(dl.kv)")
    desk.act(head, "approve")
    code = head.page.locator("#id_code, [name=code]").first
    head.until(code.is_visible, "the question for a fresh code")
    head.until(lambda: head.page.evaluate("document.activeElement.name") == "code", "the focus on the code")
    head.shot("code")
    code.fill(head.fresh_code())
    desk.done(desk.act(head, "approve"), number)


def _pays(stage: Stage, salem: Actor) -> None:
    salem.until(lambda: salem.page.locator("[data-copy]").count() == 2, "the bill", reload=True)
    biller, bill = [str(one.get_attribute("data-copy")) for one in salem.page.locator("[data-copy]").all()]
    stage.bank.pay(biller, bill)
    took = salem.until(
        lambda: salem.page.locator("main a[href*='/document/']").count(), "the licence", seconds=90
    )
    print(f"{took:.1f} s from payment to licence")


def _is_checked(stage: Stage, salem: Actor, number: str) -> None:
    """The code of the printed page leads to "valid"; a page added is found out, by us and by pdfsig."""
    address = salem.page.locator("main a[href*='/document/']").first.get_attribute("href")
    folder = stage.work / "w2"
    folder.mkdir(exist_ok=True)
    file = folder / f"{number}.pdf"
    file.write_bytes(salem.context.request.get(f"{stage.city.base}{address}").body())
    database = papers.trusting(stage.city.authority, folder)
    papers.expect_valid(file, database, signer=HEAD)
    visitor = stage.actor().open(papers.address_in_code(file))
    visitor.sees("سارية اليوم", HEAD, "هـ")
    visitor.shot("verified")
    _drop(visitor.page, file.name, file.read_bytes())
    visitor.sees("لم يتغير فيه شيء")
    _forged(visitor, file, database)


def _forged(visitor: Actor, file: Path, database: Path) -> None:
    forged = papers.with_a_page_added(file.read_bytes())
    changed = file.with_name("forged.pdf")
    changed.write_bytes(forged)
    assert "Total document signed" not in papers.signatures(changed, database)
    visitor.open("/v")
    _drop(visitor.page, "forged.pdf", forged)
    visitor.sees("عُدّلت بعد التوقيع").sees_not("لم يتغير فيه شيء")
    visitor.pair("forged")


def _drop(page: Page, name: str, content: bytes) -> None:
    page.set_input_files(
        "main input[type=file]", FilePayload(name=name, mimeType="application/pdf", buffer=content)
    )
    page.locator("form:has(input[type=file]) button[type=submit]").first.click()
    page.wait_for_load_state("load")
