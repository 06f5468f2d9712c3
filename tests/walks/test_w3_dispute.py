"""W3: a report without a location, closed with proof, disputed, judged by somebody else, confirmed and rated."""

from __future__ import annotations

import re
import time

import pytest

from diwan.kit import clock
from diwan.notify.timing import after_night
from tests.walks import reporting
from tests.walks.stage import DESK, PHONE, Actor, Stage, squeeze

pytestmark = [pytest.mark.browser, pytest.mark.full]

STREET = "شارع الأمانة"
NORTH = 30 / 111_320
"""Thirty metres in degrees of latitude."""
SAMI, LAMA = "سامي عادل يوسف المدار", "لمى سعد إبراهيم الساري"
DONE = "رفعنا النفايات وغسلنا الموقع."


def test_a_report_disputed_and_confirmed(stage: Stage) -> None:
    """Every step of the walk, one after another."""
    tail = f"{time.time_ns() // 1000 % 10**7:07d}"
    reporter, place = _tells(stage)
    neighbour = _neighbour(stage, place, f"057{tail}")
    _is_offered(reporter, neighbour)
    number = _sends(stage, reporter, f"058{tail}")
    after = stage.catcher.last()
    crew = _crew_works(stage, number)
    _judged(stage, "sami", number, "fixed")
    _disputes(stage, reporter, f"+96658{tail}", after)
    _goes_to_another(stage, number)
    after = stage.catcher.last()
    _closes(crew, number, shade=60)
    _judged(stage, "sami", number, "fixed")
    _confirms(stage, reporter, f"+96658{tail}", after)
    dana = stage.actor("dana", window=DESK).sign_in(next_path=f"/desk/case/{number}")
    _names_differ(dana)
    _is_done_with(dana, neighbour)


def _tells(stage: Stage) -> tuple[Actor, tuple[float, float]]:
    """Words, type, an 8 MB photo, and a place without permission to know where the telephone is."""
    reporter = stage.actor(window=PHONE)
    reporting.begin(reporter, "زبالة")
    kinds = reporter.page.eval_on_selector_all("#found button[name=type]", "all => all.map(e => e.value)")
    assert 1 <= len(kinds) <= 3 and kinds[0].startswith("RPT-01"), kinds
    reporter.sees("زبالة", within="#found").pair("types").accessible()
    reporting.choose(reporter)
    reporting.attach(reporter, "photos", reporting.big_photo(8))
    reporter.page.click("[data-locate]")
    reporter.sees("تعذر تحديد الموقع. اختر شارعا أو معلما").shot("denied", at="#where-title")
    place = reporting.find_street(reporter, STREET)
    reporter.page.fill("[name=landmark]", "خلف مسجد النور")
    reporter.pair("street", at="#where-title").accessible()
    return reporter, place


def _neighbour(stage: Stage, place: tuple[float, float], mobile: str) -> str:
    """Somebody who lets the telephone say where it is reports the same 30 m to the north; the number."""
    where = {"latitude": place[0] + NORTH, "longitude": place[1], "accuracy": 6}
    neighbour = stage.actor(window=PHONE, geolocation=where, permissions=["geolocation"])
    reporting.choose(reporting.begin(neighbour, "زبالة"))
    neighbour.page.click("[data-locate]")
    neighbour.sees("6 م", within="[data-pin-text]")
    reporting.go_on(neighbour)
    if neighbour.path().endswith("/near"):  # the report of an earlier walk
        _presses_new(neighbour)
    reporting.prove(stage, neighbour, mobile)
    number = _big_numbers(neighbour)[0]
    neighbour.open(f"/reports/seen/{number}").until(
        lambda: _shown(number) in neighbour.text(), "the report in public", reload=True
    )
    neighbour.close()
    return number


def _presses_new(actor: Actor) -> None:
    with actor.page.expect_navigation():
        actor.page.click("button[name=do][value=new]")


def _big_numbers(actor: Actor) -> list[str]:
    shown = [squeeze(one.inner_text()) for one in actor.page.locator(".big-number").all()]
    return [re.sub(r"\D", "", (re.match(r"[\d-]+", one) or [""])[0]) for one in shown]


def _is_offered(reporter: Actor, neighbour: str) -> None:
    """The neighbour's report is offered: first followed, then, thought better of, a new one."""
    reporting.go_on(reporter)
    offered = reporter.page.locator(".report-near li", has_text="على بعد 30 م").filter(
        has_text=_shown(neighbour)
    )
    assert offered.count() == 1, reporter.text("main")
    reporter.sees("أتابعه", "لا، بلاغ جديد").pair("offered").accessible()
    with reporter.page.expect_navigation():
        offered.locator("button[name=follow]").click()
    reporter.sees("كيف نتواصل معكم؟").sees_not("الاسم")
    with reporter.page.expect_navigation():
        reporter.page.go_back()
    _presses_new(reporter)


def _shown(number: str) -> str:
    return "-".join((number[:3], number[3:7], number[7:]))


def _sends(stage: Stage, reporter: Actor, mobile: str) -> str:
    """Number, code, and the expected day with its hour in both calendars."""
    reporting.prove(stage, reporter, mobile, name="منيرة")
    reporter.sees("تم استلام بلاغكم", "المتوقع قبل", "هـ", "م")
    assert re.search(r"\d{1,2}:\d{2}", reporter.text(".ticket")), reporter.text(".ticket")
    reporter.pair("receipt").accessible()
    return _big_numbers(reporter)[0]


def _crew_works(stage: Stage, number: str) -> Actor:
    """The crew's telephone does not say where it is either: the closing will be looked at. No photo, no closing."""
    crew = stage.actor("naqa.hamad", window=PHONE).sign_in(next_path="/reports/work")
    link = crew.page.locator(f"main a[href='/reports/work/{number}']")
    crew.until(link.count, "the report in the list of the crew", reload=True)
    crew.pair("crew-list")
    link.first.click()
    crew.page.wait_for_url(f"**/reports/work/{number}")
    crew.sees("خلف مسجد النور").page.fill("[name=words]", DONE)
    _presses_done(crew)
    crew.sees("أضيفوا صورة قبل العمل", within="[data-error-summary]")
    assert crew.typed()["words"] == DONE
    crew.pair("without-photos").accessible()
    _closes(crew, number, shade=30)
    return crew


def _presses_done(crew: Actor) -> None:
    """The device is asked where it is, the answer of the server stands on the page afterwards."""
    with crew.page.expect_response(lambda answer: answer.request.method == "POST" and "/done" in answer.url):
        crew.page.click("#work .work-acts button.btn-primary")


def _closes(crew: Actor, number: str, *, shade: int) -> None:
    """Photos before and after, plain words, closed."""
    address = f"/reports/work/{number}"
    if not crew.path().startswith(address):
        crew.open("/reports/work")
        link = crew.page.locator(f"main a[href='{address}']")
        crew.until(link.count, "the report is back in the list of the crew", reload=True)
        crew.open(address).sees("عاد البلاغ إليكم", DONE).shot("back-at-the-crew")
    reporting.attach(crew, "_before", reporting.photo(shade))
    reporting.attach(crew, "_after", reporting.photo(shade + 150))
    crew.page.fill("[name=words]", DONE)
    _presses_done(crew)
    crew.page.wait_for_url("**/reports/work")


def _judged(stage: Stage, name: str, number: str, outcome: str) -> None:
    """A verifier looks at before and after and decides by one tap."""
    judge = _at_the_judgement(stage, name, number)
    judge.until(
        judge.page.locator(f"button[form=judgement][value={outcome}]").count, "the judgement", reload=True
    )
    judge.sees(DONE)
    with judge.page.expect_navigation():
        judge.page.click(f"button[form=judgement][value={outcome}]")
    judge.sees("سجل حكمكم").close()


def _at_the_judgement(stage: Stage, name: str, number: str) -> Actor:
    judge = stage.actor(name, window=DESK).sign_in(next_path="/reports/judge")
    address = f"/reports/judge/{number}"
    judge.until(judge.page.locator(f"a[href='{address}']").count, f"the report before {name}", reload=True)
    return judge.open(address)


def _link_to(stage: Stage, mobile: str, after: int, words: str) -> str:
    """The link of the message with these words to the reporter, as tapped on the telephone."""
    message = stage.catcher.wait(
        lambda one: one["kind"] == "sms" and one["recipient"] == mobile and words in one["text"],
        after=after, what=words,
    )  # fmt: skip
    found = re.search(r"https?://\S+", message["text"])
    assert found is not None, message
    return found.group().rstrip(".")


def _disputes(stage: Stage, reporter: Actor, mobile: str, after: int) -> None:
    """The link of the message shows both photos; it is not fixed, with a photo of how it is now."""
    reporter.open(_link_to(stage, mobile, after, "عولجت المشكلة"))
    reporter.sees("هل عولجت المشكلة؟", DONE).pair("done").accessible()
    reporter.page.click("details:has([value=dispute]) summary")
    reporter.page.locator("details [name=reason]").first.check()
    reporter.page.fill("details [name=note]", "الحاوية ما زالت ممتلئة.")
    reporter.page.set_input_files("details [name=photo]", [reporting.photo(200)])
    reporter.shot("dispute", at="details:has([value=dispute])")
    with reporter.page.expect_navigation():
        reporter.page.click("details button[value=dispute]")
    reporter.sees("يتحقق منه موظف غير الذي قبله").pair("disputed")


def _goes_to_another(stage: Stage, number: str) -> None:
    """Who verified it reads that a colleague judges; the colleague finds the reporter right."""
    sami = _at_the_judgement(stage, "sami", number)
    sami.sees("يحكم في هذا البلاغ زميل آخر")
    assert not sami.page.locator("button[form=judgement]").count()
    sami.shot("not-the-same")
    sami.close()
    lama = _at_the_judgement(stage, "lama", number)
    lama.sees("الحاوية ما زالت ممتلئة.", DONE).pair("the-other-verifier").accessible()
    lama.page.locator("#judgement select[name=reason]").select_option(index=1)
    with lama.page.expect_navigation():
        lama.page.click("button[form=judgement][value=not_fixed]")
    lama.sees("سجل حكمكم").close()


def _rating_of(stage: Stage, reporter: Actor, mobile: str, after: int) -> str:
    """The link of the message; at night, when that waits for the morning, the one on the page of the report."""
    if after_night(clock.real_now()) is None:
        return _link_to(stage, mobile, after, "/rate/")
    link = reporter.page.locator("main a[href*='/rate/']")
    reporter.until(link.count, "the way to the rating", reload=True)
    return str(link.first.get_attribute("href"))


def _confirms(stage: Stage, reporter: Actor, mobile: str, after: int) -> None:
    """After the second work it is fixed; closed, and rated with a reason by the link for one use."""
    reporter.open(_link_to(stage, mobile, after, "عولجت المشكلة"))
    with reporter.page.expect_navigation():
        reporter.page.click("button[value=confirm]")
    reporter.sees("تم تسجيل التأكيد").pair("confirmed")
    reporter.open(_rating_of(stage, reporter, mobile, after)).sees("تقييم")
    reporter.page.locator("[name=score][value='5']").check()
    reason = reporter.page.locator("[name=high]").first
    reason.check()
    reporter.pair("rating").accessible()
    with reporter.page.expect_navigation():
        reporter.page.click("main form.rating button.btn-primary")
    reporter.sees("وصلنا تقييمكم").shot("rated")
    reporter.close()


def _names_differ(dana: Actor) -> None:
    """The history names both verifiers, each at what he judged."""
    rows = [squeeze(one) for one in dana.page.locator(".timeline li").all_inner_texts()]
    verified = [row for row in rows if SAMI in row]
    disputed = [row for row in rows if LAMA in row]
    assert len(verified) == 2 and len(disputed) == 1, rows
    assert not set(verified) & set(disputed)
    dana.pair("history", at=".timeline")


def _is_done_with(dana: Actor, number: str) -> None:
    """The walk can be walked again: the supervisor takes the neighbour's report off the list."""
    dana.open(f"/desk/case/{number}")
    form = f"form[action='/desk/case/{number}/cancel']"
    dana.page.click(f"details:has({form}) summary")
    dana.page.locator(f"{form} select").select_option(index=1)
    with dana.page.expect_navigation():
        dana.page.click(f"{form} button")
    dana.close()
