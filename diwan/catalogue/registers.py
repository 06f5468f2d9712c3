"""What outside registers and our own answer: the lookup `registers` declares parameters and typed answers.

An answer that does not have the declared types is no answer: the register counts as silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from diwan.forms.lookups import Lookups
from diwan.rules.types import CelType

LOOKUP = "registers"


class MalformedAnswer(ValueError):
    """A register answered something that its declaration does not describe."""


def answer_types(lookups: Lookups, register: str) -> dict[str, CelType]:
    """`answer.<name>` -> type for a register; empty when it is not declared."""
    row = lookups.row(LOOKUP, register)
    if row is None:
        return {}
    answers: Mapping[str, str] = row.data.get("answers", {})
    return {"answer.found": CelType.BOOL} | {
        f"answer.{name}": CelType(found) for name, found in answers.items()
    }


def wire_name(lookups: Lookups, register: str) -> str:
    """The register's name in the address of the register service; its own code when none is declared."""
    row = lookups.row(LOOKUP, register)
    return str(row.data.get("wire") or register) if row is not None else register


def parameters(lookups: Lookups, register: str) -> frozenset[str]:
    """Names of the parameters that the register takes."""
    row = lookups.row(LOOKUP, register)
    return frozenset(row.data.get("asks", ())) if row is not None else frozenset()


def bind_answer(lookups: Lookups, register: str, *, found: bool, record: Mapping[str, Any]) -> dict[str, Any]:
    """The answer as rules read it. Raises MalformedAnswer for missing or wrongly typed parts of a record that
    was found."""
    row = lookups.row(LOOKUP, register)
    declared: Mapping[str, str] = row.data.get("answers", {}) if row is not None else {}
    bound: dict[str, Any] = {"found": found}
    if not found:
        return bound
    for name, kind in declared.items():
        value: Any = record
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if value is None:
            raise MalformedAnswer(f"{register}: {name} is missing")
        _put(bound, name.split("."), _typed(value, CelType(kind), f"{register}: {name}"))
    return bound


def _typed(value: Any, kind: CelType, place: str) -> Any:
    try:
        if kind is CelType.DATE:
            return date.fromisoformat(str(value)[:10])
        if kind is CelType.DOUBLE and not isinstance(value, bool):
            return float(Decimal(str(value)))
        if (
            kind is CelType.STRINGS
            and isinstance(value, list)
            and all(isinstance(item, str) for item in value)
        ):
            return value
    except (ValueError, InvalidOperation) as error:
        raise MalformedAnswer(place) from error
    plain = {CelType.STRING: str, CelType.INT: int, CelType.BOOL: bool}.get(kind)
    if plain is not None and type(value) is plain:
        return value
    raise MalformedAnswer(f"{place} is not {kind.value}")


def _put(bound: dict[str, Any], parts: list[str], value: Any) -> None:
    for part in parts[:-1]:
        bound = bound.setdefault(part, {})
    bound[parts[-1]] = value
