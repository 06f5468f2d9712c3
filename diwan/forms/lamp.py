"""The lamp before submit: will it be accepted, returned, or does it need an approval, with the rule in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.entry import environment, validate_all
from diwan.forms.plan import FormPlan, LampRule

ACCEPTED, NEEDS_APPROVAL, RETURNED = "accepted", "needs_approval", "returned"
_ORDER = (ACCEPTED, NEEDS_APPROVAL, RETURNED)


@dataclass(frozen=True, slots=True)
class LampLine:
    """One reason for the colour: the rule in words and what to do."""

    code: str
    says: str
    text: Text
    fix: Text | None = None
    article: str | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lamp:
    """`says` is the gravest of the lines: `accepted`, `needs_approval` or `returned`; `missing` are unanswered
    fields."""

    says: str
    lines: tuple[LampLine, ...] = ()
    missing: tuple[str, ...] = ()


def lamp(
    plan: FormPlan,
    values: Mapping[str, Any],
    documents: Mapping[str, Any],
    context: FormContext,
    *,
    rules: Iterable[LampRule] = (),
    known: Mapping[str, Any] | None = None,
) -> Lamp:
    """Run the rules of the lamp over the answers.

    `rules` are further ones (the automatic checks that need no register, or whose answer is there already);
    `known` adds
    variables they read. Unanswered or wrong fields make it `returned`.
    """
    problems = validate_all(plan, values, documents, context)
    variables = {**environment(plan, values, context), **(known or {})}
    lines = tuple(
        LampLine(rule.code, rule.says, rule.text, rule.fix, rule.article, rule.fields)
        for rule in (*plan.lamp, *rules)
        if context.holds is not None and context.holds(rule.when, variables)
    )
    gravest = max((_ORDER.index(line.says) for line in lines), default=0)
    return Lamp(RETURNED if problems else _ORDER[gravest], lines, tuple(problems))
