"""The staff's ways in to the pages of crews and judges, and what the desk's page of a case shows of a report."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse

from diwan.cases.models import Case, History
from diwan.cases.registry import desk_part, paper_name
from diwan.files.queries import uploads_of
from diwan.kit.errors import N_
from diwan.kit.numbers import case_number
from diwan.modules.reports.actions.file_report import SERVICE
from diwan.modules.reports.models import Crew, Report
from diwan.modules.reports.papers import AFTER, BEFORE, DISPUTE, WORK, work_task
from diwan.modules.reports.screens.telling_closings import closing_views, dispute_view
from diwan.modules.reports.screens.work import report_view
from diwan.modules.reports.work_queries import routing_of
from diwan.people.actor import Actor
from diwan.people.doors import entrance

UNIT: Final = "ROLE-REPORT-UNIT"
JUDGES: Final = frozenset({"ROLE-REPORT-VERIFIER", "ROLE-940-SUPERVISOR"})


def has_crews(actor: Actor) -> bool:
    """Whether the capacity works on reports: a unit's post, or a contractor with crews."""
    if actor.entity_id is not None:
        return Crew.objects.filter(entity_id=actor.entity_id, active=True).exists()
    return UNIT in actor.roles


entrance("reports:work", label=N_("Work on reports"), icon="cone-striped", fits=has_crews)
entrance(
    "reports:judge",
    label=N_("Judge closings"),
    icon="clipboard-check",
    fits=lambda actor: not JUDGES.isdisjoint(actor.roles),
)


paper_name(BEFORE, N_("Before the work"))
paper_name(AFTER, N_("After the work"))
paper_name(DISPUTE, N_("Photo of the dispute"))


@desk_part(SERVICE, template="reports/parts/desk_report.html")
def about_report(case: Case, actor: Actor) -> dict[str, Any]:
    """Type, place, the rule that sent it, closings, and the way to the page on which the reader acts."""
    report = Report.objects.select_related("district", "municipality", "crew").filter(pk=case.pk).first()
    if report is None:
        return {}
    uploads = uploads_of(f"case:{case.pk}")
    number = case_number(case.pk)
    return {
        **report_view(case, report, actor.language),
        "rule": _why(routing_of(case.pk), actor.language),
        "closings": closing_views(case.pk, uploads, number, actor.language),
        "dispute": dispute_view(case.pk, uploads, number, actor.language),
        "acts_at": _acts_at(case, actor),
    }


def _why(row: History | None, language: str) -> str:
    return str((row.why or {}).get("text", {}).get(language, "")) if row is not None else ""


def _acts_at(case: Case, actor: Actor) -> str:
    task = work_task(case.pk, actor)
    if task is None:
        return ""
    page = "reports:work_page" if task.step in WORK else "reports:judge_page"
    return reverse(page, args=[case_number(case.pk)])
