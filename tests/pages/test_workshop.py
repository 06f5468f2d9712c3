"""The workshop of services in a browser: the editor completes and checks as one types, the diagram is live."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, expect

from tests.pages.conftest import Opener, Site

pytestmark = pytest.mark.browser


def test_the_editor_completes_and_checks_as_one_types(site: Site, context_of: Opener) -> None:
    page = context_of("admin", "en").new_page()
    page.goto(site.base + site.paths["console:draft-admin-written"])
    text, faults = page.locator(".cm-content"), page.locator("[data-fault-box]")
    expect(text).to_be_visible()
    expect(faults).to_contain_text("No faults.")
    expect(page.locator(".flow-box .djs-shape").first).to_be_visible()
    text.press("Control+End")
    page.keyboard.type("class: pro")
    offered = page.locator(".cm-tooltip-autocomplete li")
    expect(offered.first).to_contain_text("procedural")
    offered.first.click()
    expect(text).to_contain_text("class: procedural")
    expect(faults.locator("li")).to_contain_text("is written twice", timeout=15_000)
    page.keyboard.type("\njkx: 1\nworkfl")  # j, k and x are keys of the desk elsewhere
    expect(text).to_contain_text("jkx: 1")
    expect(offered.first).to_contain_text("workflow")
    text.press("Escape")
    expect(page.locator(".cm-lint-marker-error").first).to_be_visible(timeout=15_000)
    faults.locator("a[data-line]").first.click()
    assert page.evaluate("document.activeElement.className") == "yaml-host"
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.locator(".btn-row").get_by_role("link", name="Prices and lists").click()
    expect(text).to_contain_text("workfl")
    assert asked == ["beforeunload"], "what was typed and not saved is lost without a question"
    page.close()


def test_what_is_typed_is_what_stands_there(site: Site, context_of: Opener) -> None:
    """Line by line, as a person types: Enter after a word that could be completed is a new line."""
    lines = [
        "slug: stall-jkx", "class: procedural", "channels: [portal, kiosk]", "name: {ar: كشك, en: Stall}", "workflow:",
        "  key: stall", "  start: look", "  steps:", "    look:", "      kind: task", "      role: ROLE-INSPECTOR",
        "      state: under_review",
    ]  # fmt: skip
    page = context_of("admin", "ar").new_page()
    page.goto(site.base + site.paths["console:draft-admin-written"])
    page.locator(".cm-content").press("Control+a")
    page.keyboard.press("Delete")

    def written() -> list[str]:
        text: str = page.locator("textarea[name=text]").evaluate("area => area.value")
        return text.split("\n")

    for line in lines:
        wanted = len(line) - len(line.lstrip())
        while len(written()[-1]) > wanted:
            before = written()
            page.keyboard.press("Backspace")
            assert written() != before
        page.keyboard.type(" " * (wanted - len(written()[-1])) + line.lstrip())
        page.wait_for_timeout(150)
        page.keyboard.press("Enter")
    assert [one.rstrip() for one in written()[:-1]] == lines
    page.close()


def test_the_diagram_shows_how_many_cases_stand_where(site: Site, context_of: Opener) -> None:
    page = context_of("admin", "ar").new_page()
    page.goto(site.base + site.paths["console:version-admin-shop"])
    box = page.locator(".flow-box")
    expect(box.locator(".flow-badge").first).to_be_attached()
    assert box.locator(".flow-badge").count() == page.locator("h3 + ul li").count() > 0
    assert box.locator("a[href*='bpmn.io']").is_visible()
    before = page.evaluate("document.querySelector('.flow-box .viewport').getAttribute('transform')")
    box.press("+")
    assert page.evaluate("document.querySelector('.flow-box .viewport').getAttribute('transform')") != before
    page.close()
