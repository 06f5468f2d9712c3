"""The photos before and after the work, one over the other: each says which it is, on the side where it is seen."""

import pytest

from tests.pages.conftest import Opener, Site
from tests.pages.listing import Sample

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["ar", "en"])
def test_each_photo_is_named_on_its_side(site: Site, context_of: Opener, language: str) -> None:
    page = context_of("anonymous", language).new_page()
    page.goto(site.base + site.paths[Sample("reports:report", object="report").id])
    photos = page.locator(".before-after.is-sliding")
    around = photos.bounding_box()
    before = photos.locator("figure[data-before] figcaption").bounding_box()
    after = photos.locator("figure:not([data-before]) figcaption").bounding_box()
    page.close()
    assert around and before and after
    middle = around["x"] + around["width"] / 2
    assert before["x"] + before["width"] < middle < after["x"]
