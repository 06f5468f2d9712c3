"""Other parties of a case: whom a step asks to confirm, what they read and answer, and who holds the result.

A party is named by the applicant (a national id, an iqama, a unified number, and a mobile). Whoever signs in as that
person, or acts for that establishment, answers; of the case it reads what the step `shows`, and nothing more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from diwan.cases.facts import rule_facts
from diwan.cases.models import Case, CaseParty, OpenTask
from diwan.cases.tasks import item_of
from diwan.catalogue.compiled import CompiledService
from diwan.flow.table import Step
from diwan.notify.models import Message
from diwan.people.actor import Actor
from diwan.people.models import Account, Establishment

ASKED, ENDED = "PARTY_ASKED", "PARTY_ENDED"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds what a case brings about: the snapshot that is printed, and the account or establishment."""

    applicant: Mapping[str, Any]
    account_id: int | None
    establishment_id: int | None


def holder_of(case: Case, service: CompiledService) -> Holder:
    """The party that the service names as holder of the entry, else the applicant."""
    step = service.entry.holder if service.entry is not None else ""
    party = case.facts.get("parties", {}).get(step) if step else None
    if party is None:
        return Holder(case.applicant, case.account_id, case.establishment_id)
    return Holder(party["applicant"], party["account_id"], party["establishment_id"])


def ask(case: Case, service: CompiledService, task: OpenTask, *, at: datetime) -> CaseParty:
    """Note whom the step asks, and write to the mobile that the applicant gave."""
    step = service.flow.steps[task.step]
    known = rule_facts(service, case, item=item_of(task.data))
    party, mobile = (str(service.evaluate(rule or "''", known).value) for rule in (step.party, step.mobile))
    row, _made = CaseParty.objects.update_or_create(
        case_id=case.pk, token=task.token,
        defaults={
            "step": task.step, "party": party, "mobile": mobile, "outcome": "", "asked_at": at, "due_at": task.due_at,
            "answered_at": None,
        },
    )  # fmt: skip
    _tell(case, row, ASKED, at=at)
    return row


def tell_end(case: Case, *, at: datetime) -> None:
    """Tell the parties that answered how the case ended; one message a party."""
    told: set[str] = set()
    for row in CaseParty.objects.filter(case_id=case.pk, answered_at__isnull=False).order_by("-id"):
        if row.party not in told:
            told.add(row.party)
            _tell(case, row, ENDED, at=at)


def _tell(case: Case, row: CaseParty, template: str, *, at: datetime) -> None:
    Message.objects.create(
        created_at=at, municipality_id=case.municipality_id, case_id=case.pk, account_id=row.account_id, channel="sms",
        address=row.mobile, language=case.language, template=template, params={}, not_before=at,
    )  # fmt: skip


def ids_of(actor: Actor) -> tuple[str, ...]:
    """The numbers under which the actor can be named as a party: the establishment's in that capacity, else its own."""
    if actor.is_staff or actor.entity_id is not None or actor.account_id is None:
        return ()
    if actor.establishment_id is not None:
        shop = Establishment.objects.filter(pk=actor.establishment_id).first()
        return (shop.unified_number,) if shop is not None and shop.unified_number else ()
    person = Account.objects.filter(pk=actor.account_id).values_list("national_id", flat=True).first()
    return (person,) if person else ()


def asked_of(actor: Actor, *, limit: int = 50) -> list[CaseParty]:
    """What was asked of the actor as a party, the newest first."""
    ids = ids_of(actor)
    return list(CaseParty.objects.filter(party__in=ids).order_by("-asked_at", "-id")[:limit]) if ids else []


def party_in(case_id: int, actor: Actor) -> CaseParty | None:
    """The actor as a party of the case, its newest question; None for anybody else."""
    ids = ids_of(actor)
    rows = CaseParty.objects.filter(case_id=case_id, party__in=ids) if ids else CaseParty.objects.none()
    return rows.order_by("-id").first()


def shown_to(step: Step, case: Case) -> dict[str, Any]:
    """The answers of the applicant that the party reads."""
    return {key: case.data[key] for key in step.shows if key in case.data}


def asks_pages(service: CompiledService, step: str) -> bool:
    """Whether the party fills in pages of its own."""
    return any(page.by == step for page in service.form.pages)
