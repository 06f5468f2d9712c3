"""Rules of a version tried with typed values: what it answers, which rows fire, what each line of the fee comes to."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.errors import NoRate
from diwan.catalogue.fees import Charged, charge_line
from diwan.catalogue.registers import answer_types
from diwan.catalogue.rulebook import check_rules, decision_tables, form_rules
from diwan.catalogue.schema import FeeLine
from diwan.catalogue.source import Where
from diwan.flow.table import Table
from diwan.forms.lookups import Lookups
from diwan.kit import fees
from diwan.kit.digits import to_ascii
from diwan.kit.errors import N_, InvalidValue
from diwan.kit.fees import Totals
from diwan.rules import DecisionTable, Expression, RuleError, compile_expression
from diwan.rules.types import CelType
from diwan.rules.verdict import Verdict

_HOLES = re.compile(r"\{([a-z_.]+)\}")
_DIGITS = 18
"""Digits of a whole number that every rule can hold."""
WRONG_VALUE = N_("This is no value of the type {type}.")


@dataclass(frozen=True, slots=True)
class Condition:
    """A CEL rule: where it stands in the definition, its text, its type, the register whose answer it reads."""

    place: Where
    text: str
    gives: CelType
    register: str = ""

    @property
    def key(self) -> str:
        """Its place as one word."""
        return ".".join(str(part) for part in self.place)


@dataclass(frozen=True, slots=True)
class TriedFee:
    """One line of the fee with what it comes to: `charged`, or why not (`applies` false, or a rate that is missing)."""

    line: FeeLine
    applies: bool
    charged: Charged | None = None
    missing: str = ""
    impossible: bool = False
    """The values typed make no amount: below zero, or too large."""


def conditions(service: CompiledService) -> list[Condition]:
    """Every CEL rule of a version, in the order of its definition."""
    definition = service.definition
    found = [Condition(place, text, kind) for place, text, kind in form_rules(definition)]
    found += [
        Condition(place, text, kind, register) for (place, text, kind), register in check_rules(definition)
    ]
    if service.table is not None:
        found += _of_workflow(service.table)
    return found


def _of_workflow(table: Table) -> Iterator[Condition]:
    for key, step in table.steps.items():
        place: Where = ("workflow", "steps", key)
        if step.deadline is not None and isinstance(step.deadline.amount, str):
            yield Condition((*place, "deadline", "amount"), step.deadline.amount, CelType.INT)
        for name in ("entity_from", "department_from", "party", "mobile"):
            text = getattr(step, name)
            if text is not None:
                yield Condition((*place, name), text, CelType.STRING)
        for number, branch in enumerate(step.branches):
            if branch.when is not None:
                yield Condition((*place, "branches", number, "when"), branch.when, CelType.BOOL)


def tables(service: CompiledService) -> Mapping[str, DecisionTable]:
    """The decision tables of a version by name."""
    return dict(decision_tables(service.definition, service.variable_types()))


def read_by_condition(service: CompiledService, rule: Condition, lookups: Lookups) -> dict[str, CelType]:
    """The variables that a rule reads, with their types."""
    types = _types(service, rule, lookups)
    return _read((_compiled(rule, types),), types)


def read_by_table(service: CompiledService, table: DecisionTable) -> dict[str, CelType]:
    """The variables that the columns of a table read."""
    return _read((column.source for column in table.inputs), service.variable_types())


def read_by_fees(service: CompiledService) -> dict[str, CelType]:
    """The variables on which the lines of the fee depend."""
    types = service.variable_types()
    found: dict[str, CelType] = {}
    for line in service.fee_lines:
        if line.when:
            found |= _read((compile_expression(line.when, types),), types)
        for name in (*_HOLES.findall(line.rate), *line.quantity, *filter(None, (line.years, line.days))):
            if name in types:
                found[name] = types[name]
    return found


def read_values(
    types: Mapping[str, CelType], typed: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, InvalidValue]]:
    """Typed texts as nested values; what was left empty is absent. Also what could not be read, by name."""
    values: dict[str, Any] = {}
    wrong: dict[str, InvalidValue] = {}
    for name, kind in types.items():
        text = typed.get(name, "").strip()
        if not text:
            continue
        try:
            _put(values, name.split("."), _value(text, kind))
        except (ValueError, TypeError):
            wrong[name] = InvalidValue("catalogue.wrong_value", WRONG_VALUE, type=kind.value)
    return values, wrong


def try_condition(
    service: CompiledService, rule: Condition, values: Mapping[str, Any], lookups: Lookups
) -> Verdict:
    """What the rule answers. Raises RuleError."""
    return _compiled(rule, _types(service, rule, lookups)).explain(values)


def try_fees(
    service: CompiledService, values: Mapping[str, Any], *, on: date, city_class: int, lookups: Lookups
) -> tuple[Sequence[TriedFee], Totals]:
    """Every line with what it comes to on a day in a class of city, and the totals of those that apply."""
    kept = _exact(values)
    tried = [_tried(service, line, values, kept, on, city_class, lookups) for line in service.fee_lines]
    return tried, fees.totals(one.charged.charged for one in tried if one.charged is not None)


def _tried(
    service: CompiledService, line: FeeLine, values: Mapping[str, Any], kept: Mapping[str, Any], on: date,
    city_class: int, lookups: Lookups,
) -> TriedFee:  # fmt: skip
    if not service.holds(line.when, values):
        return TriedFee(line, applies=False)
    try:
        return TriedFee(line, True, charge_line(line, kept, on=on, city_class=city_class, lookups=lookups))
    except NoRate as error:
        return TriedFee(line, True, missing=str(error.params["rate"]))
    except (ValueError, ArithmeticError):
        return TriedFee(line, True, impossible=True)


def _types(service: CompiledService, rule: Condition, lookups: Lookups) -> dict[str, CelType]:
    types = service.variable_types()
    return {**types, **answer_types(lookups, rule.register)} if rule.register else types


def _compiled(rule: Condition, types: Mapping[str, CelType]) -> Expression:
    return compile_expression(rule.text, types, rule.gives)


def _read(expressions: Any, types: Mapping[str, CelType]) -> dict[str, CelType]:
    """The declared variables of expressions, those among them that are only asked about with `has` too."""
    found: dict[str, CelType] = {}
    for expression in expressions:
        names = {*expression.variables, *re.findall(r"has\(\s*([a-z_0-9.]+)\s*\)", expression.text)}
        found |= {name: types[name] for name in sorted(names) if name in types}
    return found


def _value(text: str, kind: CelType) -> Any:
    """Raises ValueError."""
    plain = to_ascii(text).replace("\u066b", ".")
    if kind is CelType.BOOL:
        return {"true": True, "false": False}[text] if text in ("true", "false") else _refuse()
    if kind is CelType.INT:
        return int(plain) if len(plain) < _DIGITS else _refuse()
    if kind is CelType.DOUBLE:
        return float(plain) if math.isfinite(float(plain)) else _refuse()
    if kind is CelType.DATE:
        return date.fromisoformat(plain)
    if kind is CelType.STRINGS:
        return [part.strip() for part in re.split(r"[\n,\u060c]", text) if part.strip()]
    if kind in (CelType.LIST, CelType.MAP, CelType.DYN):
        return json.loads(text)
    return text


def _refuse() -> bool:
    raise ValueError


def _put(values: dict[str, Any], parts: Sequence[str], value: Any) -> None:
    for part in parts[:-1]:
        values = values.setdefault(part, {})
    values[parts[-1]] = value


def _exact(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fractions as the text that was typed: money is computed in decimals, never from floats."""
    return {
        key: _exact(value)
        if isinstance(value, Mapping)
        else (repr(value) if isinstance(value, float) else value)
        for key, value in values.items()
    }


__all__ = [
    "Condition",
    "RuleError",
    "TriedFee",
    "conditions",
    "read_by_condition",
    "read_by_fees",
    "read_by_table",
    "read_values",
    "tables",
    "try_condition",
    "try_fees",
]
