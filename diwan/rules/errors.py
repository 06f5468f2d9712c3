"""The errors of the rules language."""

from __future__ import annotations


class RuleError(ValueError):
    """A rule that cannot be compiled or evaluated.

    ``line`` and ``column`` count from 1 inside the text of the expression (0 when the place is not known);
    ``code`` is stable and is what translations and tests use.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0, *, code: str = "rules.invalid") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.code = code

    def __str__(self) -> str:
        if not self.line:
            return self.message
        return f"{self.message} (line {self.line}, column {self.column})"
