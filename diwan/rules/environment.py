"""The CEL environment: declared variables, our own functions, and the compiler's messages as `RuleError`."""

from __future__ import annotations

import datetime
import functools
import re
from typing import Any

from cel_expr_python import cel
from cel_expr_python.ext import ext_math

from diwan.rules.errors import RuleError
from diwan.rules.types import CelType

PRESENT = "has_"
"""Prefix of the flag that tells whether a dotted variable has a value: ``has(form.x)`` is read as ``has_form.x``."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*\Z")
_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")

TYPES = {
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


def _date(text: str) -> datetime.datetime:
    return datetime.datetime.combine(datetime.date.fromisoformat(text), datetime.time(), datetime.UTC)


def _days(number: int) -> datetime.timedelta:
    return datetime.timedelta(days=number)


def _functions() -> list[Any]:
    text, whole = cel.Type.STRING, cel.Type.INT
    return [
        cel.FunctionDecl("date", [cel.Overload("date(string)", cel.Type.TIMESTAMP, [text], impl=_date)]),
        cel.FunctionDecl("days", [cel.Overload("days(int)", cel.Type.DURATION, [whole], impl=_days)]),
    ]


@functools.lru_cache(maxsize=256)
def environment(variables: frozenset[tuple[str, CelType]]) -> Any:
    """The environment that knows exactly ``variables``, and for every dotted one whether it has a value."""
    declared: dict[str, Any] = {}
    for name, kind in variables:
        if not _NAME.match(name):
            raise RuleError(f"the variable {name} is not a dotted name", code="rules.variable")
        declared[name] = TYPES[kind]
        if "." in name:
            declared[PRESENT + name] = cel.Type.BOOL
    return cel.NewEnv(variables=declared, extensions=[ext_math.ExtMath()], functions=_functions())


def check_result(compiled: Any, result: CelType) -> None:
    """Refuse an expression that does not give ``result``."""
    found, wanted = compiled.return_type(), TYPES[result]
    if result is CelType.DYN or found == wanted:
        return
    reason = f"gives {found.name().lower()}, not {result.value}"
    if found == cel.Type.DYN:
        reason += "; the type is only known when evaluated: declare the variable, or compare it with a value"
    raise RuleError(reason, 1, 1, code="rules.result_type")


def problem(message: str) -> RuleError:
    """The compiler's message as a `RuleError`, with a hint where people commonly stumble."""
    match = _ERROR.search(message)
    if match is None:
        code = "rules.too_deep" if "recursion limit" in message else "rules.invalid"
        return RuleError(message.split(" [")[0].split(": ", 1)[-1], 1, 1, code=code)
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
