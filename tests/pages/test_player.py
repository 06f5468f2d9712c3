"""A voice note at the desk: three speeds by keyboard that hold for the session; the plain player without a script."""

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from tests.pages.conftest import Opener, Site
from tests.pages.listing import Sample

pytestmark = pytest.mark.browser
WORK = Sample("reports:work_page", "body", "work").id
_HEARD = """() => [...document.querySelectorAll("[data-player]")].map(box => [box.querySelector("audio").playbackRate,
  [...box.querySelectorAll("[aria-pressed=true]")].map(one => one.textContent).join()])"""


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {selector}")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_speeds_by_keyboard_hold_for_the_session(site: Site, context_of: Opener, language: str) -> None:
    page = context_of("body", language).new_page()
    page.goto(site.base + site.paths[WORK])
    assert page.evaluate(_HEARD) == [[1, "1×"]]
    tab_to(page, "[data-speed='1.5']")
    page.keyboard.press("Enter")
    assert page.evaluate(_HEARD) == [[1.5, "1.5×"]]
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.evaluate(_HEARD) == [[2, "2×"]]
    page.reload()
    assert page.evaluate(_HEARD) == [[2, "2×"]]
    fresh = context_of("body", language).new_page()
    fresh.goto(site.base + site.paths[WORK])
    assert fresh.evaluate(_HEARD) == [[1, "1×"]], "another window begins as usual"
    fresh.close()
    page.close()


def test_without_a_script_the_plain_player_stands_there(site: Site, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": site.sessions["body"], "url": site.base}]
    )
    page = context.new_page()
    page.goto(site.base + site.paths[WORK])
    assert page.locator(".player audio[controls]").is_visible()
    assert not page.locator("[data-speed]").first.is_visible()
    context.close()
