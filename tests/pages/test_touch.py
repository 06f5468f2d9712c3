"""The page of a visit in one hand, with gloves, in the sun: what is pressed is 48 pixels high, photos travel small."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image
from playwright.sync_api import FilePayload

from tests.pages.conftest import Opener, Site

pytestmark = pytest.mark.browser

_SMALL = """() => [...document.querySelectorAll('main a, main button, main select, main summary, main label.choice,'
    + ' main input:not([type=hidden]):not([type=radio]), main textarea')]
  .filter((e) => e.checkVisibility())
  .map((e) => [e.tagName, (e.innerText || e.name || '').trim().slice(0, 30), e.getBoundingClientRect().height])
  .filter((found) => found[2] < 47.5)"""


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_visit_is_made_with_one_thumb(site: Site, context_of: Opener, language: str) -> None:
    page = context_of("inspector", language).new_page()
    try:
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(site.base + site.paths["desk:case-inspector-visit"])
        assert page.locator("label.choice").count() > 20
        for folded in page.locator("details.visit-remarks > summary").all():
            folded.click()
        assert page.evaluate(_SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    finally:
        page.close()


def test_photos_of_a_visit_are_made_smaller_before_they_travel(site: Site, context_of: Opener) -> None:
    big = io.BytesIO()
    Image.effect_noise((3000, 2250), 90).convert("RGB").save(big, "JPEG", quality=95)
    page = context_of("inspector", "ar").new_page()
    try:
        page.goto(site.base + site.paths["desk:case-inspector-visit"])
        photo = FilePayload(name="IMG_1.jpg", mimeType="image/jpeg", buffer=big.getvalue())
        page.set_input_files("#id_photo", [photo])
        small = f"document.getElementById('id_photo').files[0].size < {len(big.getvalue()) // 2}"
        until = time.monotonic() + 30
        # Asked from outside: the policy of the page forbids it to evaluate a string itself.
        while not page.evaluate(small):
            assert time.monotonic() < until
            page.wait_for_timeout(100)
        assert page.evaluate("document.getElementById('id_photo').form.uploads") == 0
    finally:
        page.close()
