"""A crew says "we are here": when, and where its device stood."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.cases.errors import NotAllowed
from diwan.kit import clock
from diwan.modules.reports.actions.finish_work import Device
from diwan.modules.reports.errors import ReportNotFound
from diwan.modules.reports.models import Arrival, Report
from diwan.modules.reports.papers import WORK, work_task
from diwan.modules.reports.places import metres
from diwan.people.actor import Actor


@transaction.atomic
def arrive(*, case_id: int, by: Actor, device: Device | None = None) -> Arrival:
    """Note the arrival for the open task of work; the first one stays. Raises ReportNotFound, NotAllowed."""
    report = Report.objects.select_for_update().filter(pk=case_id, closed_at__isnull=True).first()
    if report is None:
        raise ReportNotFound
    task = work_task(case_id, by, steps=WORK)
    if task is None:
        raise NotAllowed
    known = Arrival.objects.filter(task_id=task.pk).first()
    if known is not None:
        return known
    far = None
    if device is not None and report.lat is not None and report.lng is not None:
        far = metres(report.lat, report.lng, device.lat, device.lng)
    arrival = Arrival.objects.create(
        report=report, task_id=task.pk, at=clock.now(), account_id=by.account_id, distance=far,
        accuracy=device.accuracy if device is not None else None,
    )  # fmt: skip
    audit_row(
        by=by, action="reports.report.arrived", object_type="case", object_id=case_id,
        municipality_id=report.municipality_id, values={"metres": None if far is None else round(far)},
    )  # fmt: skip
    return arrival
