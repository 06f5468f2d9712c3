"""Decisions that can be objected to: which, until when, and who took them (domain 3.1: 60 days)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from diwan.cases.models import Case, DoneTask, History
from diwan.cases.services import service_of
from diwan.catalogue.queries import objecting_service
from diwan.kit import clock, numbers
from diwan.kit.dates import numeric
from diwan.kit.errors import N_, DiwanError

STATES: Final = ("rejected", "cancelled", "closed")
"""Ends of a case that are decisions of ours, so that one may object."""
_ACTS: Final = ("acted", "returned", "cancelled", "ruled")


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that can be contested: the case that it ended, how, on which day, and the last day to object.

    `objection` is the case that objects to it already, if there is one.
    """

    case: Case
    on: date
    last_day: date
    objection: int | None = None

    @property
    def objection_number(self) -> str:
        """The public number of the objection; empty without one."""
        return numbers.case_number(self.objection) if self.objection is not None else ""

    @property
    def in_time(self) -> bool:
        """Whether one may still object today."""
        return clock.today() <= self.last_day


class NothingToObjectTo(DiwanError):
    """The case runs, or no decision ended it that one could object to."""

    code = "cases.nothing_to_object_to"
    message = N_("There is no decision on this request that can be objected to. Read the request's page.")


class TooLateToObject(DiwanError):
    """The period has passed."""

    code = "cases.too_late_to_object"
    message = N_(
        "The time to object ended on {day}. A new request can be filed, or the administrative court can be asked."
    )


class ObjectedAlready(DiwanError):
    """One objection a decision."""

    code = "cases.objected_already"
    message = N_("An objection to this decision was filed already. Its number is {number}.")


def contestable(case: Case) -> Decision:
    """The decision that ended a case, if one may object to it today.

    Raises NothingToObjectTo, TooLateToObject, ObjectedAlready.
    """
    found = decision_of(case)
    if found is None:
        raise NothingToObjectTo
    if found.objection is not None:
        raise ObjectedAlready(number=numbers.show_case_number(found.objection))
    if not found.in_time:
        raise TooLateToObject(day=numeric(found.last_day))
    return found


def decision_of(case: Case) -> Decision | None:
    """The decision that ended a case, or None: it runs, it ended well, or it is an objection or our own work."""
    if case.closed_at is None or case.state not in STATES:
        return None
    definition = service_of(case.version_id).definition
    if not definition.applicable or definition.contests is not None:
        return None
    objecting = objecting_service(clock.today())
    if objecting is None or objecting.definition.contests is None:
        return None
    on = clock.local(case.closed_at).date()
    last_day = on + timedelta(days=objecting.definition.contests.within_days)
    return Decision(case, on, last_day, objection_to(case))


def objection_to(case: Case) -> int | None:
    """The number of the case that objects to the decision which ended this one, among those of the same applicant."""
    if case.establishment_id is not None:
        mine = Case.objects.filter(establishment_id=case.establishment_id)
    elif case.account_id is not None:
        mine = Case.objects.filter(account_id=case.account_id)
    else:
        return None
    since = case.closed_at or case.opened_at
    found = mine.filter(facts__contested__case=case.pk, opened_at__gte=since).order_by("-id")
    return found.values_list("id", flat=True).first()


def facts_of(decision: Decision) -> dict[str, Any]:
    """What the objection keeps of the decision (`Case.facts["contested"]`, read by rules as `contested.*`)."""
    case = decision.case
    return {
        "what": "case", "case": case.pk, "service": case.service, "state": case.state, "step": case.ended_at_step,
        "on": decision.on.isoformat(), "last_day": decision.last_day.isoformat(),
    }  # fmt: skip


def contested(case: Case) -> Mapping[str, Any]:
    """The decision that this case objects to, as kept; empty for any other case."""
    found: Mapping[str, Any] = case.facts.get("contested", {})
    return found


def deciders(case: Case) -> set[int]:
    """Accounts of employees who took part in the decision that this case objects to."""
    number = contested(case).get("case")
    if number is None:
        return set()
    done = DoneTask.objects.filter(case_id=number, account_id__isnull=False, position_id__isnull=False)
    acts = History.objects.filter(
        case_id=number, act__in=_ACTS, account_id__isnull=False, position_id__isnull=False
    )
    found = (*done.values_list("account_id", flat=True), *acts.values_list("account_id", flat=True))
    return {account for account in found if account is not None}
