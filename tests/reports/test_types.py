"""The types of reports as data, and which of them is meant by what people type."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from diwan.catalogue.packaged import read_lookup
from diwan.catalogue.source import ROOT
from diwan.forms.lookups import Row
from diwan.modules.reports.suggesting import Types, suggest

WORDS = Path(__file__).parent / "typed_words.tsv"
UNITS = {"elapsed_hours", "working_days"}
FLAGS = ("photo", "contractor", "emergency", "place", "anonymous", "quiet", "public")


def rows_of(name: str) -> list[Row]:
    return [packed.row for packed in read_lookup(ROOT / "lookups" / f"{name}.yaml")]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return rows_of("report_types")


@pytest.fixture(scope="module")
def types(rows: list[Row]) -> Types:
    return Types(rows)


def test_there_are_109_types_each_complete_in_both_languages(rows: list[Row]) -> None:
    assert len(rows) == len({row.code for row in rows}) == 109
    for row in rows:
        assert row.code.startswith("RPT-") and row.code[4:6] == row.data["category"]
        assert row.name.ar and row.name.en and row.data["say"]["ar"] and row.data["say"]["en"]
        assert len(row.data["synonyms"]) >= 8 and all(isinstance(word, str) for word in row.data["synonyms"])
        assert all(isinstance(row.data[flag], bool) for flag in FLAGS)
        assert row.data["priority"] in (1, 2, 3, 4) and row.data["amount"] > 0 and row.data["unit"] in UNITS
        assert row.data["department"] and row.data["role"].startswith("ROLE-") and row.data["icon"]
    assert Counter(row.data["category"] for row in rows) == dict(
        zip([f"{number:02}" for number in range(1, 12)], (13, 15, 7, 7, 8, 16, 12, 10, 9, 4, 8), strict=True)
    )


def test_hours_run_day_and_night_only_where_the_operations_room_answers(rows: list[Row]) -> None:
    for row in rows:
        round_the_clock = row.data["priority"] == 1 or row.data["category"] in ("01", "04")
        assert (row.data["unit"] == "elapsed_hours") is round_the_clock, row.code
    found = {row.code: (row.data["amount"], row.data["unit"]) for row in rows}
    assert found["RPT-0502"] == (2, "elapsed_hours") and found["RPT-0203"] == (10, "working_days")


def test_what_is_anonymous_quiet_or_public_follows_the_subject(rows: list[Row]) -> None:
    anonymous = {row.code for row in rows if row.data["anonymous"]}
    assert anonymous == {row.code for row in rows if row.data["category"] == "06"} | {"RPT-1106"}
    quiet = {row.code for row in rows if row.data["quiet"]}
    assert {"RPT-0601", "RPT-0909", "RPT-1102", "RPT-1106"} <= quiet
    for row in rows:
        if row.data["category"] == "11" or row.code in ("RPT-0601", "RPT-0603", "RPT-0701", "RPT-0801"):
            assert not row.data["public"], row.code


def test_twelve_pictures_hold_every_type_and_every_picture_exists(rows: list[Row]) -> None:
    groups = rows_of("report_groups")
    assert sorted(group.data["front"] for group in groups) == list(range(1, 13))
    assert {row.data["group"] for row in rows} == {group.code for group in groups}
    drawn = ROOT.parents[1] / "node_modules" / "bootstrap-icons" / "icons"
    for row in (*rows, *groups):
        assert (drawn / f"{row.data['icon']}.svg").is_file(), row.data["icon"]


def test_what_belongs_to_an_outside_body_names_one_that_exists(rows: list[Row]) -> None:
    bodies = {row.code for row in rows_of("entities")}
    named = {row.code: row.data["outside"] for row in rows if row.data.get("outside")}
    assert set(named.values()) <= bodies and len(named) == 6


@pytest.mark.parametrize("line", WORDS.read_text(encoding="utf-8").splitlines())
def test_what_people_type_finds_the_type(line: str, types: Types) -> None:
    typed, code = line.split("\t")
    found = types.suggest(typed)
    assert 1 <= len(found) <= 3
    first, *others = code.split()
    assert found[0].code == f"RPT-{first}", [(made.code, made.phrase, made.level) for made in found]
    assert {f"RPT-{other}" for other in others} <= {made.code for made in found}


def test_a_suggestion_says_by_which_words_it_was_found(types: Types) -> None:
    assert [(made.phrase, made.level) for made in types.suggest("حفره")[:1]] == [("حفرة", "exact")]
    assert types.suggest("البيارات")[0].level == "stem"
    assert types.suggest("mosqu")[0].level == "prefix"
    assert types.suggest("نامووس")[0].level == "near"


@pytest.mark.parametrize("typed", ["", "  ", "في الشارع", "qwrtzx", "!!", "١٢٣", "ا" * 5000])
def test_words_that_say_nothing_suggest_nothing_or_few(typed: str, rows: list[Row]) -> None:
    assert len(suggest(typed, rows)) <= 3


def test_a_long_story_is_read_to_its_fortieth_word(types: Types) -> None:
    story = (
        "السلام عليكم ورحمة الله وبركاته ابلغكم ان لمبة الشارع عندنا طافية من اسبوع " + "وكلمت مرتين " * 400
    )
    assert types.suggest(story)[0].code == "RPT-0401"
