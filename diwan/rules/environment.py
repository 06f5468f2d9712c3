"""The CEL environment: declared variables, our own functions, and the compiler's messages as `RuleError`."""

from __future__ import annotations

import datetime
import functools
import re
from typing import Any

from cel_expr_python import cel
from cel_expr_python.ext import ext_math

from diwan.kit.errors import N_
from diwan.rules.errors import AS_SAID, RuleError
from diwan.rules.types import CelType

PRESENT = "has_"
"""Prefix of the flag that tells whether a dotted variable has a value: ``has(form.x)`` is read as ``has_form.x``."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*\Z")
GIVES = N_("The rule gives {found}; {wanted} is expected.")
GIVES_UNKNOWN = N_(
    "Of what type the result is shows only when the rule is evaluated; {wanted} is expected. Declare the variable, or"
    " compare it with a value."
)
TOO_DEEP = N_("The rule is nested too deep.")
SYNTAX = N_("This is not how a rule is written: {said}")
NOTHING_NAMED = N_("Nothing is named {name} here.")
NO_OVERLOAD = N_("{sign} can't be used with these types: {types}.")
MIXED = N_("{sign} can't be used with these types: {types}. Write a decimal number as 10.0.")

_UNDECLARED = re.compile(r"undeclared reference to '([^']+)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']+)' applied to '\(?(.*?)\)?'")
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
            raise RuleError(AS_SAID, code="rules.variable", said=f"the variable {name} is not a dotted name")
        declared[name] = TYPES[kind]
        if "." in name:
            declared[PRESENT + name] = cel.Type.BOOL
    return cel.NewEnv(variables=declared, extensions=[ext_math.ExtMath()], functions=_functions())


def check_result(compiled: Any, result: CelType) -> None:
    """Refuse an expression that does not give ``result``."""
    found, wanted = compiled.return_type(), TYPES[result]
    if result is CelType.DYN or found == wanted:
        return
    message = GIVES_UNKNOWN if found == cel.Type.DYN else GIVES
    raise RuleError(message, 1, 1, code="rules.result_type", found=found.name().lower(), wanted=result.value)


def problem(message: str) -> RuleError:
    """The compiler's message as a `RuleError`, with a hint where people commonly stumble."""
    match = _ERROR.search(message)
    if match is None:
        deep = "recursion limit" in message
        said = message.split(" [")[0].split(": ", 1)[-1]
        return RuleError(
            TOO_DEEP if deep else AS_SAID, 1, 1, code="rules.too_deep" if deep else "rules.invalid", said=said
        )
    line, column, reason = int(match[1]), int(match[2]), match[3].removesuffix(" [INVALID_ARGUMENT]")
    if "Syntax error" in reason:
        said = reason.split("Syntax error: ", 1)[-1]
        return RuleError(SYNTAX, line, column, code="rules.syntax", said=said)
    if (found := _UNDECLARED.search(reason)) is not None:
        return RuleError(NOTHING_NAMED, line, column, code="rules.unknown_name", name=found[1])
    if (found := _OVERLOAD.search(reason)) is not None:
        sign, types = _sign(found[1]), found[2]
        mixed = {"double", "int"} == set(types.split(", "))
        message = MIXED if mixed else NO_OVERLOAD
        return RuleError(message, line, column, code="rules.type", sign=sign, types=types)
    return RuleError(AS_SAID, line, column, code="rules.type", said=reason)


def _sign(name: str) -> str:
    """`_+_` as it is written: `+`; names of functions as they are."""
    return name if name.replace("_", "").isalpha() else name.replace("_", " ").replace("@", "").strip()
