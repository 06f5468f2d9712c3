"""What a form asks: fields, pages and papers, as the answers before each decide. Every condition is evaluated once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diwan.forms.context import FormContext
from diwan.forms.facts import derive, fact_values
from diwan.forms.plan import Field, FormPlan, Group, Page, Slot
from diwan.forms.registry import kind
from diwan.forms.variables import variables_of

Values = dict[str, Any]


def environment(plan: FormPlan, values: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
    """The variables of the form's rules: answers, facts, applicant, entry, today."""
    return {
        **variables_of(plan, values, context),
        "facts": fact_values(plan.facts, derive(plan, values, context)),
    }


def holds(rule: str | None, known: Mapping[str, Any], context: FormContext) -> bool:
    """Whether a `when` holds; None always does."""
    return rule is None or context.holds is None or context.holds(rule, known)


class Facts(Mapping[str, Any]):
    """The derived facts of answers that still come in: derived when a rule asks for one, and anew after an answer."""

    def __init__(
        self, plan: FormPlan, values: Values, context: FormContext, variables: Mapping[str, Any]
    ) -> None:
        self._plan, self._values, self._context, self._variables = plan, values, context, variables
        self._derived: dict[str, Any] | None = None
        self._read: dict[str, Any] = {}

    def derived(self) -> dict[str, Any]:
        """The facts as `Case.facts` keeps them."""
        if self._derived is None:
            self._derived = derive(self._plan, self._values, self._context, variables=self._variables)
            self._read = fact_values(self._plan.facts, self._derived)
        return self._derived

    def forget(self) -> None:
        """An answer was added."""
        self._derived = None

    def __getitem__(self, name: str) -> Any:
        self.derived()
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        self.derived()
        return iter(self._read)

    def __len__(self) -> int:
        self.derived()
        return len(self._read)


class Known:
    """Answers added one by one, and the variables that the form's rules read of them.

    Many questions and papers hang on the same rule: its answer is kept until an answer comes in that it could read.
    """

    def __init__(self, plan: FormPlan, context: FormContext) -> None:
        self._context = context
        self._held: dict[str, bool] = {}
        self.values: Values = {}
        variables = variables_of(plan, {}, context)
        self.facts = Facts(plan, self.values, context, variables)
        self.variables = {**variables, "facts": self.facts}

    def add(self, field: Field, value: Any) -> None:
        """Keep an answer. Rules see it when it has the shape of its kind."""
        self.values[field.key] = value
        reader = kind(field.kind)
        if reader.well_formed(value):
            self.variables["form"][field.key] = reader.bind(value, field)
        self.facts.forget()
        self._held = {
            rule: held for rule, held in self._held.items() if field.key not in rule and "facts" not in rule
        }

    def holds(self, rule: str) -> bool:
        """Whether a `when` holds for the answers so far."""
        found = self._held.get(rule)
        if found is None:
            found = self._held[rule] = holds(rule, self.variables, self._context)
        return found


def evaluated(
    plan: FormPlan, values: Mapping[str, Any], context: FormContext
) -> tuple[list[tuple[Page, Group, Field]], Known]:
    """The questions asked, and what the rules know when every answer to them is in."""
    shown: list[tuple[Page, Group, Field]] = []
    known = Known(plan, context)
    for page, group, field in plan.placed():
        if not asked_of(page, context):
            continue
        if not all(known.holds(rule) for rule in (page.when, group.when, field.when) if rule):
            continue
        shown.append((page, group, field))
        value = values.get(field.key)
        if value is not None:
            known.add(field, value)
    return shown, known


def asked_of(page: Page, context: FormContext) -> bool:
    """Whether the page is asked of whoever answers in this context."""
    return context.part is None or page.by == context.part


def visible(
    plan: FormPlan, values: Mapping[str, Any], context: FormContext
) -> list[tuple[Page, Group, Field]]:
    """The questions asked, given the answers so far. Hidden answers count as absent, in order of the form."""
    return evaluated(plan, values, context)[0]


def visible_fields(plan: FormPlan, values: Mapping[str, Any], context: FormContext) -> list[Field]:
    """The fields asked, given the answers so far."""
    return [field for _page, _group, field in visible(plan, values, context)]


def plan_pages(plan: FormPlan, values: Mapping[str, Any], context: FormContext) -> list[Page]:
    """The pages that have something to ask, in order."""
    asked = {page.key for page, _group, _field in visible(plan, values, context)}
    slots = {slot.key for slot in visible_slots(plan, values, context)}
    return [page for page in plan.pages if page.key in asked or slots & set(page.slots)]


def visible_slots(plan: FormPlan, values: Mapping[str, Any], context: FormContext) -> list[Slot]:
    """The papers asked, given the answers."""
    return slots_of(plan, evaluated(plan, values, context)[1], context)


def slots_of(plan: FormPlan, known: Known, context: FormContext) -> list[Slot]:
    """The papers asked, given what the rules know."""
    others = {key for page in plan.pages if not asked_of(page, context) for key in page.slots}
    return [
        slot
        for slot in plan.slots
        if slot.key not in others and (slot.when is None or known.holds(slot.when))
    ]


def clean(plan: FormPlan, values: Mapping[str, Any], context: FormContext) -> Values:
    """The answers without those to questions that are not asked (any more)."""
    return evaluated(plan, values, context)[1].values


def page_groups(
    plan: FormPlan, page: Page, values: Mapping[str, Any], context: FormContext
) -> list[tuple[Group, list[Field]]]:
    """The groups of a page with the fields asked in each."""
    asked = {field.key for found, _group, field in visible(plan, values, context) if found.key == page.key}
    groups = [(group, [field for field in group.fields if field.key in asked]) for group in page.groups]
    return [(group, fields) for group, fields in groups if fields]
