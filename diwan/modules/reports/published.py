"""What everybody may read of one report: that it is there, and its photos once somebody has looked at them."""

from dataclasses import dataclass

from diwan.modules.reports.models import Closing, PhotoCheck, Report

UNTOLD = ("rejected", "withdrawn")
"""Stages in which a report is nobody's business any more."""


@dataclass(frozen=True, slots=True)
class Work:
    """Ids of the photos of the last work, before and after."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def public_report(case_id: int) -> Report | None:
    """A report that everybody may know of, or None."""
    rows = Report.objects.filter(pk=case_id, public=True).exclude(stage__in=UNTOLD)
    return rows.select_related("district", "municipality").first()


def public_photo(upload_id: str) -> int | None:
    """The case of a photo that was found fit for everybody, or None."""
    shown = PhotoCheck.objects.filter(
        upload_id=upload_id, state=PhotoCheck.State.SHOWN, report__public=True
    ).exclude(report__stage__in=UNTOLD)
    return shown.values_list("report_id", flat=True).first()


def last_work(case_id: int) -> Work:
    """The photos of the last work on a report, fit for everybody or not."""
    closing = Closing.objects.filter(report_id=case_id).order_by("-at", "-id").first()
    return Work() if closing is None else Work(tuple(closing.before), tuple(closing.after))
