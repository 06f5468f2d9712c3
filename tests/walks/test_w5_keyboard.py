"""W5: a day at the desk without a mouse, under an Arabic keyboard; and what low vision needs."""

from __future__ import annotations

import re

import pytest

from tests.walks.keyboard import Keyboard
from tests.walks.stage import DESK, Actor, Stage

pytestmark = [pytest.mark.browser, pytest.mark.full]

#: A window of 1280 x 1024 at 400 % zoom.
ZOOMED = {"width": 320, "height": 256}
NOTE = "الأوراق مطابقة، ولا ملاحظات."


def test_by_keyboard_alone(stage: Stage) -> None:
    """From signing in through queue, open, note, approve and next; then the act is taken back."""
    wafa = stage.actor("wafa", window=DESK)
    keyboard = Keyboard(wafa)
    _signs_in(wafa, keyboard)
    _help(wafa, keyboard)
    number = _opens_her_case(wafa, keyboard)
    _notes(wafa, keyboard)
    _approves(wafa, keyboard, number)


def test_low_vision(stage: Stage) -> None:
    """Zoom of 400 %, larger text, forced colours; axe in both languages; what a screen reader reads."""
    wafa = stage.actor("wafa", window=DESK).sign_in(next_path="/desk/?of=unit")
    case = str(wafa.page.locator("main tbody tr:has(.tag-error) a").first.get_attribute("href"))
    _reads_aloud(wafa, case)
    pages = ("/desk/?of=unit", "/desk/?of=mine", case)
    for path in pages:
        wafa.open(path).accessible()
        wafa.switch_language().accessible().switch_language()
    _zooms(wafa, pages)
    _reads_larger(wafa, case)
    _forced_colours(wafa, case)
    stranger = stage.actor(window=DESK).open("/sign-in/staff").accessible()
    stranger.switch_language().accessible()


def _signs_in(wafa: Actor, keyboard: Keyboard) -> None:
    wafa.open("/sign-in/staff?next=/desk/?of=unit")
    keyboard.tab_to("main input[name=username]")
    keyboard.write(wafa.known["login"])
    keyboard.tab_to("main input[name=password]")
    keyboard.write(wafa.known["password"])
    keyboard.leads("Enter")
    keyboard.tab_to("main input[name=code]")
    keyboard.write(wafa.fresh_code())
    keyboard.leads("Enter")
    assert "/desk/" in wafa.path(), wafa.text("main")


def _help(wafa: Actor, keyboard: Keyboard) -> None:
    """The list of keys, in Arabic, by the key with the question mark."""
    keyboard.key("Shift+Slash")
    shown = wafa.text("dialog[open]")
    for words in ("اختصارات", "مهامي", "السطر التالي"):
        assert words in shown, f"{words}: {shown}"
    keyboard.seen()
    wafa.shot("keys")
    keyboard.press("Escape")
    assert not wafa.page.locator("dialog[open]").count()
    keyboard.key("Slash")
    assert wafa.page.evaluate("document.activeElement.matches('[data-number-box]')"), "no number box"
    keyboard.seen()
    keyboard.press("Escape")


def _opens_her_case(wafa: Actor, keyboard: Keyboard) -> str:
    """Down the list by one key, and up, then her own work: open by Enter."""
    keyboard.key("KeyJ")
    keyboard.seen()
    first = wafa.page.evaluate("document.activeElement.href")
    keyboard.key("KeyJ")
    keyboard.seen()
    wafa.shot("queue")
    assert wafa.page.evaluate("document.activeElement.href") != first, "the key does not move down"
    keyboard.key("KeyK")
    assert wafa.page.evaluate("document.activeElement.href") == first, "the key does not move up"
    keyboard.leads("KeyM")
    keyboard.key("KeyJ")
    keyboard.seen()
    number = str(wafa.page.evaluate("document.activeElement.pathname")).rpartition("/")[2]
    keyboard.leads("Enter")
    assert wafa.path().startswith(f"/desk/case/{number}")
    return number


def _notes(wafa: Actor, keyboard: Keyboard) -> None:
    """A note; while one types, a letter is a letter."""
    keyboard.key("KeyO")
    assert wafa.page.evaluate("document.activeElement.id") == "id_note", "the key does not lead to the note"
    keyboard.seen()
    keyboard.write(NOTE)
    keyboard.key("KeyA")
    assert wafa.page.input_value("#id_note") == NOTE + "ش"
    keyboard.press("Backspace")
    wafa.until(lambda: "حُفظ" in wafa.text("[data-autosave-note]"), "the note is saved")
    wafa.pair("note")
    keyboard.press("Escape")


def _approves(wafa: Actor, keyboard: Keyboard, number: str) -> None:
    """The approval, the next case of the list, and back again by "take it back"."""
    keyboard.key("KeyA")
    undo = wafa.page.locator(f"form[action='/desk/case/{number}/undo']")
    wafa.until(undo.count, "the act was not taken")
    keyboard.key("KeyJ")
    keyboard.seen()
    keyboard.leads("Enter")
    assert "/desk/case/" in wafa.path() and number not in wafa.path()
    keyboard.leads("KeyZ")
    wafa.open(f"/desk/case/{number}")
    assert wafa.page.locator("[name=outcome]").count(), "the case did not come back"
    keyboard.leads("KeyG")
    assert "of=mine" in wafa.path()


def _reads_aloud(wafa: Actor, case: str) -> None:
    """The number digit by digit, and lateness in words, not by colour."""
    number = re.sub(r"\D", "", case)
    digits = " ".join(number)
    aloud = wafa.page.locator("main").aria_snapshot()
    assert f'link "{digits}"' in aloud, aloud[:3000]
    row = wafa.page.locator("main tbody tr", has=wafa.page.locator(f"a[href='{case}']"))
    assert "متأخر" in row.aria_snapshot(), row.aria_snapshot()
    heading = wafa.open(case).page.locator("header h1").last.aria_snapshot()
    assert digits in heading, heading
    assert "متأخر" in wafa.text("header.case-header")


def _zooms(wafa: Actor, pages: tuple[str, ...]) -> None:
    for path in (*pages, "/", "/sign-in/staff"):
        wafa.page.set_viewport_size({"width": ZOOMED["width"], "height": ZOOMED["height"]})
        wafa.open(path).sound()
    wafa.open(pages[-1]).pair("zoom-400", at=".case-header")
    wafa.page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def _reads_larger(wafa: Actor, case: str) -> None:
    """The button of the reading tools, pressed by keyboard."""
    keyboard = Keyboard(wafa)
    wafa.open(case)
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    before = wafa.page.evaluate(size)
    wafa.page.locator("button[name=text][value='2']").first.focus()
    keyboard.press("Enter")
    wafa.until(lambda: wafa.page.evaluate(size) > before, "the text is not larger")
    wafa.page.evaluate("scrollTo(0, 0)")
    wafa.shot("larger")
    wafa.page.locator("button[name=text][value='0']").first.focus()
    keyboard.press("Enter")
    wafa.until(lambda: wafa.page.evaluate(size) == before, "the text is not as before")


def _forced_colours(wafa: Actor, case: str) -> None:
    """Colours of the reader's own: the focus and what is pressed keep their outlines."""
    wafa.page.emulate_media(forced_colors="active")
    keyboard = Keyboard(wafa)
    wafa.open(case)
    for _ in range(25):
        keyboard.press("Tab")
        keyboard.seen()
    wafa.shot("forced-colours")
    wafa.page.emulate_media(forced_colors="none")
