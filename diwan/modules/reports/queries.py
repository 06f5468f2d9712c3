"""Reads of reports: what is open near a place, a caller's last ones, the wall, what the public sees, false closings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from diwan.cases.models import Case, OpenTask
from diwan.catalogue.queries import lookup
from diwan.kit import clock
from diwan.modules.reports.actions.place_report import TYPES, reporter_key
from diwan.modules.reports.models import Closing, PhotoCheck, Report
from diwan.modules.reports.places import box, metres
from diwan.people.actor import Actor
from diwan.people.models import OutsideEntity, Unit

LIVE: Final = timedelta(days=30)
"""An open report older than this is no longer offered as the same thing."""
_NEAR: Final = """
SELECT case_id FROM reports_report
WHERE closed_at IS NULL AND lat IS NOT NULL AND point(lng, lat) <@ box(point(%s, %s), point(%s, %s))
  AND public AND opened_at > %s AND (type = %s OR "group" = %s)
ORDER BY (lat - %s) * (lat - %s) + (lng - %s) * (lng - %s), case_id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Near:
    """An open report near a place, and how far it is in metres."""

    report: Report
    metres: float


def similar_near(*, lat: float, lng: float, kind: str, group: str = "", limit: int = 5) -> list[Near]:
    """Open public reports of the type (`kind`) or its group within `report_near_metres`, the nearest first."""
    within = settings.DIWAN.report_near_metres
    south, west, north, east = box(lat, lng, within)
    asked: list[Any] = [
        west,
        south,
        east,
        north,
        clock.now() - LIVE,
        kind,
        group or "-",
        lat,
        lat,
        lng,
        lng,
        limit * 2,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, asked)
        ids = [case_id for (case_id,) in cursor.fetchall()]
    rows = Report.objects.select_related("district", "municipality").in_bulk(ids)
    found = [
        Near(row, metres(lat, lng, row.lat, row.lng))
        for pk in ids
        if (row := rows.get(pk)) is not None and row.lat is not None and row.lng is not None
    ]
    return [one for one in found if one.metres <= within][:limit]


def last_of_caller(mobile: str, *, limit: int = 8) -> list[Report]:
    """The last reports of a mobile number (E.164), the newest first."""
    rows = Report.objects.filter(reporter_key=reporter_key(mobile)).select_related("district", "municipality")
    return list(rows.order_by("-case")[:limit])


def open_tasks_of(actor: Actor, *, crew: str = "", limit: int = 200) -> list[tuple[OpenTask, Report]]:
    """The work on reports that waits for the actor's body or unit, the most urgent first, with the report of each."""
    tasks = OpenTask.objects.filter(service="report", step__in=("own_work", "contractor_work"))
    if actor.entity_id is not None:
        tasks = tasks.filter(entity_id=actor.entity_id)
    elif actor.unit_id is not None and actor.can("cases.act"):
        tasks = tasks.filter(unit_id=actor.unit_id)
    else:
        return []
    if crew:
        tasks = tasks.filter(case__report__crew__code=crew)
    chosen = tasks.select_related("case__report__district", "case__report__crew", "case__municipality")
    rows = chosen.order_by("case__report__priority", F("case__due_at").asc(nulls_last=True), "id")[:limit]
    return [(task, task.case.report) for task in rows]


@dataclass(frozen=True, slots=True)
class WallRow:
    """Open and late reports of one municipality, and how many of them are of the first priority."""

    municipality_id: int
    name_ar: str
    name_en: str
    open: int
    late: int
    urgent: int
    urgent_late: int


def wall(actor: Actor) -> list[WallRow]:
    """Open and late by municipality within the reach of the post, in Arabic order."""
    now = clock.now()
    rows = Report.objects.filter(closed_at__isnull=True, merged_into__isnull=True)
    if actor.municipality_ids is not None:
        rows = rows.filter(municipality_id__in=actor.municipality_ids)
    late, urgent = Q(due_at__lt=now), Q(priority=1)
    counted = (
        rows.values("municipality_id", "municipality__name_ar", "municipality__name_en", "municipality__sort_key")
        .annotate(
            open=Count("pk"), late=Count("pk", filter=late), urgent=Count("pk", filter=urgent),
            urgent_late=Count("pk", filter=late & urgent),
        )
        .order_by("municipality__sort_key")
    )  # fmt: skip
    return [
        WallRow(
            row["municipality_id"], row["municipality__name_ar"], row["municipality__name_en"], row["open"],
            row["late"], row["urgent"], row["urgent_late"],
        )
        for row in counted
    ]  # fmt: skip


def urgent_open(actor: Actor, *, limit: int = 12) -> list[Report]:
    """Open reports of the first priority, what is late or due soonest first."""
    rows = Report.objects.filter(closed_at__isnull=True, priority=1).select_related(
        "district", "municipality"
    )
    if actor.municipality_ids is not None:
        rows = rows.filter(municipality_id__in=actor.municipality_ids)
    return list(rows.order_by(F("due_at").asc(nulls_last=True), "case")[:limit])


def public_reports(
    *, below: int | None = None, limit: int = 50, kind: str = "", group: str = "", district: str = "", state: str = "",
    within: tuple[float, float, float, float] | None = None,
) -> list[Report]:  # fmt: skip
    """Reports that everybody may know of, the newest first; `below` pages by keyset, `within` is (south, west, north,
    east), `state` is `open` or `closed`."""
    rows: QuerySet[Report] = Report.objects.filter(public=True, merged_into__isnull=True).exclude(
        stage__in=("rejected", "withdrawn", "merged")
    )
    if below is not None:
        rows = rows.filter(pk__lt=below)
    if kind:
        rows = rows.filter(type=kind)
    if group:
        rows = rows.filter(group=group)
    if district:
        rows = rows.filter(district__code=district)
    if state:
        rows = rows.filter(closed_at__isnull=state == "open")
    if within is not None:
        south, west, north, east = within
        rows = rows.filter(lat__range=(south, north), lng__range=(west, east))
    return list(rows.select_related("district", "municipality").order_by("-case")[:limit])


def public_photos(case_id: int) -> set[str]:
    """Ids of the uploads of a report that were found fit for everybody."""
    shown = PhotoCheck.objects.filter(report_id=case_id, state=PhotoCheck.State.SHOWN)
    return set(shown.values_list("upload_id", flat=True))


def photos_to_check(actor: Actor, *, limit: int = 30) -> list[PhotoCheck]:
    """Photos that wait for somebody to look, the oldest first, within the reach of the post."""
    rows = PhotoCheck.objects.filter(state=PhotoCheck.State.WAITING, report__public=True)
    if actor.municipality_ids is not None:
        rows = rows.filter(report__municipality_id__in=actor.municipality_ids)
    return list(rows.select_related("report").order_by("id")[:limit])


@dataclass(frozen=True, slots=True)
class FalseClosing:
    """Closings judged and found false. `rate` is false of judged, from 0 to 1; None without any judged."""

    key: Any
    closed: int
    judged: int
    false: int

    @property
    def rate(self) -> float | None:
        """Share of the judged closings that were false."""
        return self.false / self.judged if self.judged else None


GROUPS: Final = {"contractor": "contractor_id", "unit": "unit_id", "type": "type"}


def false_closings(
    *, by: str, since: datetime, until: datetime, municipality_ids: frozenset[int] | None = None
) -> list[FalseClosing]:
    """The false-closing rate by `contractor`, `unit` or `type` over closings in a period.

    Definition: of the closings that somebody judged (the independent sample, a dispute, the question four weeks later),
    the share found not fixed. A reporter's own confirmation is not a judgement of the sample and does not count, so
    that a crew cannot better its rate by easy reports. Sorted by the number of false ones. `municipality_ids` narrows
    to the reach of a post (None: the whole city).
    """
    column = GROUPS[by]
    judged = Q(verdict__in=(Closing.Verdict.CONFIRMED, Closing.Verdict.FALSE)) & ~Q(means="reporter")
    chosen = Closing.objects.filter(at__gte=since, at__lt=until)
    if municipality_ids is not None:
        chosen = chosen.filter(municipality_id__in=municipality_ids)
    rows = (
        chosen.exclude(**{f"{column}__isnull": True})
        .values(column)
        .annotate(
            closed=Count("pk"), judged=Count("pk", filter=judged),
            false=Count("pk", filter=judged & Q(verdict=Closing.Verdict.FALSE)),
        )
        .order_by("-false", "-closed")
    )  # fmt: skip
    return [FalseClosing(row[column], row["closed"], row["judged"], row["false"]) for row in rows]


LEAST_JUDGED: Final = 5
"""Below so many judged closings a rate is not told: it would say more about chance than about the work."""


@dataclass(frozen=True, slots=True)
class FalseRate:
    """The false-closing rate of one contractor, unit or type. `percent` is None below LEAST_JUDGED judged closings."""

    name_ar: str
    name_en: str
    closed: int
    judged: int
    percent: int | None


def false_rates(
    *, by: str, since: datetime, until: datetime, municipality_ids: frozenset[int] | None = None
) -> list[FalseRate]:
    """`false_closings` with names, for a page: those whose rate is told first, the worst first."""
    rows = false_closings(by=by, since=since, until=until, municipality_ids=municipality_ids)
    names = _names_of(by, [row.key for row in rows])
    told = [
        FalseRate(
            *names.get(row.key, (str(row.key), str(row.key))), row.closed, row.judged,
            None if row.rate is None or row.judged < LEAST_JUDGED else round(100 * row.rate),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(told, key=lambda row: (row.percent is None, -(row.percent or 0), -row.closed))


def _names_of(by: str, keys: Sequence[Any]) -> dict[Any, tuple[str, str]]:
    """Arabic and English names of contractors, units or types by their keys."""
    if by == "type":
        known = {row.code: row.name for row in lookup(TYPES, clock.today())}
        return {key: (known[key].ar, known[key].en) for key in keys if key in known}
    model = OutsideEntity if by == "contractor" else Unit
    return {row.pk: (row.name_ar, row.name_en) for row in model.objects.filter(pk__in=keys)}


def reports_of(cases: Sequence[Case]) -> dict[int, Report]:
    """The rows of reports by case."""
    return Report.objects.select_related("crew", "contractor", "unit").in_bulk([case.pk for case in cases])
