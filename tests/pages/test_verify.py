"""The page of verification in the hand: a PDF dropped anywhere is sent; without scripts the field takes it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from tests.pages.conftest import Opener, Site

pytestmark = pytest.mark.browser

_DROP = """() => {
  const held = new DataTransfer();
  held.items.add(new File(['hello'], 'رخصة.pdf', { type: 'application/pdf' }));
  for (const kind of ['dragover', 'drop'])
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: held, bubbles: true, cancelable: true }));
}"""


def test_a_pdf_dropped_anywhere_is_checked(site: Site, context_of: Opener) -> None:
    page = context_of("anonymous", "ar").new_page()
    try:
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(site.base + reverse("portal:verify"))
        page.evaluate(_DROP)
        expect(page.get_by_role("status")).to_contain_text("ملف غير مقروء", timeout=15000)
        expect(page.locator("main")).to_contain_text("رخصة.pdf")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    finally:
        page.close()


def test_without_scripts_the_file_is_chosen_and_sent(site: Site, browser: Browser) -> None:
    context = browser.new_context(locale="ar", java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(site.base + reverse("portal:verify"))
        page.locator("#id_file").set_input_files(
            {"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"hello"}
        )
        page.get_by_role("button", name="فحص الملف").click()
        expect(page.get_by_role("status")).to_contain_text("ملف غير مقروء", timeout=15000)
    finally:
        context.close()
