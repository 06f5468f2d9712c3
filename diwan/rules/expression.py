"""CEL expressions: compiled and type-checked once, evaluated in microseconds.

Variables are declared by dotted name with a type, for instance ``{"form.area": CelType.DOUBLE}``, so an unknown
field and a wrong type are both found when the expression is compiled. A declared variable without a value (absent
or None) reads as the empty value of its type (false, 0, "", an empty list, 1970-01-01) and ``has(form.area)`` tells.

Functions besides CEL's own: ``date("2026-02-28")``, ``days(90)`` and the ``math`` extension. Money is never
computed here: CEL has no decimal.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from cel_expr_python import cel

from diwan.kit.errors import N_
from diwan.rules.binding import Binding, plain
from diwan.rules.environment import check_result, environment, problem
from diwan.rules.errors import AS_SAID, RuleError
from diwan.rules.scan import cost, present, words
from diwan.rules.types import CelType
from diwan.rules.verdict import Verdict

MAX_LENGTH = 2000
"""Characters in one expression."""
MAX_COST = 200_000
"""Static cost: tokens, each multiplied by `COST_ITEMS` for every macro around it."""
COST_ITEMS = 100
TOO_LONG = N_("The rule is longer than {most} characters.")


class Expression:
    """A compiled expression. Immutable and safe to share between threads."""

    __slots__ = ("_binding", "_compiled", "result", "text")

    def __init__(self, text: str, compiled: Any, binding: Binding, result: CelType) -> None:
        self.text = text
        self.result = result
        self._compiled = compiled
        self._binding = binding

    @property
    def variables(self) -> tuple[str, ...]:
        """The declared variables whose value it reads."""
        return self._binding.variables

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """The value for nested ``values`` (``{"form": {"area": 12.5}, "today": date}``).

        Only what the expression names is looked at. Raises `RuleError` when it cannot be evaluated.
        """
        return self._run(self._binding.bind(values))

    def explain(self, values: Mapping[str, Any]) -> Verdict:
        """The value, with the inputs that were read (JSON-able)."""
        bound = self._binding.bind(values)
        return Verdict(plain(self._run(bound)), {name: plain(value) for name, value in bound.items()})

    def _run(self, bound: dict[str, Any]) -> Any:
        try:
            found = self._compiled.eval(data=bound)
        except RuntimeError as error:
            raise RuleError(AS_SAID, code="rules.evaluation", said=str(error)) from None
        value = found.plain_value()
        if (value is True or value is False) and self.result is CelType.BOOL:
            return value
        if found.type() == cel.Type.ERROR:
            raise RuleError(AS_SAID, code="rules.evaluation", said=f"{self.text}: {value}")
        return value.date() if self.result is CelType.DATE else value


def compile_expression(
    text: str, variables: Mapping[str, CelType], result: CelType | str = CelType.BOOL
) -> Expression:
    """Compile and type-check ``text``.

    ``variables``: dotted name -> type. ``result``: the type that it must give (a `CelType` or its CEL name).
    Raises `RuleError` with line and column. Compiling the same thing again is free.
    """
    kind = result if isinstance(result, CelType) else CelType(result)
    return _compile(text, frozenset(variables.items()), kind)


@functools.lru_cache(maxsize=4096)
def _compile(text: str, variables: frozenset[tuple[str, CelType]], result: CelType) -> Expression:
    if len(text) > MAX_LENGTH:
        raise RuleError(TOO_LONG, 1, MAX_LENGTH, code="rules.too_long", most=MAX_LENGTH)
    if not text.strip():
        raise RuleError(N_("The rule is empty."), 1, 1, code="rules.empty")
    kinds = dict(variables)
    tokens = words(text)
    if cost(tokens, COST_ITEMS) > MAX_COST:
        raise RuleError(
            N_("Loops stand inside loops: the rule would take too long."), 1, 1, code="rules.too_costly"
        )
    source = present(text, tokens, frozenset(name for name in kinds if "." in name))
    try:
        compiled = environment(variables).compile(source)
    except RuntimeError as error:
        raise problem(str(error)) from None
    check_result(compiled, result)
    return Expression(text, compiled, Binding(source, kinds), result)
