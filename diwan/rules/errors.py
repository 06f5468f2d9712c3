"""The errors of the rules language."""

from __future__ import annotations

from typing import Any

from diwan.kit.errors import N_, DiwanError, Problem, english

AS_SAID = "{said}"
"""What the evaluator says, in its own words."""


class RuleError(DiwanError, ValueError):
    """A rule that cannot be compiled or evaluated.

    ``told`` says what is wrong, for whoever writes rules, and ``reason`` is that in English; ``line`` and ``column``
    count from 1 inside the text of an expression (0 when not known); ``path`` leads to the place inside a decision
    table's definition; ``code`` is stable.
    """

    code = "rules.invalid"
    message = N_("The rule is wrong: {reason}")

    def __init__(
        self,
        reason: str,
        line: int = 0,
        column: int = 0,
        *,
        code: str = "rules.invalid",
        path: tuple[str | int, ...] = (),
        **params: Any,
    ) -> None:
        self.told = Problem(code, reason, params)
        super().__init__(reason=self.told, line=line, column=column)
        self.code = code
        self.reason = english(self.told)
        self.line = line
        self.column = column
        self.path = path

    def __str__(self) -> str:
        place = ".".join(str(part) for part in self.path)
        text = f"{place}: {self.reason}" if place else self.reason
        return f"{text} (line {self.line}, column {self.column})" if self.line else text


class TableError(DiwanError, ValueError):
    """A decision table that cannot be compiled, with everything wrong with it."""

    code = "rules.table_invalid"
    message = N_("The decision table can't be published.")

    def __init__(self, problems: tuple[RuleError, ...]) -> None:
        super().__init__()
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
