"""What everybody may read of reports: that they are there, how they stand, and photos that somebody has looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from diwan.cases.models import Case, History
from diwan.catalogue.queries import lookup_row
from diwan.kit import clock
from diwan.modules.reports.actions.place_report import TYPES, told_of
from diwan.modules.reports.models import Closing, PhotoCheck, Report

UNTOLD = ("rejected", "withdrawn")
"""Stages in which a report is nobody's business any more."""
_LISTED: Final = Q(public=True, merged_into__isnull=True) & ~Q(stage__in=(*UNTOLD, "merged"))


@dataclass(frozen=True, slots=True)
class Work:
    """Ids of the photos of the last work, before and after."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which reports: opened from `since` to `until`; of these types; `closed` or not; changed within `changed`.

    `own` are cases that the reader filed, which are told whether public or not. `after` is moment and key of the last
    report of the page before.
    """

    since: datetime
    until: datetime
    kinds: Sequence[str] = ()
    closed: bool | None = None
    changed: tuple[datetime | None, datetime | None] = (None, None)
    own: QuerySet[Case] | None = None
    after: tuple[datetime, int] | None = None


def public_report(case_id: int) -> Report | None:
    """A report that everybody may know of, or None."""
    rows = Report.objects.filter(pk=case_id, public=True).exclude(stage__in=UNTOLD)
    return rows.select_related("district", "municipality").first()


def reports_by_time(wanted: Wanted, *, limit: int) -> list[Report]:
    """Reports that may be told, the newest first."""
    rows = Report.objects.filter(_told(wanted.own), opened_at__gte=wanted.since, opened_at__lte=wanted.until)
    if wanted.kinds:
        rows = rows.filter(type__in=wanted.kinds)
    if wanted.closed is not None:
        rows = rows.filter(closed_at__isnull=not wanted.closed)
    changed_since, changed_until = wanted.changed
    if changed_since is not None:
        rows = rows.filter(updated_at__gte=changed_since)
    if changed_until is not None:
        rows = rows.filter(updated_at__lte=changed_until)
    if wanted.after is not None:
        moment, key = wanted.after
        # As a range on the first column, too, so that the index is entered where the page begins.
        rows = rows.filter(opened_at__lte=moment).exclude(opened_at=moment, pk__gte=key)
    found = rows.select_related("district", "municipality").order_by("-opened_at", "-case")
    return list(found[:limit])


def reports_named(case_ids: Collection[int], own: QuerySet[Case] | None) -> list[Report]:
    """Those of the reports that everybody or the reader may know of, the newest first."""
    told = Q(public=True) & ~Q(stage__in=UNTOLD)
    if own is not None:
        told |= Q(pk__in=own.values("pk"))
    rows = Report.objects.filter(told, pk__in=case_ids).select_related("district", "municipality")
    found = [*rows, *(() if own is None else _not_routed(own.filter(pk__in=case_ids)))]
    return sorted(found, key=lambda row: (row.opened_at, row.pk), reverse=True)


def _not_routed(own: QuerySet[Case]) -> Iterator[Report]:
    """The reader's own reports that were filed a moment ago: their rows are written when they are routed."""
    for case in own.filter(report__isnull=True):
        kind = lookup_row(TYPES, str(case.data.get("type", "")), clock.today())
        if kind is not None:
            yield Report(case_id=case.pk, **told_of(case, kind))


def changes_told(
    *, since: datetime, until: datetime, own: QuerySet[Case] | None, limit: int
) -> list[tuple[Report, History]]:
    """What the reporter was shown of the reports that may be told, the oldest first: each time another stage.

    A report that was changed again later is found as well: its history holds what was said before.
    """
    rows = Report.objects.filter(_told(own), updated_at__gte=since)
    acts = History.objects.filter(
        case_id__in=rows.values("pk"), public=True, at__gte=since, at__lte=until
    ).order_by("at", "id")
    found = list(acts[:limit])
    reports = Report.objects.select_related("case").in_bulk({row.case_id for row in found})
    stage = _stages_before(reports, found)
    told = []
    for row in found:
        if stage.get(row.case_id) != row.stage:
            told.append((reports[row.case_id], row))
        stage[row.case_id] = row.stage
    return told


def _stages_before(case_ids: Iterable[int], found: Sequence[History]) -> dict[int, str]:
    """The stage of each case before the first of the rows."""
    if not found:
        return {}
    first = found[0]
    earlier = History.objects.filter(case_id__in=list(case_ids), public=True).filter(
        Q(at__lt=first.at) | Q(at=first.at, pk__lt=first.pk)
    )
    last = earlier.order_by("case_id", "-at", "-id").distinct("case_id")
    return dict(last.values_list("case_id", "stage"))


def _told(own: QuerySet[Case] | None) -> Q:
    return _LISTED if own is None else _LISTED | Q(pk__in=own.values("pk"))


def public_photo(upload_id: str) -> int | None:
    """The case of a photo that was found fit for everybody, or None."""
    shown = PhotoCheck.objects.filter(
        upload_id=upload_id, state=PhotoCheck.State.SHOWN, report__public=True
    ).exclude(report__stage__in=UNTOLD)
    return shown.values_list("report_id", flat=True).first()


def first_photos(case_ids: Collection[int]) -> dict[int, str]:
    """Case -> its first photo that was found fit for everybody."""
    shown = PhotoCheck.objects.filter(
        report_id__in=case_ids, state=PhotoCheck.State.SHOWN, report__public=True
    )
    rows = shown.order_by("report_id", "id").distinct("report_id")
    return dict(rows.values_list("report_id", "upload_id"))


def last_work(case_id: int) -> Work:
    """The photos of the last work on a report, fit for everybody or not."""
    closing = Closing.objects.filter(report_id=case_id).order_by("-at", "-id").first()
    return Work() if closing is None else Work(tuple(closing.before), tuple(closing.after))
