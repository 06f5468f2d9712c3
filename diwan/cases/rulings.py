"""What a committee's decision brings about: the contested decision is taken back, as far as a machine can do it."""

from django.db import transaction

from diwan.cases import contests, registry
from diwan.cases.loading import Loaded, lock_case
from diwan.cases.models import Case, History, OpenTask
from diwan.cases.moving import Entry, move
from diwan.cases.registry import ActResult
from diwan.flow.events import Reopened
from diwan.flow.table import Reopen
from diwan.kit import numbers
from diwan.people.actor import system

RULE = "objections"


@registry.act("objections.apply")
def apply_ruling(case: Case, task: OpenTask) -> ActResult:
    """Open the contested case again at the first step that its workflow allows; told twice, once.

    `by_hand` where the workflow knows no way back from that end: an employee then does what was decided.
    """
    about = contests.contested(case)
    outcome = "applied" if about.get("what") == "case" and _reopened(case, int(about["case"])) else "by_hand"
    why = {"rule": "objections.apply", "inputs": {"case": about.get("case", "")}, "result": outcome}
    return ActResult(outcome=outcome, facts={}, why=why)


@transaction.atomic
def _reopened(objection: Case, number: int) -> bool:
    """Whether the contested case is open again because of this objection."""
    loaded = lock_case(number)
    mark = numbers.case_number(objection.pk)
    if History.objects.filter(case_id=number, act="reopened", outcome=mark).exists():
        return True
    rule = _way_back(loaded)
    if rule is None:
        return False
    ruling = (
        History.objects.filter(case=objection, act="ruled")
        .order_by("-id")
        .values_list("note", flat=True)
        .first()
    )
    move(
        loaded, Reopened(rule.to[0]), by=system(RULE),
        entry=Entry(
            act="reopened", step=rule.to[0], outcome=mark, note=ruling or "",
            why={
                "rule": "objection", "inputs": {"objection": mark}, "version": loaded.case.version_id,
                "result": rule.to[0],
            },
        ),
    )  # fmt: skip
    return True


def _way_back(loaded: Loaded) -> Reopen | None:
    rule = loaded.service.flow.reopen
    if rule is None or loaded.position.tokens or (rule.ends and loaded.case.ended_at_step not in rule.ends):
        return None
    return rule
