"""Several reports of the same thing become one: the others end, and their reporters hear of the one that goes on."""

from collections.abc import Sequence

from django.db import transaction

from diwan.cases.actions.intervene import intervene
from diwan.cases.models import Case
from diwan.kit import clock
from diwan.kit.numbers import show_case_number
from diwan.modules.reports import events
from diwan.modules.reports.errors import SameReport
from diwan.modules.reports.models import Follower, Report
from diwan.outbox.actions import emit
from diwan.people.actor import Actor


@transaction.atomic
def merge_reports(*, into: int, case_ids: Sequence[int], by: Actor, note: str = "") -> Report:
    """Join the reports with `into`; the followers of each come along. All or none.

    Raises SameReport (itself, ended or joined already), and what `intervene` raises.
    """
    wanted = sorted({*case_ids, into})
    rows = {row.pk: row for row in Report.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    target = rows.get(into)
    others = [rows[pk] for pk in wanted if pk != into and pk in rows]
    if target is None or target.closed_at is not None or len(others) != len(wanted) - 1 or not others:
        raise SameReport
    for one in others:
        if one.merged_into_id is not None or one.closed_at is not None:
            raise SameReport
        _join(one, target, by=by, note=note)
    return target


def _join(one: Report, target: Report, *, by: Actor, note: str) -> None:
    shown = show_case_number(target.pk)
    text = {"ar": f"ضم إلى البلاغ \u2066{shown}\u2069.", "en": f"Joined with report {shown}."}
    why = {
        "rule": "reports.merge", "rule_version": 1, "inputs": {"into": target.pk}, "result": {"into": target.pk},
        "text": text,
    }  # fmt: skip
    case = intervene(case_id=one.pk, name="merge", note=note, why=why, by=by)
    Report.objects.filter(pk=one.pk).update(
        merged_into_id=target.pk, closed_at=case.closed_at, state=case.state, stage=case.stage
    )
    for mobile, email, account_id, language in _hearers(case, one):
        Follower.objects.get_or_create(
            report=target, mobile=mobile, email=email,
            defaults={"account_id": account_id, "language": language, "since": clock.now()},
        )  # fmt: skip
    emit(name=events.JOINED, subject=f"case:{one.pk}", data={"case": one.pk, "into": target.pk})


def _hearers(case: Case, one: Report) -> list[tuple[str, str, int | None, str]]:
    """(mobile, e-mail, account, language) of the reporter and of everybody who followed."""
    mobile, email = str(case.applicant.get("mobile") or ""), str(case.applicant.get("email") or "")
    found = [(mobile, email, case.account_id, case.language)] if mobile or email else []
    return found + [(row.mobile, row.email, row.account_id, row.language) for row in one.followers.all()]
