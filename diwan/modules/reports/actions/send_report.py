"""The 940 room says itself which team takes a report that no rule could send."""

from django.db import transaction

from diwan.cases.actions.take_step import take_step
from diwan.cases.models import Case
from diwan.modules.reports.errors import ReportNotFound, UnknownTarget
from diwan.modules.reports.models import Report
from diwan.people.actor import Actor
from diwan.people.models import OutsideEntity, Unit

TARGETS = ("contractor", "unit", "outside")


@transaction.atomic
def send_report(
    *, case_id: int, task_id: int, revision: int, to: str, code: str, by: Actor, note: str = ""
) -> Case:
    """Send it to a contractor or body (code of the entity) or to a unit (its code) from the step `dispatch`.

    Raises ReportNotFound, UnknownTarget, and what `take_step` raises.
    """
    report = Report.objects.select_for_update().filter(pk=case_id).first()
    if report is None:
        raise ReportNotFound
    known = Unit.objects.filter(code=code) if to == "unit" else OutsideEntity.objects.filter(code=code)
    if to not in TARGETS or not known.exists():
        raise UnknownTarget
    report.sent_to = {"to": to, "code": code}
    report.save(update_fields=["sent_to"])
    return take_step(case_id=case_id, task_id=task_id, revision=revision, outcome="send", note=note, by=by)
