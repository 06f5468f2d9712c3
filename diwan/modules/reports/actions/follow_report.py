"""Somebody else has the same trouble: he follows the report that is there, and hears of it like its reporter."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.modules.reports.errors import ReportNotFound
from diwan.modules.reports.models import Follower, Report
from diwan.people.actor import Actor


@transaction.atomic
def follow_report(
    *, case_id: int, by: Actor, mobile: str = "", email: str = "", language: str = "ar"
) -> Follower:
    """Follow an open report that may be known in public. The caller has proved the mobile number. ReportNotFound."""
    report = Report.objects.filter(pk=case_id, public=True, closed_at__isnull=True).first()
    if report is None:
        raise ReportNotFound
    follower, fresh = Follower.objects.get_or_create(
        report=report, mobile=mobile, email=email,
        defaults={"account_id": by.account_id, "language": language, "since": clock.now()},
    )  # fmt: skip
    if fresh:
        audit_row(
            by=by, action="reports.report.follow", object_type="case", object_id=case_id,
            municipality_id=report.municipality_id, fields=["mobile", "email"],
            values={"mobile": mobile, "email": email},
        )  # fmt: skip
    return follower
