"""The variables of every rule of a service: their types when it is published, their values when it runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from diwan.catalogue.schema import Definition
from diwan.forms.facts import fact_values, type_of
from diwan.forms.plan import FormPlan
from diwan.forms.variables import APPLICANT, entry_types, entry_values, form_types, form_values
from diwan.rules.types import CelType

CASE: Mapping[str, CelType] = {
    "case.round": CelType.INT,
    "case.channel": CelType.STRING,
    "checks.passed": CelType.STRINGS,
    "checks.failed": CelType.STRINGS,
    "checks.silent": CelType.STRINGS,
    "visit.score": CelType.INT,
    "visit.passed": CelType.BOOL,
    "item": CelType.STRING,
}
"""What rules may read of a running case besides answers and facts: codes of checks by state, the last visit, and
between an each and its join what the token is for."""

CONTESTED: Mapping[str, CelType] = {
    "contested.what": CelType.STRING,
    "contested.service": CelType.STRING,
    "contested.state": CelType.STRING,
    "contested.roles": CelType.STRINGS,
}
"""What rules of an objection may read of the decision: `case` or `entry`, the service, how it ended, and the roles of
the post that decided on an entry."""


def variable_types(definition: Definition, steps: Iterable[str] = ()) -> dict[str, CelType]:
    """Dotted name -> type for the rules of a service.

    `outcomes.<step>` is the last exit taken at a step ("": none); `answered.<step>` are the exits that the tokens of
    the each around it took there, in their order.
    """
    types: dict[str, CelType] = {"today": CelType.DATE, **APPLICANT, **CASE}
    types |= form_types(definition.form)
    types |= {f"facts.{fact.key}": type_of(fact) for fact in definition.form.facts}
    for step in steps:
        types |= {f"outcomes.{step}": CelType.STRING, f"answered.{step}": CelType.STRINGS}
    if definition.renewal is not None or definition.about is not None:
        types |= entry_types(definition.form)
    if definition.contests is not None:
        types |= CONTESTED
    return types


def environment(
    plan: FormPlan,
    *,
    values: Mapping[str, Any],
    facts: Mapping[str, Any],
    today: date,
    applicant: Mapping[str, Any] | None = None,
    entry: Mapping[str, Any] | None = None,
    documents: Mapping[str, Sequence[Any]] | None = None,
    checks: Mapping[str, str] | None = None,
    outcomes: Mapping[str, str] | None = None,
    visit: Mapping[str, Any] | None = None,
    case: Mapping[str, Any] | None = None,
    contested: Mapping[str, Any] | None = None,
    answer: Mapping[str, Any] | None = None,
    answered: Mapping[str, Any] | None = None,
    item: str = "",
) -> dict[str, Any]:
    """Nested values for `evaluate`. `checks` maps check code -> `passed`, `failed`, `silent` or `manual`."""
    states = checks or {}
    return {
        "form": form_values(plan, values),
        "facts": fact_values(plan.facts, facts),
        "documents": {key: len(found) for key, found in (documents or {}).items()},
        "applicant": applicant or {},
        "entry": entry_values(plan, entry or {}),
        "today": today,
        "checks": {
            "passed": [code for code, state in states.items() if state in ("passed", "manual")],
            "failed": [code for code, state in states.items() if state == "failed"],
            "silent": [code for code, state in states.items() if state == "silent"],
        },
        "outcomes": outcomes or {},
        "visit": visit or {},
        "case": case or {},
        "contested": contested or {},
        "answer": answer or {},
        "answered": answered or {},
        "item": item,
    }
