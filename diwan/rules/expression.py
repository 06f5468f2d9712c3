"""CEL expressions: compiled and type-checked once, evaluated in microseconds.

Variables are declared by dotted name with a type, for instance ``{"form.area": CelType.DOUBLE}``, so an unknown field
and a wrong type are both found when the expression is compiled. A declared variable without a value (absent or None)
reads as the empty value of its type (false, 0, "", an empty list, 1970-01-01) and ``has(form.area)`` tells.

Functions besides CEL's own: ``date("2026-02-28")``, ``days(90)`` and the ``math`` extension. Money is never computed
here: CEL has no decimal.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Callable, Mapping
from typing import Any

from cel_expr_python import cel
from cel_expr_python.ext import ext_math

from diwan.kit.errors import N_
from diwan.rules.errors import RuleError
from diwan.rules.scan import cost, paths, present, words
from diwan.rules.types import CelType
from diwan.rules.verdict import Verdict

MAX_LENGTH = 2000
"""Characters in one expression."""
MAX_ITEMS = 1000
"""Items in a list or map that an expression may read."""
MAX_COST = 200_000
"""Static cost: tokens, each multiplied by `COST_ITEMS` for every macro around it."""
COST_ITEMS = 100

_UTC = datetime.UTC
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=_UTC)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*\Z")
_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")

_CEL = {
    CelType.BOOL: cel.Type.BOOL,
    CelType.INT: cel.Type.INT,
    CelType.DOUBLE: cel.Type.DOUBLE,
    CelType.STRING: cel.Type.STRING,
    CelType.DATE: cel.Type.TIMESTAMP,
    CelType.TIMESTAMP: cel.Type.TIMESTAMP,
    CelType.DURATION: cel.Type.DURATION,
    CelType.STRINGS: cel.Type.List(cel.Type.STRING),
    CelType.LIST: cel.Type.List(cel.Type.DYN),
    CelType.MAP: cel.Type.Map(cel.Type.STRING, cel.Type.DYN),
    CelType.DYN: cel.Type.DYN,
}
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


def _date(text: str) -> datetime.datetime:
    return datetime.datetime.combine(datetime.date.fromisoformat(text), datetime.time(), _UTC)


def _days(number: int) -> datetime.timedelta:
    return datetime.timedelta(days=number)


def _functions() -> list[Any]:
    text, whole = cel.Type.STRING, cel.Type.INT
    return [
        cel.FunctionDecl("date", [cel.Overload("date(string)", cel.Type.TIMESTAMP, [text], impl=_date)]),
        cel.FunctionDecl("days", [cel.Overload("days(int)", cel.Type.DURATION, [whole], impl=_days)]),
    ]


def _as_date(value: Any) -> Any:
    """A day as midnight UTC; ISO text is read, a moment keeps its own day."""
    if isinstance(value, str):
        value = datetime.date.fromisoformat(value)
    return datetime.datetime(value.year, value.month, value.day, tzinfo=_UTC)


def _as_moment(value: Any) -> Any:
    return datetime.datetime.fromisoformat(value) if isinstance(value, str) else value


def _as_items(value: Any) -> Any:
    """A list or map small enough to be read by a rule."""
    if len(value) > MAX_ITEMS:
        raise RuleError(f"more than {MAX_ITEMS} items", code="rules.too_many_items")
    return list(value) if isinstance(value, tuple) else value


def _as_map(value: Any) -> Any:
    return value if type(value) is dict else dict(value)


_CONVERT: dict[CelType, Callable[[Any], Any]] = {
    CelType.DATE: _as_date,
    CelType.TIMESTAMP: _as_moment,
    CelType.STRINGS: _as_items,
    CelType.LIST: _as_items,
    CelType.MAP: _as_map,
}


class Expression:
    """A compiled expression. Immutable and safe to share between threads."""

    __slots__ = ("_compiled", "_reads", "result", "text", "variables")

    def __init__(
        self, text: str, compiled: Any, reads: list[tuple[str, CelType, bool]], result: CelType
    ) -> None:
        self.text = text
        self.result = result
        self.variables = tuple(name for name, _kind, presence in reads if not presence)
        self._compiled = compiled
        self._reads = tuple(
            (
                ("has_" if presence else "") + name,
                tuple(name.split(".")),
                _EMPTY[kind],
                _CONVERT.get(kind),
                presence,
            )
            for name, kind, presence in reads
        )

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """The value for nested ``values`` (``{"form": {"area": 12.5}, "today": date}``).

        Only what the expression names is looked at. Raises `RuleError` when it cannot be evaluated.
        """
        return self._run(self._bind(values))

    def explain(self, values: Mapping[str, Any]) -> Verdict:
        """The value, with the inputs that were read (JSON-able)."""
        bound = self._bind(values)
        return Verdict(plain(self._run(bound)), {name: plain(value) for name, value in bound.items()})

    def _bind(self, values: Mapping[str, Any]) -> dict[str, Any]:
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
                bound[name] = self._converted(name, value, convert)
            else:
                bound[name] = value
        return bound

    def _converted(self, name: str, value: Any, convert: Callable[[Any], Any]) -> Any:
        try:
            return convert(value)
        except RuleError as error:
            raise RuleError(f"{name}: {error.message}", code=error.code) from None
        except (TypeError, ValueError, AttributeError):
            raise RuleError(f"{name}: {value!r} has the wrong type", code="rules.wrong_input") from None

    def _run(self, bound: dict[str, Any]) -> Any:
        try:
            found = self._compiled.eval(data=bound)
        except RuntimeError as error:
            raise RuleError(str(error), code="rules.evaluation") from None
        value = found.plain_value()
        if (value is True or value is False) and self.result is CelType.BOOL:
            return value
        if found.type() == cel.Type.ERROR:
            raise RuleError(f"{self.text}: {value}", code="rules.evaluation")
        if self.result is CelType.DATE:
            return value.date()
        return value


def plain(value: Any) -> Any:
    """A value as JSON-able data: days and moments in ISO form, durations in seconds."""
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


@functools.lru_cache(maxsize=256)
def _environment(variables: frozenset[tuple[str, CelType]]) -> Any:
    declared: dict[str, Any] = {}
    for name, kind in variables:
        if not _NAME.match(name):
            raise RuleError(
                N_("the variable {name} is not a dotted name").format(name=name), code="rules.variable"
            )
        declared[name] = _CEL[kind]
        if "." in name:
            declared[f"has_{name}"] = cel.Type.BOOL
    return cel.NewEnv(variables=declared, extensions=[ext_math.ExtMath()], functions=_functions())


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
        raise RuleError(f"longer than {MAX_LENGTH} characters", 1, MAX_LENGTH, code="rules.too_long")
    if not text.strip():
        raise RuleError("the expression is empty", 1, 1, code="rules.empty")
    kinds = dict(variables)
    tokens = words(text)
    if cost(tokens, COST_ITEMS) > MAX_COST:
        raise RuleError("too costly: loops inside loops", 1, 1, code="rules.too_costly")
    source = present(text, tokens, frozenset(name for name in kinds if "." in name))
    try:
        compiled = _environment(variables).compile(source)
    except RuntimeError as error:
        raise _problem(str(error)) from None
    _check_result(compiled.return_type(), result)
    return Expression(text, compiled, _reads(source, kinds), result)


def _check_result(found: Any, result: CelType) -> None:
    wanted = _CEL[result]
    if result is CelType.DYN or found == wanted:
        return
    if found == cel.Type.DYN:
        hint = "the type is only known when evaluated: declare the variable, or compare it with a value"
        raise RuleError(f"gives dyn, not {result.value}; {hint}", 1, 1, code="rules.result_type")
    raise RuleError(f"gives {found.name().lower()}, not {result.value}", 1, 1, code="rules.result_type")


def _reads(source: str, kinds: Mapping[str, CelType]) -> list[tuple[str, CelType, bool]]:
    """The declared variables that the source names: the longest declared prefix of each path."""
    found: dict[tuple[str, bool], CelType] = {}
    for path, _offset, _last in paths(words(source)):
        parts = path.split(".")
        for length in range(len(parts), 0, -1):
            name = ".".join(parts[:length])
            bare = name.removeprefix("has_")
            if name in kinds:
                found[(name, False)] = kinds[name]
                break
            if bare != name and "." in bare and bare in kinds:
                found[(bare, True)] = kinds[bare]
                break
    return [(name, kind, presence) for (name, presence), kind in found.items()]


def _problem(message: str) -> RuleError:
    """The compiler's message as a `RuleError`, with a hint where people commonly stumble."""
    match = _ERROR.search(message)
    if match is None:
        return RuleError(message.split(" [")[0], 1, 1)
    line, column, reason = int(match[1]), int(match[2]), match[3].removesuffix(" [INVALID_ARGUMENT]")
    code = "rules.type"
    if "Syntax error" in reason:
        code = "rules.syntax"
    elif "undeclared reference" in reason:
        code = "rules.unknown_name"
        reason = reason.replace(" (in container '')", "")
    elif "(double, int)" in reason or "(int, double)" in reason:
        reason += "; write a decimal number as 10.0"
    return RuleError(reason, line, column, code=code)
