"""The lookups of a day, held in memory: what forms, rules and fees read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from diwan.forms.lookups import Row


class Shelf:
    """Rows by lookup and code. Implements `diwan.forms.lookups.Lookups`."""

    __slots__ = ("_rows",)

    def __init__(self, rows: Mapping[str, Iterable[Row]]) -> None:
        self._rows = {
            name: {row.code: row for row in sorted(found, key=lambda row: row.sort_key)}
            for name, found in rows.items()
        }

    def names(self) -> frozenset[str]:
        """Names of the lookups."""
        return frozenset(self._rows)

    def rows(self, name: str) -> Sequence[Row]:
        """Rows of a lookup in the order people expect."""
        return tuple(self._rows.get(name, {}).values())

    def row(self, name: str, code: str) -> Row | None:
        """One row, or None."""
        return self._rows.get(name, {}).get(code)

    def codes(self, name: str) -> frozenset[str]:
        """Codes of a lookup."""
        return frozenset(self._rows.get(name, {}))

    def columns(self, name: str) -> frozenset[str]:
        """Further columns that any row of the lookup has."""
        return frozenset(column for row in self._rows.get(name, {}).values() for column in row.data)
