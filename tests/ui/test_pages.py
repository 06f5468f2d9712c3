"""Every room and component in both languages: nothing serious for axe, no sideways scroll, no fault in the console."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.ui.conftest import ROOT, Opener

pytestmark = pytest.mark.browser

PAGES = (
    "room/portal",
    "room/portal/components",
    "room/portal/form",
    "room/desk",
    "room/counter",
    "room/wall",
    "errors/404",
    "errors/500",
    "errors/offline",
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


def faults_of(page: Page) -> list[str]:
    """What axe finds on a page: rule and the first places."""
    page.add_script_tag(path=AXE)
    found: list[dict[str, Any]] = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}}).then(r => r.violations)", TAGS
    )
    return [f"{one['id']} ({one['impact']}): {[n['html'][:160] for n in one['nodes'][:3]]}" for one in found]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize("lang", ["ar", pytest.param("en", marks=pytest.mark.full)])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_holds_at_every_width(open_page: Opener, path: str, lang: str) -> None:
    page = open_page(path, lang=lang, bypass_csp=True)
    direction = "rtl" if lang == "ar" else "ltr"
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [lang, direction]
    assert faults_of(page) == []
    # 320 x 256 is a window of 1280 x 1024 at 400 % zoom.
    for width, height in ((320, 256), (390, 740), (768, 900), (1024, 768), (1920, 1080), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        assert sideways(page) <= 0, f"{path} {lang} at {width}"
    assert faults_of(page) == []


@pytest.mark.parametrize("path", ["room/portal/components", "room/portal/form", "room/desk"])
def test_largest_text_and_high_contrast_hold_too(open_page: Opener, path: str) -> None:
    chosen = {"ui_text": "2", "ui_contrast": "high"}
    page = open_page(path, width=320, cookies=chosen, bypass_csp=True)
    assert (
        page.evaluate("document.documentElement.className.split(' ').sort().join(' ')")
        == "contrast-high js text-2"
    )
    assert sideways(page) <= 0
    assert faults_of(page) == []


def test_forced_colours_and_reduced_motion_keep_the_focus_visible(open_page: Opener) -> None:
    page = open_page("room/portal/form", forced_colors="active", reduced_motion="reduce", bypass_csp=True)
    page.locator("#id_trade_name").focus()
    assert page.locator("#id_trade_name").evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    assert faults_of(page) == []


def test_our_font_draws_both_scripts(open_page: Opener) -> None:
    page = open_page("room/portal/components")
    loaded = page.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.unicodeRange.slice(0, 6))"
    )
    assert {"U+600-", "U+20-7"} <= set(loaded)


def test_the_counter_fits_one_screen(open_page: Opener) -> None:
    page = open_page("room/counter", width=1366, height=768)
    assert page.evaluate("document.documentElement.scrollHeight - window.innerHeight") <= 0


def test_touch_targets_of_the_wall_are_large(open_page: Opener) -> None:
    page = open_page("room/wall", width=1280)
    heights = page.locator("main a, main button").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().height)"
    )
    assert all(height >= 48 for height in heights)


def test_the_desk_sets_list_case_and_documents_side_by_side(open_page: Opener) -> None:
    page = open_page("room/desk", width=1280, height=800)
    places = [page.locator(f".pane-{name}").bounding_box() for name in ("list", "case", "documents")]
    tops = {round(box["y"]) for box in places if box}
    lefts = [box["x"] for box in places if box]
    assert len(tops) == 1 and lefts == sorted(lefts, reverse=True)
    nav = page.locator(".desk-nav").bounding_box()
    assert nav is not None and nav["x"] > lefts[0]
    assert page.locator(".row-list a").first.evaluate("e => getComputedStyle(e).lineHeight") == "24px"
