"""What the workflow of a leave names: the answer of the books, the leave taking effect, and its cancelling."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from diwan.cases.checks import internal
from diwan.cases.models import Case, OpenTask
from diwan.cases.registry import ActResult, act
from diwan.catalogue import registry
from diwan.catalogue.registry import Kind
from diwan.flow.table import Text
from diwan.forms.kinds.dates import day_of
from diwan.kit import clock
from diwan.modules.staffing.actions import give_back, take_leave
from diwan.modules.staffing.errors import LeaveImpossible, LeaveOver
from diwan.modules.staffing.queries import Asked, judge
from diwan.people.actor import system

RULE = "leave"
_HOUR = 3600

registry.declare(
    Kind(
        "act",
        "leave.take",
        Text("نفاذ الإجازة", "The leave takes effect"),
        "Takes the days from the employee's account and gives the deputy named the post's powers for these days."
        " Establishes the fact hours: how many are left until it is over. Answers refused when it does not fit.",
        outcomes=frozenset({"taken", "refused"}),
        says={
            "taken": Text(
                "خصمت الأيام من الرصيد وكلف البديل.", "The days were taken and the deputy stands in."
            ),
            "refused": Text(
                "الرصيد أو المواعيد لا تسمح بالإجازة.", "The account or the dates do not allow it."
            ),
        },
    )
)
registry.declare(
    Kind(
        "act",
        "leave.give_back",
        Text("إلغاء الإجازة", "The leave is cancelled"),
        "Gives back the days that are left of the leave and ends the deputy's powers. Answers over when none is left.",
        outcomes=frozenset({"returned", "over"}),
        says={
            "returned": Text("أعيدت الأيام الباقية إلى الرصيد.", "The days that were left were given back."),
            "over": Text("انتهت الإجازة فلا أيام تعاد.", "The leave was over: no day was left."),
        },
    )
)


@internal("leave")
def books(query: Mapping[str, Any], applicant: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the books say of the days asked for; None (an officer looks) for somebody who holds no post."""
    first, last = _day(query.get("first")), _day(query.get("last"))
    if first is None or last is None or "post" not in applicant:
        return None
    found = judge(
        Asked(
            account_id=int(applicant["account"]), position_id=int(applicant["post"]), first=first, last=last,
            deputy=str(query.get("deputy", "")),
        )
    )  # fmt: skip
    return {
        "days": found.days, "balance": found.balance, "overlaps": found.overlaps, "deputy_fits": found.deputy_fits,
        "deputy_away": found.deputy_away, "stands_in": found.stands_in,
    }  # fmt: skip


def asked_in(case: Case) -> Asked:
    """The leave that a case asks for."""
    first, last = day_of(case.data["first_day"]), day_of(case.data["last_day"])
    if first is None or last is None:
        raise LookupError(f"case {case.pk} asks for no days")
    return Asked(
        account_id=int(case.applicant["account"]), position_id=int(case.applicant["post"]), first=first, last=last,
        deputy=str(case.data["deputy"]),
    )  # fmt: skip


@act("leave.take")
def take(case: Case, task: OpenTask) -> ActResult:
    """Let the leave take effect, with the hours until it is over as a fact."""
    asked = asked_in(case)
    derived = dict(case.facts.get("derived", {}))
    try:
        made = take_leave(
            asked=asked, kind=str(case.data["leave_type"]), counted=bool(derived.get("counted")), case_id=case.pk,
            by=system(RULE),
        )  # fmt: skip
    except LeaveImpossible:
        return ActResult(
            outcome="refused",
            facts={},
            why={"rule": "leave.take", "inputs": {"deputy": asked.deputy}, "result": "refused"},
        )
    ends = clock.start_of_day(made.last_day + timedelta(days=1))
    derived["hours"] = str(max(1, int((ends - clock.now()).total_seconds()) // _HOUR))
    why = {"rule": "leave.take", "inputs": {"days": made.days, "deputy": asked.deputy}, "result": "taken"}
    return ActResult(outcome="taken", facts={"derived": derived}, why=why)


@act("leave.give_back")
def cancel(case: Case, task: OpenTask) -> ActResult:
    """Give back what is left of the leave."""
    try:
        give_back(case_id=case.pk, by=system(RULE))
        outcome = "returned"
    except LeaveOver:
        outcome = "over"
    return ActResult(outcome=outcome, facts={}, why={"rule": "leave.give_back", "result": outcome})


def _day(value: Any) -> date | None:
    """A day as rules give it: text that begins with the date; 1970 stands for none."""
    try:
        found = date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
    return None if found.year == 1970 else found
