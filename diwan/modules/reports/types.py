"""Types of reports as the public reads them: the twelve pictures, what a type is called, which one is meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from diwan.catalogue.queries import lookup, lookup_row
from diwan.forms.lookups import Row
from diwan.kit import clock
from diwan.modules.reports.suggesting import Types

TYPES, GROUPS = "report_types", "report_groups"
WITH_POLE: Final = "GRP-LIGHTING"
"""Types of this picture are asked for the number on the pole."""
_made: dict[int, Types] = {}


@dataclass(frozen=True, slots=True)
class Offered:
    """A type to choose: code, what a resident calls it, picture, and the words by which it was found."""

    code: str
    name: str
    official: str
    icon: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """One of the twelve pictures of the first page."""

    code: str
    name: str
    icon: str
    help: str


def pictures(language: str) -> list[Picture]:
    """The twelve pictures in their order."""
    rows = sorted(lookup(GROUPS, clock.today()), key=lambda row: int(row.data["front"]))
    return [
        Picture(row.code, _in(row.name, language), str(row.data["icon"]), str(row.data["help"][language]))
        for row in rows
    ]


def of_picture(code: str, language: str) -> list[Offered]:
    """The types under a picture, in the order of their codes."""
    rows = [row for row in lookup(TYPES, clock.today()) if row.data.get("group") == code]
    return [offered(row, language) for row in sorted(rows, key=lambda row: row.code)]


def meant_by(text: str, language: str) -> list[Offered]:
    """Up to three types that the words may mean."""
    rows = {row.code: row for row in lookup(TYPES, clock.today())}
    return [offered(rows[made.code], language, because=made.phrase) for made in _types().suggest(text)]


def offered(row: Row, language: str, *, because: str = "") -> Offered:
    """A row of the lookup as it is offered."""
    return Offered(row.code, called(row, language), _in(row.name, language), str(row.data["icon"]), because)


def called(row: Row | None, language: str) -> str:
    """What a resident calls the type."""
    if row is None:
        return ""
    return str(row.data.get("say", {}).get(language) or _in(row.name, language))


def type_row(code: str) -> Row | None:
    """The row of a type that holds today."""
    return lookup_row(TYPES, code, clock.today())


def _types() -> Types:
    """The index of today's types: made again only when the rows are others (lookups are kept in memory by the day)."""
    rows = lookup(TYPES, clock.today())
    key = hash(tuple((row.code, row.search_key) for row in rows))
    if key not in _made:
        _made.clear()
        _made[key] = Types(rows)
    return _made[key]


def _in(name: object, language: str) -> str:
    return str(getattr(name, "en" if language == "en" else "ar"))
