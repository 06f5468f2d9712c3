"""Four weeks later a sample of reporters is asked whether it is still fixed; a "no" makes the closing a false one."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.cases import secrets
from diwan.cases.models import Case
from diwan.kit import clock
from diwan.modules.reports import sampling
from diwan.modules.reports.errors import ReportNotFound
from diwan.modules.reports.models import Closing, LaterQuestion, Report
from diwan.notify.models import Message
from diwan.people.actor import Actor, system

AFTER: Final = timedelta(days=28)
NO_LONGER: Final = timedelta(days=42)
"""A worker that was away for two weeks asks still; after that the question would only puzzle."""


def ask_later() -> int:
    """Ask the reporters of the sample whose reports closed four weeks ago; how many were asked. Once each."""
    now = clock.now()
    rows = Report.objects.filter(
        closed_at__lte=now - AFTER, closed_at__gt=now - NO_LONGER, anonymous=False, merged_into__isnull=True,
        later__isnull=True, closings__isnull=False, stage="closed",
    )  # fmt: skip
    percent = settings.DIWAN.report_later_percent
    asked = 0
    for pk in list(rows.order_by("pk").distinct().values_list("pk", flat=True)):
        if sampling.is_drawn(sampling.LATER, pk, 0, percent=percent):
            asked += _ask(pk)
    return asked


@transaction.atomic
def _ask(case_id: int) -> int:
    report = (
        Report.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=case_id, later__isnull=True)
        .first()
    )
    if report is None:
        return 0
    case, now = Case.objects.get(pk=case_id), clock.now()
    LaterQuestion.objects.create(report=report, asked_at=now)
    Message.objects.bulk_create(
        Message(
            created_at=now, municipality_id=case.municipality_id, case_id=case_id, account_id=case.account_id,
            channel=channel, address=address, language=case.language, template="REPORT_LATER", params={},
            not_before=now,
        )
        for channel, address in (("sms", case.applicant.get("mobile")), ("email", case.applicant.get("email")))
        if address
    )  # fmt: skip
    audit_row(
        by=system("reports.later"), action="reports.report.asked", object_type="case", object_id=case_id,
        municipality_id=case.municipality_id, values={},
    )  # fmt: skip
    return 1


@transaction.atomic
def answer_later(*, case_id: int, secret: str, fixed: bool, by: Actor) -> LaterQuestion:
    """Take the answer of whoever holds the secret (the caller limits guesses); the first one stays. ReportNotFound."""
    question = (
        LaterQuestion.objects.select_for_update().select_related("report").filter(report_id=case_id).first()
    )
    case = Case.objects.filter(pk=case_id).first()
    if question is None or case is None or not secrets.matches(secret, case_id, case.secret_generation):
        raise ReportNotFound
    if question.answered_at is not None:
        return question
    question.answered_at, question.fixed = clock.now(), fixed
    question.save(update_fields=["answered_at", "fixed"])
    last = Closing.objects.filter(report_id=case_id).order_by("-id").first()
    if last is not None:
        last.verdict = Closing.Verdict.CONFIRMED if fixed else Closing.Verdict.FALSE
        last.means, last.judged_at = "later", question.answered_at
        last.save(update_fields=["verdict", "means", "judged_at"])
    audit_row(
        by=by, action="reports.report.answered", object_type="case", object_id=case_id,
        municipality_id=case.municipality_id, values={"fixed": fixed},
    )  # fmt: skip
    return question
