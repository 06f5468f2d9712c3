"""What is asked: a service, a period, the municipalities that the asker reaches. Visibility is decided here alone.

A post reads how services run in its own municipalities. What employees ask for themselves is read by an auditor who
may read everything, as its cases are (`cases.visibility`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from diwan.cases.models import Case
from diwan.cases.services import service_of
from diwan.cases.visibility import READ_ALL
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import calendar_for, staff_slugs
from diwan.kit import clock
from diwan.kit.numbers import CASES_A_YEAR
from diwan.mining.errors import PeriodWrong, UnknownProcess
from diwan.mining.registry import LONGEST_DAYS, READ_PROCESS
from diwan.mining.worktime import WorkTime, work_time
from diwan.people.actor import Actor
from diwan.people.models import Municipality
from diwan.people.registry import READ_AUDIT


@dataclass(frozen=True, slots=True)
class Period:
    """Cases opened from the first day up to and including the last."""

    first: date
    last: date

    def __post_init__(self) -> None:
        days = (self.last - self.first).days
        if not 0 <= days < LONGEST_DAYS or self.last > clock.today():
            raise PeriodWrong

    @property
    def weeks(self) -> float:
        """Its length."""
        return ((self.last - self.first).days + 1) / 7


def last_days(days: int) -> Period:
    """The period that ends today."""
    today = clock.today()
    return Period(today - timedelta(days=days - 1), today)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that may be asked: whose cases of which service, and the version on which they are drawn.

    ``municipalities``: ids in order, those of the asker's reach in which a case was opened (or the one chosen).
    """

    service: CompiledService
    period: Period
    municipalities: tuple[int, ...]
    chosen: int | None
    language: str

    def where(self) -> dict[str, Any]:
        """Parameters of the SQL that picks the cases."""
        begin = clock.start_of_day(self.period.first)
        end = clock.start_of_day(self.period.last + timedelta(days=1))
        return {
            "service": self.service.slug, "begin": begin, "end": end, "places": list(self.municipalities),
            "low": (clock.local(begin).year % 100) * CASES_A_YEAR,
            "high": (clock.local(end).year % 100 + 1) * CASES_A_YEAR,
        }  # fmt: skip

    def work_times(self) -> tuple[list[WorkTime], dict[int, int]]:
        """The working times in force, each once, and which one is that of each municipality."""
        calendars: list[Any] = []
        whose: dict[int, int] = {}
        for municipality in self.municipalities:
            calendar = calendar_for(municipality)
            if calendar not in calendars:
                calendars.append(calendar)
            whose[municipality] = calendars.index(calendar)
        until = clock.today() + timedelta(days=1)
        return [work_time(calendar, self.period.first, until) for calendar in calendars], whose


def _reach(by: Actor) -> Q:
    """The cases whose doing the actor may look at."""
    if not by.can(READ_PROCESS):
        return Q(pk__in=())
    reach = Q() if by.municipality_ids is None else Q(municipality_id__in=sorted(by.municipality_ids))
    if by.can(READ_ALL) and by.can(READ_AUDIT):
        return reach
    return reach & ~Q(service__in=sorted(staff_slugs()))


def _opened(period: Period, by: Actor) -> QuerySet[Case]:
    begin = clock.start_of_day(period.first)
    end = clock.start_of_day(period.last + timedelta(days=1))
    low = (clock.local(begin).year % 100) * CASES_A_YEAR
    return Case.objects.filter(_reach(by), pk__gte=low, opened_at__gte=begin, opened_at__lt=end)


@dataclass(frozen=True, slots=True)
class Listed:
    """A service of the period with how many cases it has."""

    slug: str
    name: str
    opened: int
    ended: int


def services_of(period: Period, by: Actor) -> list[Listed]:
    """Services with cases in the period that the actor reaches, the busiest first. One statement."""
    rows = (
        _opened(period, by)
        .values("service")
        .annotate(opened=Count("pk"), ended=Count("closed_at"), version=Max("version_id"))
        .order_by("-opened", "service")
    )
    return [
        Listed(row["service"], service_of(row["version"]).name(by.language), row["opened"], row["ended"])
        for row in rows
        if service_of(row["version"]).table is not None
    ]


def asking(slug: str, period: Period, *, by: Actor, municipality: str = "") -> Asked:
    """The question, if the actor may ask it. ``municipality``: a code, "" for all. Raises UnknownProcess."""
    rows = (
        _opened(period, by).filter(service=slug).values("municipality_id").annotate(version=Max("version_id"))
    )
    found = {row["municipality_id"]: row["version"] for row in rows}
    chosen = None
    if municipality:
        chosen = (
            Municipality.objects.filter(code=municipality, pk__in=found).values_list("pk", flat=True).first()
        )
        if chosen is None:
            raise UnknownProcess
        found = {chosen: found[chosen]}
    if not found:
        raise UnknownProcess
    service = service_of(max(found.values()))
    if service.table is None:
        raise UnknownProcess
    return Asked(service, period, tuple(sorted(found)), chosen, by.language)


def places_of(slug: str, period: Period, by: Actor) -> list[tuple[str, str]]:
    """(code, name) of the municipalities with cases of the service that the actor reaches, in the alphabet's order."""
    ids = _opened(period, by).filter(service=slug).values("municipality_id").distinct()
    name = "name_en" if by.language == "en" else "name_ar"
    return list(Municipality.objects.filter(pk__in=ids).order_by("sort_key").values_list("code", name))
