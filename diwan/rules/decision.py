"""Decision tables: rules as rows, answered with the rows that fired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diwan.kit.errors import N_
from diwan.rules.binding import plain
from diwan.rules.cells import Cell
from diwan.rules.coverage import Finding
from diwan.rules.errors import RuleError
from diwan.rules.expression import Expression
from diwan.rules.types import CelType
from diwan.rules.verdict import Verdict

NO_ROW = N_("No row of the table {table} holds for {at}.")
TWO_ROWS = N_("The rows {rows} of the table {table} hold at once.")
OTHERWISE = "otherwise"
"""Stands among the fired rows when no row held."""


@dataclass(frozen=True, slots=True)
class Input:
    """A column read: its name, type, expression, and the values or range that it can have."""

    name: str
    kind: CelType
    source: Expression
    values: tuple[Any, ...] = ()
    low: Any = None
    high: Any = None


@dataclass(frozen=True, slots=True)
class Output:
    """A column answered: its name, type and the values that it can have."""

    name: str
    kind: CelType
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: its id, a cell for each input, an answer for each output, and its reason in both languages."""

    id: str
    cells: tuple[Cell, ...]
    outputs: Mapping[str, Any]
    why: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A compiled decision table. ``findings`` are its gaps, overlaps and rows that never fire."""

    key: str
    hit: str
    aggregate: str | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]
    otherwise: Mapping[str, Any] | None
    findings: tuple[Finding, ...] = ()

    def answers(self) -> frozenset[str]:
        """Every text that the first output can answer."""
        first = self.outputs[0].name
        found = {str(row.outputs[first]) for row in self.rows}
        return frozenset(found | ({str(self.otherwise[first])} if self.otherwise is not None else set()))

    def evaluate(self, values: Mapping[str, Any]) -> Verdict:
        """The answer for nested ``values``.

        ``Verdict.value`` is the output's value when there is one output, else a mapping of outputs; for ``collect`` a
        list of them, or the aggregate. ``Verdict.fired`` holds the ids of the rows that held. Raises `RuleError`.
        """
        read = {column.name: column.source.evaluate(values) for column in self.inputs}
        given = tuple(read.values())
        held = []
        for row in self.rows:
            if all(cell.holds(value) for cell, value in zip(row.cells, given, strict=True)):
                held.append(row)
                if self.hit == "first":
                    break
        inputs = {name: plain(value) for name, value in read.items()}
        if self.hit == "collect":
            return Verdict(self._collected(held), inputs, tuple(row.id for row in held))
        if not held:
            if self.otherwise is None:
                raise RuleError(NO_ROW, code="rules.no_row", table=self.key, at=inputs)
            return Verdict(self._one(self.otherwise), inputs, (OTHERWISE,))
        chosen = self._chosen(held)
        fired = tuple(row.id for row in held) if self.hit == "any" else (chosen.id,)
        return Verdict(self._one(chosen.outputs), inputs, fired)

    def _one(self, outputs: Mapping[str, Any]) -> Any:
        return next(iter(outputs.values())) if len(self.outputs) == 1 else dict(outputs)

    def _chosen(self, held: Sequence[Row]) -> Row:
        """The row that answers, by the hit policy."""
        if self.hit == "priority":
            best = self.outputs[0]
            return min(held, key=lambda row: best.values.index(row.outputs[best.name]))
        several = len(held) > 1 and self.hit in ("unique", "any")
        if several and (self.hit == "unique" or any(row.outputs != held[0].outputs for row in held)):
            rows = ", ".join(row.id for row in held)
            raise RuleError(TWO_ROWS, code="rules.two_rows", table=self.key, rows=rows)
        return held[0]

    def _collected(self, held: Sequence[Row]) -> Any:
        found = [self._one(row.outputs) for row in held]
        if self.aggregate is None:
            return found
        if self.aggregate == "count":
            return len(found)
        if self.aggregate == "sum":
            return sum(found)
        if not found:
            return None
        return min(found) if self.aggregate == "min" else max(found)
