"""On which answers a price depends, and whether they are all there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from diwan.catalogue.compiled import CompiledService
from diwan.forms.context import FormContext
from diwan.forms.entry import visible_fields
from diwan.forms.plan import Field

_NAME = re.compile(r"\b(form|facts)\.([a-z_0-9]+)")


def city_class_of(service: CompiledService, values: Mapping[str, Any], context: FormContext) -> int:
    """The class of the municipality in which the answers' place lies, for the price table; 1 when there is no place."""
    for field in service.form.fields():
        value = values.get(field.key) if field.kind == "place" else None
        if value:
            row = context.lookups.row("municipalities", str(value.get("municipality", "")))
            return int(row.data.get("city_class", 1)) if row is not None else 1
    return 1


def calculator_fields(
    service: CompiledService, values: Mapping[str, Any], context: FormContext
) -> list[Field]:
    """The questions on which the fee depends, those that are asked given the answers so far, in order of the form."""
    wanted = calculator_keys(service)
    return [field for field in visible_fields(service.form, values, context) if field.key in wanted]


def calculator_keys(service: CompiledService) -> frozenset[str]:
    """Keys of the questions on which the fee can depend."""
    wanted: set[str] = set()
    for line in service.fee_lines:
        _gather(
            service, f"{line.rate} {' '.join(line.quantity)} {line.years or ''} {line.when or ''}", wanted
        )
    return frozenset(wanted)


def complete_for_fee(fields: list[Field], values: Mapping[str, Any]) -> bool:
    """Whether every required question of the calculator is answered."""
    return all(values.get(field.key) is not None for field in fields if field.required)


def _gather(service: CompiledService, text: str, found: set[str]) -> None:
    """Add the fields that a rule or name reads, through facts and conditions."""
    for space, name in _NAME.findall(text):
        if space == "form" and name not in found:
            field = service.form.field(name)
            if field is None:
                continue
            found.add(name)
            _gather(service, field.when or "", found)
        elif space == "facts":
            fact = next((item for item in service.form.facts if item.key == name), None)
            if fact is None:
                continue
            of = fact.options.get("of", "")
            names = of if isinstance(of, list | tuple) else [of]
            _gather(service, " ".join(f"form.{item}" for item in names if item), found)
            _gather(service, str(fact.options.get("when", "")), found)
            if fact.kind == "table":
                _gather(service, " ".join(_asked_by_table(service, str(fact.options["table"]))), found)


def _asked_by_table(service: CompiledService, name: str) -> list[str]:
    """The rules that give the inputs of a decision table."""
    inputs = service.definition.tables[name]["inputs"]  # published, so it is there and whole
    return [str(column.get("from", "")) for column in inputs.values()]
