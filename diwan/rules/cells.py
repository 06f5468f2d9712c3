"""The cells of a decision table: what an input must be for a row to hold.

A cell is a value, a list of values, an interval (``"[0..100)"``, ``"(10..20]"``), a comparison (``"< 10"``, ``">= 5"``,
``"!= 3"``), or ``"-"`` for anything. Every cell becomes a `Cell`: values, or spans on a line, possibly negated.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

from diwan.kit.errors import N_
from diwan.rules.errors import RuleError
from diwan.rules.types import CelType

ANYTHING = "-"
ORDERED = frozenset({CelType.INT, CelType.DOUBLE, CelType.DATE})
"""Types that intervals and comparisons may be used with."""

LIST_HOLDS = N_("A list holds values, intervals or comparisons.")
EMPTY_INTERVAL = N_("The interval {value} is empty.")
NO_ORDER = N_("Values of type {type} have no order.")
WRONG_TYPE = N_("{value} is not of type {type}.")

_COMPARE = re.compile(r"(<=|>=|<|>|!=)\s*(\S+)\Z")
_INTERVAL = re.compile(r"([\[(])\s*(\S+?)\s*\.\.\s*(\S+?)\s*([\])])\Z")
_INT = re.compile(r"-?[0-9]+\Z")
_DOUBLE = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a line; None is open-ended."""

    low: Any = None
    high: Any = None
    with_low: bool = False
    with_high: bool = False

    def holds(self, value: Any) -> bool:
        """Whether ``value`` lies inside."""
        if self.low is not None and (value < self.low or (value == self.low and not self.with_low)):
            return False
        return self.high is None or not (value > self.high or (value == self.high and not self.with_high))


@dataclass(frozen=True, slots=True)
class Cell:
    """What an input must be. ``values`` None and no spans: anything."""

    values: frozenset[Any] | None = None
    spans: tuple[Span, ...] = ()
    negated: bool = False

    def holds(self, value: Any) -> bool:
        """Whether ``value`` satisfies the cell."""
        if self.values is None and not self.spans:
            return True
        inside = (self.values is not None and value in self.values) or any(s.holds(value) for s in self.spans)
        return inside is not self.negated


def read_cell(found: Any, kind: CelType, path: tuple[str | int, ...]) -> Cell:
    """Read one cell for an input of type ``kind``."""
    if found is None or found == ANYTHING:
        return Cell()
    if isinstance(found, list | tuple):
        parts = [read_cell(item, kind, (*path, index)) for index, item in enumerate(found)]
        if not parts or any(part.negated or (part.values is None and not part.spans) for part in parts):
            raise RuleError(LIST_HOLDS, code="rules.cell", path=path)
        values = frozenset().union(*(part.values or frozenset() for part in parts))
        return Cell(values, tuple(span for part in parts for span in part.spans))
    if isinstance(found, str):
        match = _COMPARE.match(found.strip())
        if match is not None:
            return _comparison(match[1], match[2], kind, path)
        match = _INTERVAL.match(found.strip())
        if match is not None:
            low, high = _end(match[2], kind, path), _end(match[3], kind, path)
            if low > high or (low == high and (match[1], match[4]) != ("[", "]")):
                raise RuleError(EMPTY_INTERVAL, code="rules.cell", path=path, value=found)
            return Cell(spans=(Span(low, high, match[1] == "[", match[4] == "]"),))
    return Cell(frozenset({read_value(found, kind, path)}))


def _comparison(sign: str, text: str, kind: CelType, path: tuple[str | int, ...]) -> Cell:
    if sign == "!=":
        return Cell(frozenset({read_value(text, kind, path)}), negated=True)
    end = _end(text, kind, path)
    if sign in ("<", "<="):
        return Cell(spans=(Span(high=end, with_high=sign == "<="),))
    return Cell(spans=(Span(low=end, with_low=sign == ">="),))


def _end(text: str, kind: CelType, path: tuple[str | int, ...]) -> Any:
    if kind not in ORDERED:
        raise RuleError(NO_ORDER, code="rules.cell", path=path, type=kind.value)
    return read_value(text, kind, path)


def read_value(found: Any, kind: CelType, path: tuple[str | int, ...]) -> Any:
    """A value of type ``kind``, also from its text."""
    if kind is CelType.STRING and isinstance(found, str):
        return found
    if kind is CelType.BOOL and isinstance(found, bool):
        return found
    if kind is CelType.INT and not isinstance(found, bool):
        if isinstance(found, int) or (isinstance(found, str) and _INT.match(found)):
            return int(found)
    elif kind is CelType.DOUBLE and not isinstance(found, bool):
        if isinstance(found, int | float) or (isinstance(found, str) and _DOUBLE.match(found)):
            return float(found)
    elif kind is CelType.DATE:
        if isinstance(found, datetime.date):
            return found
        try:
            return datetime.date.fromisoformat(str(found))
        except ValueError:
            pass
    raise RuleError(WRONG_TYPE, code="rules.cell", path=path, value=str(found), type=kind.value)
