"""Whoever has the work says which crew does it."""

from django.db import transaction
from django.db.models import Q

from diwan.audit.actions import audit_row
from diwan.cases.errors import NotAllowed
from diwan.modules.reports.errors import ReportNotFound, UnknownTarget
from diwan.modules.reports.models import Crew, Report
from diwan.modules.reports.papers import work_task
from diwan.people.actor import Actor


@transaction.atomic
def assign_crew(*, case_id: int, crew: str, by: Actor) -> Report:
    """Give the report to a crew of one's own. Raises ReportNotFound, NotAllowed, UnknownTarget."""
    report = Report.objects.select_for_update().filter(pk=case_id, closed_at__isnull=True).first()
    if report is None:
        raise ReportNotFound
    task = work_task(case_id, by)
    if task is None:
        raise NotAllowed
    mine = Q(entity_id=by.entity_id) if by.entity_id is not None else Q(unit_id=task.unit_id or 0)
    found = Crew.objects.filter(mine, code=crew, active=True).first()
    if found is None:
        raise UnknownTarget
    report.crew = found
    report.save(update_fields=["crew"])
    audit_row(
        by=by, action="reports.report.crew", object_type="case", object_id=case_id,
        municipality_id=report.municipality_id, values={"crew": crew},
    )  # fmt: skip
    return report
