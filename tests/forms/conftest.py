"""A small form with every kind, a few lookup rows and a map, without a database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.lookups import Found, Located, Row
from diwan.forms.plan import Field
from diwan.kit.arabic import normalise

TODAY = date(2026, 11, 21)
BOTH = {"ar": "نص", "en": "text"}


def row(code: str, ar: str, en: str, **data: Any) -> Row:
    """A lookup row."""
    return Row(code, Text(ar, en), data, normalise(ar), normalise(f"{ar} {en} {code}"))


class Shelf:
    """Lookups of the tests."""

    table = {
        "activities": [
            row("471101", "بقالة", "Grocery", risk="low", min_area="15", health=False, body=""),
            row("561011", "مطعم", "Restaurant", risk="high", min_area="60", health=True, body="food_drug"),
            row("960201", "صالون حلاقة", "Barber", risk="medium", min_area="16", health=True, body=""),
        ],
        "districts": [row("D-1", "الروضة", "Ar Rawdah")],
    }

    def rows(self, name: str) -> list[Row]:
        """Rows of a lookup."""
        return self.table.get(name, [])

    def row(self, name: str, code: str) -> Row | None:
        """One row."""
        return next((found for found in self.rows(name) if found.code == code), None)


class Map:
    """Everything north of the equator is district D-1."""

    def locate(self, lat: float, lng: float) -> Located | None:
        """District of a point."""
        return Located("D-1", "102", 2) if lat > 0 else None

    def find(self, text: str) -> list[Found]:
        """One street."""
        return [Found(Text("شارع الأمير سلطان", "Prince Sultan St."), 21.5, 39.2)] if "سلطان" in text else []


@pytest.fixture
def context() -> FormContext:
    """The surroundings of a form today."""
    return FormContext(on=TODAY, lookups=Shelf(), places=Map())


def ask(kind: str, **options: Any) -> Field:
    """A field `x` of a kind."""
    return Field("x", kind, Text("سؤال", "Question"), options=options)
