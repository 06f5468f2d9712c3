"""Queue, morning list and case on paper: the whole width, tables as tables, nothing to press."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Opener, Site

pytestmark = pytest.mark.browser

A4 = {"width": 680, "height": 960}
WIDE = {"width": 1280, "height": 800}
PAGES = (
    ("section_head", "desk:home-section_head-?of=unit"),
    ("section_head", "desk:morning-section_head-?of=unit"),
    ("officer", "desk:case-officer-review"),
)
_FAULTS = """() => {
  const shown = (e) => e.checkVisibility();
  const pressed = 'nav.desk-nav, button, select, input, textarea, .site-header, .bulk-bar';
  const faults = [...document.querySelectorAll(pressed)].filter(shown)
    .map((e) => `${e.tagName.toLowerCase()}.${e.className} is printed`);
  const main = document.querySelector('main').getBoundingClientRect().width;
  const pane = [...document.querySelectorAll('.pane')].filter(shown).map((e) => e.getBoundingClientRect().width);
  if (!pane.length || Math.max(...pane) < 0.95 * main) faults.push(`a pane has ${pane} of ${main}`);
  for (const row of document.querySelectorAll('main tbody tr')) {
    if (shown(row) && getComputedStyle(row).display !== 'table-row') faults.push('a table is no table');
  }
  if (document.documentElement.scrollWidth > innerWidth + 1) faults.push('wider than the paper');
  return [...new Set(faults)];
}"""


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(("reader", "sample"), PAGES)
def test_work_is_printed_plainly(
    site: Site, context_of: Opener, reader: str, sample: str, language: str
) -> None:
    page = context_of(reader, language).new_page()
    try:
        page.emulate_media(media="print")
        for size in (A4, WIDE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.goto(site.base + site.paths[sample])
            assert page.evaluate(_FAULTS) == [], size
    finally:
        page.close()
