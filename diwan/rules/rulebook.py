"""Every rule of one service behind one call, as the flow asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from diwan.rules.decision import DecisionTable
from diwan.rules.errors import AS_SAID, RuleError
from diwan.rules.expression import Expression, compile_expression
from diwan.rules.types import CelType
from diwan.rules.verdict import Verdict

TABLE = "table:"
"""Prefix that asks for a decision table by its key."""


class Rulebook:
    """The compiled expressions and decision tables of a service. Build once a version, share between threads."""

    __slots__ = ("_expressions", "_tables")

    def __init__(
        self,
        variables: Mapping[str, CelType],
        expressions: Iterable[tuple[str, CelType | str]] = (),
        tables: Iterable[DecisionTable] = (),
    ) -> None:
        """``expressions``: (CEL text, type of its result), for instance ``Table.expressions()`` of a workflow."""
        self._expressions: dict[str, Expression] = {
            text: compile_expression(text, variables, result) for text, result in expressions
        }
        self._tables = {TABLE + table.key: table for table in tables}

    def value(self, rule: str, values: Mapping[str, Any]) -> Any:
        """The answer alone, without what it read: for conditions that nobody asks the reason of."""
        expression = self._expressions.get(rule)
        return self.evaluate(rule, values).value if expression is None else expression.evaluate(values)

    def evaluate(self, rule: str, values: Mapping[str, Any]) -> Verdict:
        """Answer a CEL text of the book, or ``"table:KEY"``, with what it read."""
        expression = self._expressions.get(rule)
        if expression is not None:
            return expression.explain(values)
        table = self._tables.get(rule)
        if table is None:
            raise RuleError(AS_SAID, code="rules.unknown_rule", said=f"no rule {rule} in this version")
        return table.evaluate(values)
