"""Keep the row of a report and the verdicts on its closings in step with its case: safe to repeat in any order."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.cases.models import Case, DoneTask
from diwan.kit import clock
from diwan.modules.reports import events
from diwan.modules.reports.actions.place_report import last_told
from diwan.modules.reports.models import Closing, Report
from diwan.notify.models import Message
from diwan.outbox.actions import emit
from diwan.people.actor import Actor

REPORTER = "reporter"
JUDGED = {"verify": "sample", "recheck": "dispute", "second_look": "dispute", "confirmation": REPORTER}
_SAYS = {
    "fixed": Closing.Verdict.CONFIRMED,
    "confirm": Closing.Verdict.CONFIRMED,
    "not_fixed": Closing.Verdict.FALSE,
}


@transaction.atomic
def project_report(*, case_id: int, by: Actor) -> None:
    """Take state, stage, deadlines and verdicts over from the case, and tell the followers of a new stage."""
    case = Case.objects.select_related("municipality").filter(pk=case_id).first()
    report = Report.objects.select_for_update().filter(pk=case_id).first()
    if case is None or report is None:
        return
    told = (report.state, report.stage, report.closed_at)
    report.state, report.stage = case.state, case.stage
    report.due_at, report.closed_at = case.due_at, case.closed_at
    report.updated_at = last_told(case)
    report.save(update_fields=["state", "stage", "due_at", "closed_at", "updated_at"])
    _judge(report)
    if told != (report.state, report.stage, report.closed_at):
        _tell_followers(case, report, before=told[0])
        audit_row(
            by=by, action="reports.report.followed", object_type="case", object_id=case_id,
            municipality_id=case.municipality_id, values={"state": case.state, "stage": case.stage},
        )  # fmt: skip


def _judge(report: Report) -> None:
    """The verdict on each closing: what the last judge between it and the next one found, else the reporter."""
    closings = list(Closing.objects.filter(report=report).order_by("at", "id"))
    done = list(
        DoneTask.objects.filter(case_id=report.pk, step__in=JUDGED, outcome__in=_SAYS).order_by(
            "done_at", "id"
        )
    )
    for number, closing in enumerate(closings):
        until = closings[number + 1].at if number + 1 < len(closings) else None
        found = [one for one in done if one.done_at >= closing.at and (until is None or one.done_at < until)]
        if not found or closing.means == "later":
            continue
        # The reporter's own yes does not take the place of somebody independent who looked.
        last = next((one for one in reversed(found) if JUDGED[one.step] != REPORTER), found[-1])
        verdict, means = _SAYS[last.outcome], JUDGED[last.step]
        if (closing.verdict, closing.means) != (verdict, means):
            Closing.objects.filter(pk=closing.pk).update(verdict=verdict, means=means, judged_at=last.done_at)
            told = {"closing": closing.number, "verdict": str(verdict), "means": means}
            emit(name=events.JUDGED, subject=f"case:{report.pk}", data={"case": report.pk, **told})


def _tell_followers(case: Case, report: Report, *, before: str) -> None:
    """A message for each follower when the public state changes; the text is the stage's public words."""
    if case.state == before:
        return
    now = clock.now()
    Message.objects.bulk_create(
        Message(
            created_at=now, municipality_id=case.municipality_id, case_id=case.pk, account_id=follower.account_id,
            channel=channel, address=address, language=follower.language, template="REPORT_FOLLOWED", params={},
            not_before=now,
        )
        for follower in report.followers.all()
        for channel, address in (("sms", follower.mobile), ("email", follower.email))
        if address
    )  # fmt: skip
