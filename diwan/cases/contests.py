"""Decisions that can be objected to: which, until when, and who took them (domain 3.1: 60 days)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import QuerySet

from diwan.cases.models import Case, DoneTask, History
from diwan.cases.services import service_of
from diwan.catalogue.queries import objecting_service
from diwan.kit import clock, numbers
from diwan.kit.dates import numeric
from diwan.kit.errors import N_, DiwanError

STATES: Final = ("rejected", "cancelled", "closed")
"""Ends of a case that are decisions of ours, so that one may object."""
_ACTS: Final = ("acted", "returned", "cancelled", "ruled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision that can be contested: on which day it was taken, and the last day to object.

    `mark` names it for good, so that there is one objection to it; `facts` is what the objection keeps of it
    (`Case.facts["contested"]`, read by rules as `contested.*`). `objection` is the case that objects to it already, if
    there is one. The objection belongs to the municipality that decided.
    """

    mark: str
    on: date
    last_day: date
    municipality_id: int
    district_id: int | None
    facts: Mapping[str, Any]
    objection: int | None = None

    @property
    def objection_number(self) -> str:
        """The public number of the objection; empty without one."""
        return numbers.case_number(self.objection) if self.objection is not None else ""

    @property
    def in_time(self) -> bool:
        """Whether one may still object today."""
        return clock.today() <= self.last_day


OnEntry = Callable[[str], Decision | None]
_on_entry: list[OnEntry] = []


def decisions_on_entries(find: OnEntry) -> OnEntry:
    """Register how the decision under which a register entry stands is found by its number (registers are above)."""
    _on_entry[:] = [find]
    return find


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


def contestable(found: Decision | None) -> Decision:
    """The decision, if one may object to it today.

    Raises NothingToObjectTo, TooLateToObject, ObjectedAlready.
    """
    if found is None:
        raise NothingToObjectTo
    if found.objection is not None:
        raise ObjectedAlready(number=numbers.show_case_number(found.objection))
    if not found.in_time:
        raise TooLateToObject(day=numeric(found.last_day))
    return found


def decided(what: str, number: int | str) -> Decision | None:
    """The decision that ended the `case` of this number, or the one under which the `entry` of this number stands."""
    if not number:
        return None
    if what == "entry":
        return _on_entry[0](str(number)) if _on_entry else None
    case = Case.objects.filter(pk=number).first()
    return None if case is None else decision_of(case)


def last_day_of(what: str, on: date) -> date | None:
    """The last day to object to a decision of that day; None where no service takes objections to its like."""
    objecting = objecting_service(clock.today(), what)
    if objecting is None or objecting.definition.contests is None:
        return None
    return on + timedelta(days=objecting.definition.contests.within_days)


def decision_of(case: Case) -> Decision | None:
    """The decision that ended a case, or None: it runs, it ended well, or it is an objection or our own work."""
    if case.closed_at is None or case.state not in STATES:
        return None
    definition = service_of(case.version_id).definition
    if not definition.applicable or definition.contests is not None:
        return None
    on = clock.local(case.closed_at).date()
    last_day = last_day_of("case", on)
    if last_day is None:
        return None
    return Decision(
        mark=f"{case.pk}:{case.closed_at.isoformat()}", on=on, last_day=last_day, municipality_id=case.municipality_id,
        district_id=case.district_id, objection=objection_to(case),
        facts={
            "what": "case", "case": case.pk, "service": case.service, "state": case.state, "step": case.ended_at_step,
            "on": on.isoformat(), "last_day": last_day.isoformat(),
        },
    )  # fmt: skip


def objection_to(case: Case) -> int | None:
    """The number of the case that objects to the decision which ended this one, among those of the same applicant."""
    since = case.closed_at or case.opened_at
    mine = of_party(case.establishment_id, case.account_id).filter(facts__contested__case=case.pk)
    return mine.filter(opened_at__gte=since).order_by("-id").values_list("id", flat=True).first()


def of_party(establishment_id: int | None, account_id: int | None) -> QuerySet[Case]:
    """The cases of an establishment, else of a person; none of nobody."""
    if establishment_id is not None:
        return Case.objects.filter(establishment_id=establishment_id)
    return Case.objects.filter(account_id=account_id) if account_id is not None else Case.objects.none()


def contested(case: Case) -> Mapping[str, Any]:
    """The decision that this case objects to, as kept; empty for any other case."""
    found: Mapping[str, Any] = case.facts.get("contested", {})
    return found


def deciders(case: Case) -> set[int]:
    """Accounts of employees who took part in the decision that this case objects to."""
    about = contested(case)
    found = set(about.get("by", ()))
    return found if about.get("case") is None else found | took_part(about["case"])


def took_part(number: int) -> set[int]:
    """Accounts of employees who acted on a case."""
    done = DoneTask.objects.filter(case_id=number, account_id__isnull=False, position_id__isnull=False)
    acts = History.objects.filter(
        case_id=number, act__in=_ACTS, account_id__isnull=False, position_id__isnull=False
    )
    found = (*done.values_list("account_id", flat=True), *acts.values_list("account_id", flat=True))
    return {account for account in found if account is not None}
