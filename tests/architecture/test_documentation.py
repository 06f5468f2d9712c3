"""Nothing is declared without its documentation: settings, permissions, events, kinds, commands."""

import re
from collections.abc import Iterator

import pytest

from diwan.catalogue.registry import GROUPS, kinds
from diwan.outbox.events import declared
from diwan.people.registry import permissions
from diwan.project.config import documented
from tests.architecture.tree import ROOT, parsed, show
from tools import reference


def _sentences() -> Iterator[tuple[str, str]]:
    for event in declared().values():
        yield event.name, event.about
    for group in GROUPS:
        for kind in kinds(group):
            yield f"{group} {kind.name}", kind.about
            for option in kind.options:
                yield f"{group} {kind.name} {option.name}", option.about


def test_every_event_kind_and_option_says_what_it_is() -> None:
    bare = [name for name, text in _sentences() if len(text.strip()) < 8]
    assert not bare, show(bare)
    assert declared() and permissions()


def test_the_reference_pages_are_up_to_date() -> None:
    old = [
        f"{path.relative_to(ROOT)}: write it again with python -m tools.reference"
        for path, text in reference.pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert not old, show(old)


def test_an_undocumented_setting_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = [*documented(), ("DIWAN_PLANTED", "", "A setting that nobody has written down.")]
    monkeypatch.setattr(reference, "documented", lambda: planted)
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") != reference.settings_page()


def test_settings_are_read_from_one_place() -> None:
    """Only the configuration and the launcher read the environment; nobody guesses at a profile."""
    faults = []
    for name, text, _ in parsed("diwan"):
        if (
            name.startswith("diwan/project/") or name == "diwan/rest/examples.py"
        ):  # code for readers, never run here
            continue
        if re.search(r"os\.environ|os\.getenv", text):
            faults.append(f"{name}: reads the environment; use settings.DIWAN")
    assert not faults, show(faults)


DEMO_BRANCH = re.compile(
    r"DIWAN\.(?:profile|demo_\w+)|(?:is|if)_demo\b|[\"']demo[\"']\s*(?:==|!=|in\b)|(?:==|!=)\s*[\"']demo[\"']"
)


def _demo_branches(name: str, text: str) -> list[str]:
    return [f"{name}: {found[0]}" for found in DEMO_BRANCH.finditer(text)]


def test_no_product_code_knows_that_it_is_a_demo() -> None:
    """Wiring knows profiles and the demo package knows itself; everything else works alike everywhere."""
    faults = [
        fault
        for name, text, _ in parsed("diwan")
        if not name.startswith(("diwan/project/", "diwan/demo/"))
        for fault in _demo_branches(name, text)
    ]
    assert not faults, show(faults)
    assert _demo_branches("planted.py", 'if settings.DIWAN.profile == "demo":')
