"""Answers as the variables of rules: `form.<field>`, `applicant.*`, `entry.*`, `today`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diwan.forms.context import FormContext
from diwan.forms.plan import FormPlan
from diwan.forms.registry import kind
from diwan.rules.types import CelType

APPLICANT: Mapping[str, CelType] = {
    "applicant.kind": CelType.STRING,
    "applicant.capacity": CelType.STRING,
    "applicant.national_id": CelType.STRING,
    "applicant.birth_date": CelType.DATE,
    "applicant.citizen": CelType.BOOL,
    "applicant.cr_number": CelType.STRING,
    "applicant.unified_number": CelType.STRING,
    "applicant.party_id": CelType.STRING,
    "applicant.mobile": CelType.STRING,
    "applicant.email": CelType.STRING,
}
"""What rules may read of the applicant's snapshot. `kind` is `individual` or `establishment`; `party_id` the
number that
owns in the registers (the establishment's owner's id, else the person's own)."""

ENTRY: Mapping[str, CelType] = {
    "entry.number": CelType.STRING,
    "entry.status": CelType.STRING,
    "entry.valid_from": CelType.DATE,
    "entry.valid_to": CelType.DATE,
    "entry.days_expired": CelType.INT,
    "entry.days_left": CelType.INT,
}
"""What rules of a service that renews an entry or is about one may read of it besides its kept answers."""


def form_types(plan: FormPlan) -> dict[str, CelType]:
    """Dotted variable name -> type for every field and document slot of the form."""
    types: dict[str, CelType] = {}
    for field in plan.fields():
        for suffix, found in kind(field.kind).variables(field).items():
            types[f"form.{field.key}{suffix}"] = found
    return types | {f"documents.{slot.key}": CelType.INT for slot in plan.slots}


def well_formed(plan: FormPlan, values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that have the shape of their kind; whatever else was stored counts as absent."""
    return {
        field.key: values[field.key]
        for field in plan.fields()
        if values.get(field.key) is not None and kind(field.kind).well_formed(values[field.key])
    }


def form_values(plan: FormPlan, values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as nested values of `form.*`; absent and malformed answers are left out."""
    bound: dict[str, Any] = {}
    for field in plan.fields() if values else ():
        value = values.get(field.key)
        if value is not None and (reader := kind(field.kind)).well_formed(value):
            bound[field.key] = reader.bind(value, field)
    return bound


def entry_types(plan: FormPlan) -> dict[str, CelType]:
    """`entry.<field>` -> type: what the renewed entry keeps of the same questions, with its own number and dates."""
    kept = {
        f"entry.{name.removeprefix('form.')}": found
        for name, found in form_types(plan).items()
        if name.startswith("form.")
    }
    return {**kept, **ENTRY}


def entry_values(plan: FormPlan, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The renewed entry as rules read it: kept answers bound like answers, the rest as it is."""
    if not entry:
        return {}
    return {**entry, **form_values(plan, {key: value for key, value in entry.items() if key not in _OWN})}


_OWN = frozenset(name.removeprefix("entry.") for name in ENTRY)


def variables_of(plan: FormPlan, values: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
    """Everything that rules of the form may read, but the facts."""
    return {
        "form": form_values(plan, values),
        "applicant": context.applicant,
        "entry": entry_values(plan, context.entry),
        "today": context.on,
    }
