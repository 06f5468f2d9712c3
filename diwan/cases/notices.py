"""Notices of a case: rows committed with the step that caused them; number, secret and link are filled in when sent."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from diwan.cases import secrets, undo
from diwan.cases.ladders import Rung
from diwan.cases.loading import Loaded
from diwan.cases.models import Case, OpenTask
from diwan.cases.notice_values import values_of
from diwan.cases.opening import Opening
from diwan.cases.routing import deputies, responsible, superiors
from diwan.cases.services import service_of
from diwan.flow import effects as fx
from diwan.flow.position import Outcome
from diwan.kit import numbers
from diwan.kit.dates import moment_in_words
from diwan.notify.models import Message
from diwan.notify.registry import fills_cases
from diwan.people.models import Holding


def opening_rows(opening: Opening, outcome: Outcome, *, at: datetime) -> list[dict[str, Any]]:
    """Message columns for a case that is being opened: what its first steps and `submitted` ask for."""
    templates = [opening.service.notices.get("submitted", ""), *_templates(outcome)]
    return [
        {
            "account_id": opening.account_id, "channel": channel, "address": address, "language": opening.language,
            "template": template, "params": {}, "not_before": at.isoformat(),
        }
        for template in dict.fromkeys(templates)
        if template
        for channel, address in contacts(opening.applicant)
    ]  # fmt: skip


def of_move(case: Case, outcome: Outcome, *, at: datetime, delayed: bool) -> list[Message]:
    """The notices of a move to the applicant, to be saved with it; delayed ones leave when the act can no longer be
    undone."""
    not_before = at + undo.PERIOD if delayed else at
    return [
        Message(
            created_at=at, municipality_id=case.municipality_id, case_id=case.pk, account_id=case.account_id,
            channel=channel, address=address, language=case.language, template=template, params={},
            not_before=not_before,
        )
        for template in dict.fromkeys(_templates(outcome))
        for channel, address in contacts(case.applicant)
    ]  # fmt: skip


def tell_staff(loaded: Loaded, task: OpenTask, rung: Rung, *, at: datetime) -> None:
    """Write to the post whose task is late, or to the desk, on escalation to superiors too; also to who stands in."""
    case = loaded.case
    posts = responsible(task)
    if rung.act == "escalate":
        posts = [*posts, *superiors(task.unit_id or case.unit_id, rung.escalation, besides=posts)]
    posts = [*posts, *deputies(posts)]
    holdings = Holding.objects.filter(position_id__in=posts, valid_to__isnull=True).select_related("account")
    Message.objects.bulk_create(
        Message(
            created_at=at, municipality_id=case.municipality_id, case_id=case.pk, account_id=holding.account_id,
            channel="email", address=holding.account.email, language=holding.account.language, template="LATE_STAFF",
            params={"percent": rung.percent}, not_before=at,
        )
        for holding in holdings
        if holding.account.email
    )  # fmt: skip


def hold_back(case: Case) -> None:
    """Remove notices of the case that have not left yet: the act they tell of was undone."""
    Message.objects.filter(case_id=case.pk, state=Message.State.QUEUED).delete()


def contacts(applicant: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """(channel, address) of an applicant's snapshot."""
    for channel, name in (("sms", "mobile"), ("email", "email")):
        address = str(applicant.get(name) or "")
        if address:
            yield channel, address


def _templates(outcome: Outcome) -> list[str]:
    return [effect.template for effect in outcome.effects if isinstance(effect, fx.Notify)]


@fills_cases
def parameters(case_id: int, language: str) -> dict[str, Any]:
    """What every message about a case may say, as text in the reader's language."""
    case = Case.objects.only(
        "id", "version_id", "secret_generation", "due_at", "stage", "facts", "language"
    ).get(pk=case_id)
    service = service_of(case.version_id)
    link = secrets.link_of(case_id, case.secret_generation)
    found = values_of(case, language) | {
        "number": numbers.show_case_number(case_id),
        "secret": secrets.digits_of(case_id, case.secret_generation),
        "url": f"{settings.DIWAN.public_url}/t/{numbers.case_number(case_id)}/{link}",
        "service": service.name(language),
        "party_url": f"{settings.DIWAN.public_url}/party/{numbers.case_number(case_id)}",
        "stage": service.public(case.stage, language),
    }
    if case.due_at is not None:
        found["expected"] = "".join(
            part.text for part in moment_in_words(case.due_at, "en" if language == "en" else "ar")
        )
    return found
