"""What was typed, by input name, before it is read: from a browser's form or from JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

MAX_VALUE = 20_000
"""Characters of one input that are looked at; more is never a real answer."""


class Raw:
    """Typed values by input name. Accepts a plain mapping of texts or lists, or a QueryDict (by its `lists`)."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str | Sequence[str]] | None = None) -> None:
        pairs: Any = (
            values.lists() if values is not None and hasattr(values, "lists") else (values or {}).items()
        )
        self._values: dict[str, tuple[str, ...]] = {
            name: (value,) if isinstance(value, str) else tuple(str(item) for item in value)
            for name, value in pairs
        }

    def one(self, name: str) -> str:
        """The last value of an input without surrounding space, or ""."""
        values = self._values.get(name)
        return values[-1][:MAX_VALUE].strip() if values else ""

    def many(self, name: str) -> list[str]:
        """Every non-empty value of an input, in order, each once."""
        return list(dict.fromkeys(value.strip() for value in self._values.get(name, ()) if value.strip()))

    def has(self, name: str) -> bool:
        """Whether the input was sent at all."""
        return name in self._values

    def only(self, names: set[str]) -> dict[str, list[str]]:
        """The inputs that belong to these names or to their parts (`name-part`), for keeping what was typed."""
        return {name: list(values) for name, values in self._values.items() if name.split("-")[0] in names}
