"""From nested values to the flat variables that one expression reads, in the types CEL knows."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from diwan.kit.errors import N_
from diwan.rules.environment import PRESENT
from diwan.rules.errors import RuleError
from diwan.rules.scan import paths, words
from diwan.rules.types import CelType

MAX_ITEMS = 500
"""Items in a list or map that an expression may read."""

_UTC = datetime.UTC
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=_UTC)

_EMPTY: dict[CelType, Any] = {
    CelType.BOOL: False,
    CelType.INT: 0,
    CelType.DOUBLE: 0.0,
    CelType.STRING: "",
    CelType.DATE: _EPOCH,
    CelType.TIMESTAMP: _EPOCH,
    CelType.DURATION: datetime.timedelta(0),
    CelType.STRINGS: [],
    CelType.LIST: [],
    CelType.MAP: {},
    CelType.DYN: None,
}


def _as_date(value: Any) -> Any:
    """A day as midnight UTC; ISO text is read, a moment keeps the day it shows."""
    if isinstance(value, str):
        value = datetime.date.fromisoformat(value)
    return datetime.datetime(value.year, value.month, value.day, tzinfo=_UTC)


def _as_moment(value: Any) -> Any:
    return datetime.datetime.fromisoformat(value) if isinstance(value, str) else value


def _as_double(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _as_text(value: Any) -> Any:
    """A text as it is; CEL would read it only up to a NUL, so one is refused."""
    if isinstance(value, str) and "\0" in value:
        raise RuleError(N_("The text holds a sign that can't be used in it."), code="rules.wrong_input")
    return value


def _as_known(value: Any) -> Any:
    """A value of any type, to any depth, in types that CEL knows. Days and moments inside are ISO texts."""
    if isinstance(value, Mapping | list | tuple):
        if len(value) > MAX_ITEMS:
            raise RuleError(
                N_("More than {most} are not allowed here."), code="rules.too_many_items", most=MAX_ITEMS
            )
        if isinstance(value, Mapping):
            return {key: _as_known(item) for key, item in value.items()}
        return [_as_known(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return _as_text(value)


_CONVERT: dict[CelType, Callable[[Any], Any]] = {
    CelType.DATE: _as_date,
    CelType.TIMESTAMP: _as_moment,
    CelType.DOUBLE: _as_double,
    CelType.STRING: _as_text,
    CelType.STRINGS: _as_known,
    CelType.LIST: _as_known,
    CelType.MAP: _as_known,
    CelType.DYN: _as_known,
}


_PLAIN = frozenset({bool, int, float, str})


def plain(value: Any) -> Any:
    """A value as JSON-able data: days and moments in ISO form, durations in seconds."""
    if value is None or type(value) in _PLAIN:
        return value
    if isinstance(value, datetime.datetime):
        midnight = value.tzinfo is not None and value.timetz() == _EPOCH.timetz()
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


class Binding:
    """The variables that one expression reads, found once in its source."""

    __slots__ = ("_reads", "variables")

    def __init__(self, source: str, kinds: Mapping[str, CelType]) -> None:
        reads, keys = _reads(source, kinds)
        self.variables = tuple(name for name, presence in reads if not presence)
        self._reads = tuple(
            (
                (PRESENT if presence else "") + name,
                tuple(name.split(".")),
                _EMPTY[kind],
                _picker(keys[name]) if keys.get(name) else _CONVERT.get(kind),
                presence,
            )
            for (name, presence), kind in reads.items()
        )

    def bind(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The flat values for nested ``values``; raises `RuleError` for one that cannot be of its type."""
        bound: dict[str, Any] = {}
        for name, parts, empty, convert, presence in self._reads:
            value: Any = values
            for part in parts:
                try:
                    value = value[part]
                except (KeyError, TypeError):
                    value = None
                    break
            if presence:
                bound[name] = value is not None
            elif value is None:
                bound[name] = empty
            elif convert is not None:
                bound[name] = _converted(name, value, convert)
            else:
                bound[name] = value
        return bound


def _converted(name: str, value: Any, convert: Callable[[Any], Any]) -> Any:
    try:
        return convert(value)
    except RuleError as error:
        raise RuleError("{name}: {told}", code=error.code, name=name, told=error.told) from None
    except (TypeError, ValueError, AttributeError):
        raise RuleError(
            N_("{name}: {value} is of another type than expected."),
            code="rules.wrong_input",
            name=name,
            value=repr(value),
        ) from None


def _picker(keys: frozenset[str]) -> Callable[[Any], Any]:
    """Only the entries of a map that the expression names: a large lookup is neither copied nor put in the record."""

    def pick(value: Any) -> Any:
        return {key: _as_known(value[key]) for key in keys if key in value}

    return pick


def _reads(
    source: str, kinds: Mapping[str, CelType]
) -> tuple[dict[tuple[str, bool], CelType], dict[str, frozenset[str]]]:
    """The declared variables that ``source`` names, and for maps read by fixed keys only, those keys."""
    reads: dict[tuple[str, bool], CelType] = {}
    keys: dict[str, frozenset[str]] = {}
    for path, _offset, _last in paths(words(source)):
        parts = path.split(".")
        for length in range(len(parts), 0, -1):
            name = ".".join(parts[:length])
            bare = name.removeprefix(PRESENT)
            if name in kinds:
                kind = reads[(name, False)] = kinds[name]
                if kind is CelType.MAP:
                    whole = length == len(parts) or (name in keys and not keys[name])
                    keys[name] = frozenset() if whole else keys.get(name, frozenset()) | {parts[length]}
                break
            if bare != name and "." in bare and bare in kinds:
                reads[(bare, True)] = kinds[bare]
                break
    return reads, keys
