"""Every page, enumerated from the addresses of the product, in Arabic and English: held to what a page has to hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
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
    """Every page in both languages. `./test` opens two of each address in Arabic, and of every twelfth the English one
    without axe, since that differs by its words and its direction; `--full` opens all of them and asks axe of each."""
    seen = Counter[str]()
    for sample in PAGES:
        seen[sample.view] += 1
        first = seen[sample.view] <= 2
        for language, often in (("ar", first), ("en", first and crc32(sample.id.encode()) % 12 == 0)):
            marks = [] if often else [pytest.mark.full]
            yield pytest.param(sample, language, id=f"{sample.id}-{language}", marks=marks)


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
