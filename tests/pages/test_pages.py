"""Every page, enumerated from the addresses of the product, in Arabic and English: held to what a page has to hold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any
from zlib import crc32

import pytest

from tests.matrix.test_matrix import views
from tests.pages.conftest import Opener, Site
from tests.pages.listing import NO_PAGES, PAGES, Sample
from tests.pages.looking import Look, Weights, fonts_drawn

pytestmark = pytest.mark.browser

_weights = Weights()


def test_every_address_has_a_sample_or_shows_no_page() -> None:
    sampled = {sample.view for sample in PAGES if sample.view}
    assert sampled & set(NO_PAGES) == set()
    assert sorted(views()) == sorted(sampled | set(NO_PAGES))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_our_font_is_plex(site: Site, context_of: Opener, language: str) -> None:
    """Not the name that we give it: the font that the browser draws both scripts with."""
    look = Look(context_of("anonymous", language), site.base, _weights)
    look.open("/", 200)
    drawn = fonts_drawn(look.page, "body")
    look.close()
    assert drawn
    assert all(name.startswith("IBM Plex") for name in drawn), drawn


def _looks() -> Iterator[Any]:
    """Every page in both languages. Of the English ones five of six are opened with `--full` alone, and axe asks them
    there: what differs from the Arabic page are its words and its direction."""
    for sample, language in product(PAGES, ("ar", "en")):
        seldom = language == "en" and crc32(sample.id.encode()) % 6
        yield pytest.param(
            sample, language, id=f"{sample.id}-{language}", marks=[pytest.mark.full] if seldom else []
        )


@pytest.mark.parametrize(("sample", "language"), list(_looks()))
def test_a_page_holds(
    site: Site, context_of: Opener, sample: Sample, language: str, pytestconfig: pytest.Config
) -> None:
    asks = language == "ar" or pytestconfig.getoption("--full")
    look = Look(context_of(sample.reader, language), site.base, _weights)
    try:
        look.open(site.paths[sample.id], sample.status)
        at_desk = sample.view.startswith("desk:")
        home = (1280, 800) if at_desk else (390, 740)
        look.examine(language, home=home, barriers=asks, most=sample.most)
    finally:
        look.close()
    assert not look.faults, "\n".join(look.faults)
