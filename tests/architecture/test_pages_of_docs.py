"""The pages for people: there, of the promised length, with links and paths that lead somewhere."""

import re
from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.architecture.tree import ROOT, show, tracked

DOCS = ROOT / "docs"
HOWTOS = ("add-a-service", "add-a-step-kind", "add-a-field-kind", "add-a-module", "add-an-integration")
#: Words in angle brackets and braces stand for a name that the reader chooses.
CHOSEN = re.compile(r"[<{*]|\.\.\.")
PATH = re.compile(r"`((?:diwan|peers|tests|tools|locale|docs|benchmarks|requirements)/[^`\s:]*)`")
LINK = re.compile(r"!?\[[^\]]+\]\(([^)#:]+)(?:#[^)]*)?\)")
WORDS_A_PAGE = 600


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _pages() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


def _lost(path: Path) -> list[str]:
    """Links and paths of a page that lead nowhere."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT)
    faults = [f"{name}: link to {to}" for to in LINK.findall(text) if not (path.parent / to).exists()]
    for to in PATH.findall(text):
        if not CHOSEN.search(to) and not (ROOT / to).exists():
            faults.append(f"{name}: names {to}")
    return faults


def test_links_and_paths_lead_somewhere(tmp_path: Path) -> None:
    faults = [fault for path in _pages() for fault in _lost(path)]
    assert not faults, show(faults)


def test_a_planted_dead_link_is_found() -> None:
    planted = DOCS / "planted.md"
    try:
        planted.write_text("[gone](nowhere.md) and `diwan/cases/nothing.py` and `diwan/<name>/apps.py`\n")
        assert [fault.partition(": ")[2] for fault in _lost(planted)] == [
            "link to nowhere.md",
            "names diwan/cases/nothing.py",
        ]
    finally:
        planted.unlink()


@pytest.mark.parametrize("name", HOWTOS)
def test_a_howto_is_a_numbered_list_of_files(name: str) -> None:
    lines = _text(f"docs/howto/{name}.md").splitlines()
    assert lines[0].startswith("# Add a")
    steps = [line for line in lines if re.match(r"\d+\. ", line)]
    assert [int(line.partition(".")[0]) for line in steps] == list(range(1, len(steps) + 1))
    assert len(steps) >= 5
    assert sum("`" in line for line in steps) >= len(steps) - 1, "a step names its file"


def test_architecture_is_two_pages_with_a_picture() -> None:
    text = _text("docs/architecture.md")
    assert text.count("```") == 2 and "┌" in text
    assert 300 < len(text.split()) <= 2 * WORDS_A_PAGE
    layers = {path.parent.name for path in (ROOT / "diwan").glob("*/__init__.py")} - {
        "project",
        "demo",
        "modules",
    }
    unsaid = [name for name in sorted(layers) if not re.search(rf"\b{name}\b", text)]
    assert not unsaid, f"not on the page: {unsaid}"


def test_the_glossary_has_three_columns_and_names_what_exists() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in _text("docs/glossary.md").splitlines()
        if line.startswith("|") and "---" not in line
    ]
    assert rows[0] == ["العربية", "English", "in code", "meaning"]
    assert len(rows) > 25
    for arabic, english, _code, _meaning in rows[1:]:
        assert re.search(r"[\u0621-\u064a]", arabic) and re.search("[a-z]", english), arabic
    words = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "diwan").glob("*/models/*.py"))
    words += "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "diwan").glob("*/models.py"))
    named = [
        model
        for row in rows
        for model in re.findall(r"`(?:cases|people|payments|audit)\.([A-Z]\w+)`", row[2])
    ]
    assert named
    assert not [model for model in named if f"class {model}(" not in words and model not in ("Actor",)]


def test_every_decision_is_listed_and_has_its_three_parts() -> None:
    files = sorted(path.name for path in (DOCS / "adr").glob("0*.md"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    index = _text("docs/adr/README.md")
    for name in files:
        assert f"({name})" in index
        text = _text(f"docs/adr/{name}")
        assert text.startswith(f"# {int(name[:4])}. ")
        assert [part for part in ("**Decided.**", "**Why.**", "**Costs.**") if part not in text] == [], name


def test_publiccode_says_what_a_catalogue_of_software_asks() -> None:
    told = YAML(typ="safe").load(_text("publiccode.yml"))
    asked = {
        "publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus", "softwareType",
        "description", "legal", "maintenance", "localisation",
    }  # fmt: skip
    assert asked <= set(told)
    assert told["developmentStatus"] in ("concept", "development", "beta", "stable", "obsolete")
    assert told["maintenance"]["type"] in ("internal", "contract", "community", "none")
    if told["maintenance"]["type"] in ("internal", "community"):
        assert told["maintenance"]["contacts"][0]["name"]
    assert told["localisation"]["localisationReady"] is True
    assert told["localisation"]["availableLanguages"] == ["ar", "en"]
    for language in ("ar", "en"):
        about = told["description"][language]
        assert 0 < len(about["shortDescription"]) <= 150
        assert 150 <= len(about["longDescription"]) <= 10_000
        assert about["features"]
    assert date.fromisoformat(str(told["releaseDate"])).year >= 2026
    assert str(told["url"]).startswith("https://")


def test_the_licence_is_the_one_that_is_named() -> None:
    licence = _text("LICENSE")
    assert licence.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert "Appendix" in licence and len(licence) > 10_000
    assert 'license = "EUPL-1.2"' in _text("pyproject.toml")
    assert "license: EUPL-1.2" in _text("publiccode.yml")


def test_contributing_leads_to_commands_and_howtos() -> None:
    text = _text("CONTRIBUTING.md")
    for word in (
        "./run",
        "./test",
        "./test --full",
        "./bench",
        *(f"docs/howto/{name}.md" for name in HOWTOS),
    ):
        assert word in text


def test_the_first_screen_says_what_it_is_with_two_commands_and_a_picture() -> None:
    first = _text("README.md").splitlines()[:40]
    assert first[0].startswith("# Diwan")
    assert any(line.startswith("./run") for line in first) and any(
        line.startswith("./test") for line in first
    )
    pictures = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", "\n".join(first))
    assert pictures and all(len(said) > 20 for said, _path in pictures)
    for _said, path in pictures:
        assert ROOT / path in tracked()
        assert (ROOT / path).read_bytes().startswith(b"\x89PNG")
