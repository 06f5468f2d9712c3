"""Service-request updates: what happened to requests, and what a reporter answers through the client that filed.

Source: "Open311 FMS: Proposed differences to Open311" (mySociety), GET and POST of servicerequestupdates.
"""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction

from diwan.api.open311.asked import Asked
from diwan.api.open311.door import Answer
from diwan.api.open311.filing import filing_client
from diwan.api.open311.reading import key_of, not_found
from diwan.api.open311.telling import own_cases, status_of, w3c
from diwan.cases import secrets, visibility
from diwan.cases.actions.open_cases import KeyReused
from diwan.cases.models import Case, History, IdempotencyKey, OpenTask
from diwan.cases.services import service_of
from diwan.kit import clock, numbers
from diwan.kit.errors import N_
from diwan.modules.reports.actions import answer_later, answer_report, comment_report
from diwan.modules.reports.actions.file_report import SERVICE
from diwan.modules.reports.models import LaterQuestion
from diwan.modules.reports.published import changes_told
from diwan.rest.calls import Client
from diwan.rest.refusals import Refused

MOST: Final = 1000
ROOT: Final = "service_request_updates"
LONGEST: Final = timedelta(days=31)
ENDED: Final = ("closed", "rejected", "withdrawn")
FIXED: Final = ("CLOSED", "FIXED")
NOT_FIXED: Final = ("REOPEN",)
STATUSES: Final = (
    *FIXED, *NOT_FIXED, "OPEN", "IN_PROGRESS", "ACTION_SCHEDULED", "INVESTIGATING", "DUPLICATE",
    "NOT_COUNCILS_RESPONSIBILITY", "NO_FURTHER_ACTION", "INTERNAL_REFERRAL", "FOR_TRIAGE",
)  # fmt: skip
"""What clients of the extension send; all but the first three say nothing that asks for an answer."""


def updates(asked: Asked) -> Answer:
    """What reporters were shown, the oldest first: 31 days and 1000 at most. Ask again from the last one's moment."""
    own = own_cases(asked)
    since, until = asked.span("start_date", "end_date", most=LONGEST)
    told = []
    for report, row in changes_told(since=since, until=until, own=own, limit=MOST):
        words = service_of(report.case.version_id).public(row.stage, asked.language)
        if words:
            told.append(
                {
                    "update_id": str(row.pk),
                    "service_request_id": numbers.case_number(row.case_id),
                    "status": status_of(row.state in ENDED),
                    "updated_datetime": w3c(row.at),
                    "description": str(words),
                    "media_url": None,
                }
            )
    return Answer.of(ROOT, told)


def update(asked: Asked) -> Answer:
    """Take the reporter's answer or comment, once under its `update_id`.

    `CLOSED` or `FIXED` confirms and `REOPEN` disputes where the reporter is asked; everything else is a comment, which
    needs words. Raises Refused (400, 403, 404), ReasonRequired, WrongMoment, KeyReused.
    """
    client = filing_client(asked)
    number = asked.needed("service_request_id")
    case = visibility.visible_to(asked.by).filter(pk=key_of(number) or 0, service=SERVICE).first()
    if case is None:
        raise not_found(number)
    asked.moment("updated_datetime")
    status = asked.one("status").upper()
    if status and status not in STATUSES:
        raise Refused(400, "status", N_("{name} cannot be read: {value}"), name="status", value=status[:60])
    words = asked.one("description", most=1000)
    update_id = asked.one("update_id", most=60)
    with transaction.atomic():
        known = _claimed(client, update_id, f"{case.pk} {status} {words}")
        if known is None:
            known = _taken(case, status, words, asked)
            _keep(client, update_id, known)
    return Answer.of(ROOT, [{"update_id": known, "account_id": asked.one("account_id") or None}])


def _taken(case: Case, status: str, words: str, asked: Asked) -> str:
    """The id of what was written: an answer where one is waited for, else a comment."""
    secret = secrets.link_of(case.pk, case.secret_generation)
    means = "confirm" if status in FIXED else "dispute" if status in NOT_FIXED else ""
    if means and OpenTask.objects.filter(case_id=case.pk, kind=OpenTask.Kind.CHOICE).exists():
        answer_report(case_id=case.pk, secret=secret, outcome=means, note=words, by=asked.by)
        return _last_row(case)
    if means and LaterQuestion.objects.filter(report_id=case.pk, answered_at__isnull=True).exists():
        answer_later(case_id=case.pk, secret=secret, fixed=means == "confirm", by=asked.by)
        return _last_row(case)
    if not words:
        raise Refused(400, "description", N_("{name} was not provided."), name="description")
    return str(comment_report(case_id=case.pk, words=words, by=asked.by))


def _last_row(case: Case) -> str:
    newest = History.objects.filter(case_id=case.pk, act="chosen").order_by("-id").first()
    return str(newest.pk) if newest is not None else numbers.case_number(case.pk)


def _claimed(client: Client, update_id: str, sent: str) -> str | None:
    """What came of this update before; None for a new one, which is ours now. Raises KeyReused for other contents."""
    if not update_id:
        return None
    digest = sha256(json.dumps(sent).encode()).hexdigest()
    row, fresh = IdempotencyKey.objects.get_or_create(
        scope=_scope(client), key=update_id,
        defaults={"request_hash": digest, "case_id": 0, "at": clock.now()},
    )  # fmt: skip
    if fresh:
        return None
    if row.request_hash != digest:
        raise KeyReused
    return str(row.answer.get("update_id", ""))


def _keep(client: Client, update_id: str, made: str) -> None:
    if update_id:
        rows = IdempotencyKey.objects.filter(scope=_scope(client), key=update_id)
        rows.update(answer={"update_id": made})


def _scope(client: Client) -> str:
    return f"open311 update:{client.pk}"
