"""W6: one case behind five doors, in two languages, two calendars and two kinds of digits."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final, Literal

import httpx
import pytest

from diwan.kit import clock
from diwan.kit.dates import in_words
from tests.journeys.city import Cast
from tests.walks import borrowed, filling
from tests.walks.stage import DESK, PHONE, Actor, Stage, squeeze

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.usefixtures("registers_tried_again")]

SHOP = "مشغل غرزة مريم"
APART, TOGETHER = "مشغل عبد الرحمن", "عبدالرحمن"
RIGHT = "right"
BY_HAND = "يتحقق موظف الرخص بنفسه"
#: 1448/06 has 29 days in the calendar of Umm al-Qura; the second day is 20 November 2018.
NO_SUCH_DAY, DEED_DAY, DEED_GREGORIAN = ("30", "6", "1448"), ("12", "3", "1440"), date(2018, 11, 20)
ALIF = str.maketrans("أإآى", "اااي")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.fixture(autouse=True)
def _as_it_was(stage: Stage) -> Iterator[None]:
    """In the end the registers are as they should be again."""
    yield
    stage.registers.reset()


def test_the_same_case_behind_five_doors(stage: Stage, people: Cast) -> None:
    """Every step of the walk, one after another."""
    maryam = borrowed.goes_on(stage, people.signed_in("maryam"), window=PHONE)
    answers = borrowed.tailor(trade_name_ar=APART)
    filling.begin(maryam, borrowed.INSTANT, name=SHOP)
    filling.fill(maryam, answers, stop_before=RIGHT)
    _deed_day(maryam)
    stage.registers.switch("commercial", "down")
    filling.fill(maryam, answers)
    number, secret = _sent(maryam)
    told = _api(stage, number, secret)
    _signed_in(maryam, number, told)
    _tracked(stage, number, secret, told)
    _at_the_desk(stage, number, told)
    _on_paper(stage, maryam, number, told)
    _digits(maryam, number)
    maryam.close()


def test_districts_stand_in_the_order_of_the_alphabet(stage: Stage) -> None:
    """With hamza above, below or none an alif is an alif."""
    anybody = stage.actor(window=PHONE).open("/reports/")
    names = [squeeze(one) for one in anybody.page.locator("select[name=district] option").all_inner_texts()][
        1:
    ]
    order = [name.removeprefix("ال").translate(ALIF) for name in names]
    assert any(one[0] == "ا" for one in order)
    assert len(order) > 20
    assert order == sorted(order), names
    anybody.close()


def _deed_day(maryam: Actor) -> None:
    """A day that the month has not is refused with the reason; a right one shows its Gregorian day at once."""
    page = maryam.page
    page.check("[name=right][value=deed]")
    page.locator("[name=deed_date-day]").wait_for()
    _types_day(maryam, NO_SUCH_DAY)
    maryam.sees("هذا الشهر 29 يوما")
    page.click(filling.NEXT)
    maryam.sees("29", within="[data-error-summary]")
    assert filling.key_of(maryam) == RIGHT
    maryam.pair("no-such-day", at="[name=deed_date-day]").accessible()
    _types_day(maryam, DEED_DAY)
    maryam.sees(_gregorian(DEED_GREGORIAN, "ar"))
    maryam.pair("deed-day", at="[name=deed_date-day]").accessible()
    maryam.switch_language().sees(_gregorian(DEED_GREGORIAN, "en")).switch_language()
    page.check("[name=right][value=lease]")


def _types_day(maryam: Actor, typed: tuple[str, str, str]) -> None:
    for part, value in zip(("day", "month", "year"), typed, strict=True):
        maryam.page.fill(f"[name=deed_date-{part}]", value.translate(ARABIC))


def _gregorian(day: date, language: Literal["ar", "en"]) -> str:
    return squeeze("".join(part.text for part in in_words(day, language, weekday=False)))


def _sent(maryam: Actor) -> tuple[str, str]:
    maryam.page.click("main form[action$='/review'] button[type=submit]")
    maryam.sees("تم استلام طلبكم")
    shown = [squeeze(one.inner_text()) for one in maryam.page.locator(".big-number").all()]
    number, secret = (re.sub(r"\D", "", (re.match(r"[\d-]+", one) or [""])[0]) for one in shown)
    return number, secret


def _api(stage: Stage, number: str, secret: str) -> dict[str, Any]:
    """What a program is told, once an officer has it; stage in both languages, and the expected day."""
    address = f"{stage.city.base}/api/v1/cases/{number}/status"
    for _ in range(120):
        answer = (
            httpx.get(address, headers={"X-Case-Secret": secret}, trust_env=False).raise_for_status().json()
        )
        if BY_HAND in answer["stage"]["ar"]:
            found: dict[str, Any] = answer
            return found
        time.sleep(0.5)
    raise AssertionError(answer)


def _stage(told: dict[str, Any], language: str) -> str:
    """The words of the stage; pages tell who has it in a line of its own."""
    words = str(told["stage"][language])
    return words.removeprefix("عندنا. ").removeprefix("With us. ")


def _day(told: dict[str, Any]) -> date:
    return clock.local(datetime.fromisoformat(told["expected"])).date()


def _signed_in(maryam: Actor, number: str, told: dict[str, Any]) -> None:
    maryam.open(f"/case/{number}").sees(_stage(told, "ar"), _gregorian(_day(told), "ar"), "هـ", within="#now")
    maryam.pair("signed-in")
    maryam.switch_language().sees(_stage(told, "en"), _gregorian(_day(told), "en"), within="#now")
    maryam.switch_language()


def _tracked(stage: Stage, number: str, secret: str, told: dict[str, Any]) -> None:
    """By number and secret, typed in Arabic digits; the language is changed before they are sent."""
    visitor = stage.actor(window=PHONE).open("/track")
    visitor.page.fill("main input[name=number]", number.translate(ARABIC))
    visitor.page.fill("main input[name=secret]", secret.translate(ARABIC))
    visitor.switch_language()
    assert visitor.typed() == {"number": number, "secret": secret}
    with visitor.page.expect_navigation():
        visitor.page.click("main form button.btn-primary")
    visitor.sees(_stage(told, "en"), _gregorian(_day(told), "en"), within="main").switch_language()
    visitor.sees(_stage(told, "ar"), _gregorian(_day(told), "ar"), within="main").pair("tracked")
    visitor.close()


def _at_the_desk(stage: Stage, number: str, told: dict[str, Any]) -> None:
    """The one box finds a name with a space by the name without; the desk reads what the applicant reads."""
    nora = stage.actor("nora", window=DESK).sign_in(next_path="/desk/")
    nora.page.locator("input[name=q]:visible").first.fill(TOGETHER)
    nora.page.keyboard.press("Enter")
    nora.page.wait_for_url("**/desk/search?**")
    link = nora.page.locator(f"main a[href='/desk/case/{number}']")
    nora.until(link.count, f"{TOGETHER} finds {APART}", reload=True)
    nora.sees(APART).pair("found-by-name")
    link.first.click()
    nora.page.wait_for_url(f"**/desk/case/{number}*")
    nora.sees(str(told["stage"]["ar"]), _gregorian(_day(told), "ar"), within=".pane-case").pair("desk")
    nora.switch_language().sees(str(told["stage"]["en"]), _gregorian(_day(told), "en"), within=".pane-case")
    nora.close()


def _on_paper(stage: Stage, maryam: Actor, number: str, told: dict[str, Any]) -> None:
    """The slip as it is printed now."""
    answer = maryam.context.request.get(f"{stage.city.base}/apply/slip/{number}/a4.pdf")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    file = stage.work / "w6.pdf"
    file.write_bytes(answer.body())
    words = ("pdftotext", "-layout", str(file), "-")
    printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    said = squeeze(re.sub("[\u202a-\u202e]", "", printed))
    assert str(told["stage"]["en"]) in said, said
    assert _gregorian(_day(told), "en") in said, said


def _digits(maryam: Actor, number: str) -> None:
    """Arabic-Indic digits on, on every number of the page; and off again."""
    year, arabic = "2026", "2026".translate(ARABIC)
    maryam.open(f"/case/{number}").sees(year).sees_not(arabic)
    for wanted, other in ((arabic, year), (year, arabic)):
        with maryam.page.expect_response("**/ui/preferences"):
            maryam.page.locator(".prefs-tools:visible [name=digits]").first.click()
        maryam.page.reload(wait_until="load")
        maryam.sees(wanted, within="#now").sees_not(other, within="#now")
        shown = maryam.page.locator("main bdi.num", has_text="-").first
        first, last = shown.evaluate(_ENDS)
        assert first < last, "the groups of the number stand in reverse"
        if wanted == arabic:
            maryam.shot("arabic-digits")


#: Where the first and the last digit of a number stand, from the left.
_ENDS: Final = """e => [0, e.textContent.length - 1].map(at => {
  const one = document.createRange();
  one.setStart(e.firstChild, at);
  one.setEnd(e.firstChild, at + 1);
  return one.getBoundingClientRect().left;
})"""
