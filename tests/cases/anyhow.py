"""Generated actors: any packaged service is opened and moved by whatever its workflow lets happen, rules by chance.

Cases move by the engine itself (lock, move, saved by its statement); whoever acts is taken for entitled. What a bill
costs and what a document brings about in the register are not asked here: both have tests of their own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from unittest.mock import patch

from django.db import transaction

from diwan.cases.actions.open_cases import open_cases
from diwan.cases.guards import outrun
from diwan.cases.loading import Loaded, lock_case
from diwan.cases.models import Case
from diwan.cases.moving import Entry, move
from diwan.cases.opening import Opening
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.models import ServiceVersion
from diwan.flow import Table
from diwan.flow.events import (
    Cancelled,
    Completed,
    Event,
    Expired,
    Intervened,
    Message,
    Paid,
    Reopened,
    Signed,
    Withdrawn,
)
from diwan.flow.soundness import _events
from diwan.kit import clock
from diwan.payments.actions import NewLine, issue_bill
from diwan.payments.models import Bill
from diwan.people.actor import Actor, system
from diwan.people.models import Municipality
from diwan.rules import Verdict
from diwan.rules.rulebook import TABLE

APPLICANT: Final = {
    "name_ar": "سالم",
    "name_en": "Salem",
    "national_id": "1098765439",
    "mobile": "+966500000000",
}
BY: Final = system("anybody")
SELDOM: Final = (Withdrawn, Cancelled, Intervened)
"""What may happen wherever a case stands, and so is taken seldom."""
EACH: Final = "each"
"""In the inputs of a rule that gives a list: the list, so that the history tells it."""
_TEXTS: Final = {
    "party": APPLICANT["national_id"], "mobile": APPLICANT["mobile"], "entity_from": "civil_defence",
    "up_to": "ROLE-HEAD",
}  # fmt: skip


@dataclass
class Chance:
    """Answers the rules of all services by chance, in the type that each has; the same under the same `salt`."""

    salt: str = ""
    _kinds: dict[int, Mapping[str, Sequence[Any]]] = field(default_factory=dict)

    def answer(self, service: CompiledService, rule: str, known: Mapping[str, Any]) -> Verdict:
        """One of the answers that the rule may give."""
        kinds = self._kinds.setdefault(service.version_id, _answers(service.flow))
        value = random.Random(f"{self.salt}/{rule}").choice(kinds[rule])
        return Verdict(value, {EACH: list(value)} if isinstance(value, tuple) else {})


def _answers(table: Table) -> dict[str, Sequence[Any]]:
    soon = (clock.today() + timedelta(days=3)).isoformat()
    by_kind: dict[str, Sequence[Any]] = {
        "bool": (True, False), "int": (3, 10), "string": ("working_days",), "date": (soon,), "dyn": ("x",),
        "list(string)": ((), ("CLN", "RDS", "LGT"), ("RDS",)),
    }  # fmt: skip
    found = {rule: by_kind[kind] for rule, kind in table.expressions()}
    for step in table.steps.values():
        for name, text in _TEXTS.items():
            if getattr(step, name) is not None:
                found[getattr(step, name)] = (text,)
        if step.department_from is not None:
            found[step.department_from] = ("",)
        if step.table is not None:
            found[TABLE + step.table] = [branch.value for branch in step.branches]
    return found


def price(case: Case, service: CompiledService, *, token: int, at: datetime) -> Bill:
    """A bill as the payment step makes it, of one line."""
    line = NewLine(code="any", text_ar="رسم", text_en="Fee", amount=10_000, vat_class="exempt", vat=0, why={})
    return issue_bill(
        case_id=case.pk, task_token=token, municipality_id=case.municipality_id, payer_ar="سالم", payer_en="Salem",
        lines=[line], expires_at=at + timedelta(days=service.definition.bill_days or 10), by=system("billing"),
    )  # fmt: skip


def by_chance(chance: Chance) -> Iterator[Chance]:
    """The body of a fixture: the services ask `chance`, bills have one line, and the register is left alone."""
    with (
        patch.object(CompiledService, "evaluate", lambda service, rule, known: chance.answer(service, rule, known)),
        patch.object(CompiledService, "consequences_on", lambda service, step: ()),
        patch("diwan.cases.billing.request", price),
    ):  # fmt: skip
        yield chance


def services() -> dict[str, CompiledService]:
    """Every service in force that has a workflow."""
    versions = ServiceVersion.objects.filter(state=ServiceVersion.State.PUBLISHED, valid_to__isnull=True)
    found = {
        row.service.slug: service_of(row.pk) for row in versions.select_related("service").order_by("id")
    }
    return {slug: service for slug, service in found.items() if service.definition.workflow is not None}


def open_some(asked: Sequence[CompiledService]) -> list[int]:
    """Open a case of each; their ids."""
    place = Municipality.objects.get(code="101").pk
    plain: dict[str, Any] = {
        "municipality_id": place,
        "district_id": None,
        "applicant": APPLICANT,
        "data": {},
        "facts": {},
    }
    made = open_cases([Opening(service=service, by=BY, **plain) for service in asked])
    return [opened.case_id for opened in made]


@transaction.atomic
def happen(case_id: int, event: Event, *, revision: int | None = None, by: Actor = BY) -> Case:
    """Let the event happen to the case, at the revision that was seen, as an action does it."""
    loaded = lock_case(case_id, token=getattr(event, "token", 0))
    if revision is not None and loaded.case.revision != revision:
        raise outrun(loaded.case)
    return move(loaded, event, by=by, entry=entry_of(loaded, event))


def entry_of(loaded: Loaded, event: Event) -> Entry:
    """What the history says of it, in the words of the product's own actions."""
    stage = loaded.case.stage
    task = loaded.by_token(getattr(event, "token", 0))
    at = task.step if task is not None else stage
    if isinstance(event, Completed):
        acts = {"automatic": "checked", "applicant": "resubmitted", "document": "issued", "choice": "chosen"}
        return Entry(act=acts.get(task.kind if task else "", "acted"), step=at, outcome=event.outcome)
    if isinstance(event, Message):
        return Entry(act="acted", step=at, outcome=event.name)
    if isinstance(event, Intervened):
        return Entry(act="intervened", step=stage, outcome=event.name)
    if isinstance(event, Reopened):
        return Entry(act="reopened", step=event.to)
    acts_of = {Paid: "paid", Expired: "expired", Withdrawn: "withdrawn", Cancelled: "cancelled"}
    return Entry(act=acts_of[type(event)], step=at)


def what_may_happen(loaded: Loaded) -> list[Event]:
    """Every event that fits where the case stands, but a signature in a chain, which takes a post that gives it."""
    events = (event for _label, event in _events(loaded.service.flow, loaded.position))
    return [event for event in events if not isinstance(event, Signed)]
