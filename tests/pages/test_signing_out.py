"""An employee signs out at a shared workplace: Back shows nothing of the case."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.pages.conftest import Site

pytestmark = pytest.mark.browser


def test_back_shows_nothing_after_signing_out(site: Site, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    names = {"diwan_language": "ar", "ui_cookies": "all", "diwan_session": site.sessions["leaving"]}
    context.add_cookies([{"name": key, "value": value, "url": site.base} for key, value in names.items()])
    page = context.new_page()
    page.goto(site.base + site.paths["desk:case-officer-review"])
    shown = page.locator("h1").first.inner_text()
    assert "مطعم الاختبار" in page.content()
    page.locator("form[action='/sign-in/out'] button").first.click()
    page.wait_for_load_state()
    page.go_back()
    page.wait_for_load_state()
    assert "مطعم الاختبار" not in page.content()
    assert page.locator("h1").first.inner_text() != shown
    assert "/sign-in/staff" in page.url
    context.close()
