"""`Table` <-> plain JSON data, exactly reversible; defaults are left out, so a stored table stays small."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any

from diwan.flow.table import (
    Branch,
    Cancel,
    Deadline,
    Exit,
    Intervention,
    Late,
    Reopen,
    Returns,
    Silence,
    Step,
    Table,
    Text,
    VoteRule,
    Withdraw,
)

FORMAT = 1
"""Version of the stored shape."""


def to_json(table: Table) -> dict[str, Any]:
    """The table as JSON-able data; equal tables give equal data."""
    return {"format": FORMAT, **_encode(table)}


def from_json(value: Mapping[str, Any]) -> Table:
    """The table stored by `to_json`. It was proven when it was made and is not proven again."""
    if value.get("format") != FORMAT:
        raise ValueError(f"unknown format of a compiled workflow: {value.get('format')!r}")
    table: Table = _decode(Table, {key: item for key, item in value.items() if key != "format"})
    return table


def _encode(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _encode(item) for key, item in value.items()}
    if not hasattr(value, "__dataclass_fields__"):
        return value
    found = {}
    for spec in fields(value):
        item = getattr(value, spec.name)
        default = spec.default_factory() if spec.default_factory is not MISSING else spec.default
        if default is MISSING or item != default:
            found[spec.name] = _encode(item)
    return found


def _many(kind: type) -> Callable[[Any], Any]:
    return lambda value: tuple(_decode(kind, item) for item in value)


def _named(kind: type) -> Callable[[Any], Any]:
    return lambda value: {key: _decode(kind, item) for key, item in value.items()}


def _one(kind: type) -> Callable[[Any], Any]:
    return lambda value: _decode(kind, value)


_PARTS: Mapping[type, Mapping[str, Callable[[Any], Any]]] = {
    Table: {
        "steps": _named(Step),
        "deadline": _one(Deadline),
        "withdraw": _one(Withdraw),
        "cancel": _one(Cancel),
        "reopen": _one(Reopen),
        "returns": _one(Returns),
        "interventions": _named(Intervention),
    },
    Step: {
        "title": _one(Text),
        "public": _one(Text),
        "exits": _named(Exit),
        "deadline": _one(Deadline),
        "silence": _one(Silence),
        "branches": _many(Branch),
        "vote": _one(VoteRule),
        "otherwise_why": _one(Text),
    },
    Exit: {"label": _one(Text)},
    Intervention: {"label": _one(Text)},
    Branch: {"why": _one(Text)},
    Silence: {"text": _one(Text)},
    Returns: {"why": _one(Text)},
    Deadline: {"late": _many(Late)},
}


def _decode(kind: type, value: Mapping[str, Any]) -> Any:
    parts = _PARTS.get(kind, {})
    found: dict[str, Any] = {}
    for key, item in value.items():
        read = parts.get(key)
        if read is not None:
            found[key] = None if item is None else read(item)
        else:
            found[key] = tuple(item) if isinstance(item, list) else item
    return kind(**found)
