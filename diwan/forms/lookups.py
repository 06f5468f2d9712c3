"""What a form may ask of the outside while it is read: rows of a lookup, and where a pin lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from diwan.flow.table import Text


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a lookup as it stands on a date. `data` holds the further columns."""

    code: str
    name: Text
    data: Mapping[str, Any] = field(default_factory=dict)
    sort_key: str = ""
    search_key: str = ""


class Lookups(Protocol):
    """The lookups of one date."""

    def rows(self, name: str) -> Sequence[Row]:
        """Rows of a lookup in Arabic order."""

    def row(self, name: str, code: str) -> Row | None:
        """One row, or None."""


@dataclass(frozen=True, slots=True)
class Located:
    """Where a pin lies: codes of district and municipality, and the municipality's city class."""

    district: str
    municipality: str
    city_class: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """A street or landmark that matches what was typed."""

    name: Text
    lat: float
    lng: float


class Places(Protocol):
    """The map, as far as a form needs it."""

    def locate(self, lat: float, lng: float) -> Located | None:
        """District and municipality of a point, or None outside."""

    def find(self, text: str) -> Sequence[Found]:
        """Streets and landmarks by name, the nearest in spelling first."""


class NoLookups:
    """No rows at all: for forms that use none."""

    def rows(self, name: str) -> Sequence[Row]:
        """Nothing."""
        return ()

    def row(self, name: str, code: str) -> Row | None:
        """Nothing."""
        return None
