"""A call is taken by keyboard alone, in few strokes and one page; how long that takes is a figure and fails nothing."""

import os
from pathlib import Path

import pytest

from benchmarks import figures
from benchmarks.intake import figure, take_call
from tests.pages.conftest import Opener, Site
from tests.pages.listing import Sample

pytestmark = pytest.mark.browser
INTAKE = Sample("reports:intake", "supervisor").id
CALL = {"mobile": "0512345678", "name": "منيرة", "says": "زبالة متراكمة", "where": "الامانة"}
KEYS = sum(map(len, CALL.values()))
ON_THE_WAY = 7
"""Enter after each of four fields, past the type, on the place; and F9."""


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_call_is_taken_by_keyboard_in_few_strokes(site: Site, context_of: Opener, language: str) -> None:
    page = context_of("supervisor", language).new_page()
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(site.base + site.paths[INTAKE])
    hands = take_call(page, **CALL)
    assert (hands.strokes, hands.loads) == (KEYS + ON_THE_WAY, 1)
    measured = figure(hands)
    print("\n".join(figures.table([measured])), measured.note)
    if kept := os.environ.get("DIWAN_FIGURES"):
        Path(kept).write_text(f"{measured.as_data()}\n")
    page.keyboard.press("F4")
    page.wait_for_selector("#acts-title")
    told = page.locator("main").inner_text()
    assert CALL["says"] in told and CALL["name"] in told, told
    page.keyboard.press("F2")
    page.wait_for_selector("#id_mobile")
    assert page.evaluate("document.activeElement.name") == "mobile", "the next call begins where one types"
    page.close()
