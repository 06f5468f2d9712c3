"""The instant licence from signing in to the page of the request, in a browser whose scripts are off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests import cast
from tests.pages.conftest import Site
from tests.pages.messenger import latest_code

pytestmark = pytest.mark.browser

TAILOR = "952902"
MOST_PAGES = 12
ANSWERS: dict[str, Any] = {
    "premises_type": "street_shop", "area_m2": "٤٠", "openings": "1", "floor": "الأرضي", "unit_no": "7",
    "right": "lease", "lease_number": "10203040770", "has_sign": "no", "cleaning": "fee", "workers": "3", "years": "1",
    "wants_card": "no", "declares_truth": "1", "declares_requirements": "1", "declares_privacy": "1",
    "declares_safety": "1",
}  # fmt: skip
SEARCHED = {"activities": "خياطة", "place": "شارع الأمانة"}
DAYS = {"lease_start": ("1", "1", "2026"), "lease_end": ("31", "12", "2030")}


@pytest.fixture
def plain(site: Site, browser: Browser) -> Iterator[BrowserContext]:
    """A browser that runs no script, in Arabic."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 740})
    context.add_cookies([{"name": "diwan_language", "value": "ar", "url": site.base}])
    yield context
    context.close()


def test_the_instant_licence_needs_no_script(site: Site, plain: BrowserContext, tmp_path: Path) -> None:
    photo = tmp_path / "facade.jpg"
    photo.write_bytes(cast.picture().read())
    page = plain.new_page()
    _sign_in(page, site)
    page.goto(f"{site.base}/services/{cast.INSTANT}")
    page.locator(f"a[href='/apply/start/{cast.INSTANT}']").first.click()
    page.locator("input[name=capacity][value^=establishment]").first.check()
    page.locator("main form[data-once] button[type=submit]").click()
    for _ in range(MOST_PAGES):
        if page.url.endswith("/review"):
            break
        _answer(page, photo)
    assert page.url.endswith("/review"), page.locator("main").inner_text()
    assert page.locator("form[data-once] button[type=submit]").count() == 1, page.locator("main").inner_text()
    page.locator("form[data-once] button[type=submit]").click()
    assert page.url.endswith("/receipt"), page.locator("main").inner_text()
    assert (
        page.locator("h1").inner_text().strip() == "استلمنا طلبكم" or "طلب" in page.locator("h1").inner_text()
    )
    assert page.locator(".big-number").count() == 2
    page.locator(".btn-row a.btn-primary").click()
    assert "/case/" in page.url
    assert page.locator("h1").count() == 1
    assert "عندنا" in page.locator("main").inner_text()


def _sign_in(page: Page, site: Site) -> None:
    """Maryam, by her residence number in Arabic digits and the code that was sent."""
    page.goto(f"{site.base}/sign-in/")
    page.fill("input[name=login]", "٢١٢٣٤٥٦٧٨٨")
    page.locator("main form:has(input[name=login]) button.btn-primary").first.click()
    assert page.url.endswith("/sign-in/code")
    page.fill("input[name=code]", latest_code(site.data))
    page.locator("main form:has(input[name=code]) button.btn-primary").first.click()
    assert page.url.rstrip("/").endswith("/my"), page.locator("main").inner_text()


def _answer(page: Page, photo: Path) -> None:
    """Answer what the page asks, search where it lets search, attach the photo, and go on."""
    asked = [name.removeprefix("asked-") for name in _names(page) if name.startswith("asked-")]
    for name, words in SEARCHED.items():
        if name in asked and not page.locator(f"ul.lookup-chosen input[name={name}]").count():
            page.fill(f"input[name={name}-find]", words)
            page.locator(f"button[name=look][value={name}]").click()
            found = f"input[name={name}-pick]" if name == "place" else f"input[name={name}][value='{TAILOR}']"
            page.locator(found).first.check()
    for name in asked:
        if name in ANSWERS:
            _type(page, name, str(ANSWERS[name]))
        for part, value in zip(("day", "month", "year"), DAYS.get(name, ()), strict=False):
            page.fill(f"input[name={name}-{part}]", value)
        if name in DAYS:
            _choose(page, f"{name}-calendar", "gregorian")
    for slot in page.locator("input[type=file]").all():
        slot.set_input_files(str(photo))
    page.locator("form#application .btn-row button.btn-primary").click()


def _type(page: Page, name: str, value: str) -> None:
    field = page.locator(f"form#application [name='{name}']").first
    kind = field.get_attribute("type") or ""
    if kind in ("radio", "checkbox") or field.evaluate("e => e.tagName") == "SELECT":
        _choose(page, name, value)
    else:
        field.fill(value)


def _choose(page: Page, name: str, value: str) -> None:
    field = page.locator(f"form#application [name='{name}']").first
    if field.evaluate("e => e.tagName") == "SELECT":
        field.select_option(value)
    else:
        page.locator(f"form#application [name='{name}'][value='{value}']").first.check()


def _names(page: Page) -> list[str]:
    found: list[str] = page.locator("form#application [name]").evaluate_all("all => all.map(e => e.name)")
    return found
