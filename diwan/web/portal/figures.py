"""First public numbers: what came, what was decided, how much of it in time; each with its definition."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection

from diwan.cases.models import Case
from diwan.catalogue.queries import search_services
from diwan.kit import clock
from diwan.modules.ratings.queries import By, Result, results
from diwan.modules.reports.queries import FalseRate, false_rates

DAYS: Final = 90
KEEP_SECONDS: Final = 900.0
LATEST: Final = 300
_FIGURES: Final = """
WITH told AS (
    SELECT c.municipality_id, c.opened_at >= %(since)s AS came,
        c.closed_at >= %(since)s AND c.state IN ('issued', 'rejected') AS decided,
        c.due_at IS NOT NULL OR c.clock_remaining IS NOT NULL AS has_term,
        coalesce(c.closed_at <= c.due_at, (c.clock_remaining ->> 'amount')::numeric >= 0) AS in_time,
        c.returns = 0 AS straight, extract(epoch FROM c.closed_at - c.opened_at) AS seconds
    FROM "case" c
    WHERE (c.opened_at >= %(since)s OR c.closed_at >= %(since)s) AND c.service = ANY(%(services)s)
)
SELECT m.code, m.name_ar, m.name_en, count(*) FILTER (WHERE t.came), count(*) FILTER (WHERE t.decided),
    count(*) FILTER (WHERE t.decided AND t.has_term), count(*) FILTER (WHERE t.decided AND t.in_time),
    count(*) FILTER (WHERE t.decided AND t.straight),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY t.seconds) FILTER (WHERE t.decided)
FROM people_municipality m LEFT JOIN told t ON t.municipality_id = m.id
WHERE m.code <> '000'
GROUP BY GROUPING SETS ((m.code, m.name_ar, m.name_en), ())
ORDER BY m.code NULLS FIRST
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of one municipality, or of all (`code` empty), of the last 90 days. Shares are per cents or None."""

    code: str
    name_ar: str
    name_en: str
    received: int
    decided: int
    with_term: int
    in_time: int
    first_time: int
    median_days: float | None

    @property
    def in_time_share(self) -> int | None:
        """Per cent of decided requests with a promised time that were decided within it."""
        return round(self.in_time * 100 / self.with_term) if self.with_term else None

    @property
    def first_time_share(self) -> int | None:
        """Per cent of decided requests that never came back to the applicant."""
        return round(self.first_time * 100 / self.decided) if self.decided else None


@dataclass(frozen=True, slots=True)
class Published:
    """The numbers with the moment they were counted and the first day they cover."""

    at: datetime
    since: date
    whole: Figures
    places: tuple[Figures, ...]
    rated: Result
    ratings: Mapping[By, Sequence[Result]]
    #: False closings of reports by contractor and by type, as far as enough were judged.
    contractors: tuple[FalseRate, ...] = ()
    types: tuple[FalseRate, ...] = ()


_kept: tuple[float, Published] | None = None
_asked: tuple[float, Mapping[str, int]] | None = None


def published() -> Published:
    """The numbers, counted at most every quarter of an hour by each process."""
    global _kept
    if _kept is not None and _kept[0] > time.monotonic():
        return _kept[1]
    now = clock.now()
    since = clock.today() - timedelta(days=DAYS)
    with connection.cursor() as cursor:
        offered = [card.slug for card in search_services("", on=clock.today())]
        cursor.execute(_FIGURES, {"since": clock.start_of_day(since), "services": offered})
        rows = [_figures(row) for row in cursor.fetchall()]
    found = Published(
        now, since, rows[0], tuple(rows[1:]), *_ratings(clock.start_of_day(since)),
        *(_told(by, clock.start_of_day(since), now) for by in ("contractor", "type")),
    )  # fmt: skip
    _kept = (time.monotonic() + KEEP_SECONDS, found)
    return found


def _ratings(since: datetime) -> tuple[Result, Mapping[By, Sequence[Result]]]:
    """Ratings of all together, and by service, municipality and month of these days."""
    [whole] = results(since=since)
    shown: tuple[By, ...] = ("service", "municipality", "month")
    return whole, {by: results(by=by, since=since) for by in shown}


def _told(by: str, since: datetime, until: datetime) -> tuple[FalseRate, ...]:
    return tuple(row for row in false_rates(by=by, since=since, until=until) if row.percent is not None)


def asked_for() -> Mapping[str, int]:
    """Slug -> requests among the latest few hundred, counted at most every quarter of an hour by each process."""
    global _asked
    if _asked is not None and _asked[0] > time.monotonic():
        return _asked[1]
    latest = Case.objects.order_by("-id").values_list("service", flat=True)[:LATEST]
    found = Counter(latest)
    _asked = (time.monotonic() + KEEP_SECONDS, found)
    return found


def forget() -> None:
    """Count anew at the next question (tests)."""
    global _kept, _asked
    _kept = _asked = None


def _figures(row: tuple[object, ...]) -> Figures:
    code, name_ar, name_en, *counts, seconds = row
    received, decided, with_term, in_time, first_time = (int(str(count)) for count in counts)
    median = round(float(str(seconds)) / 86_400, 1) if seconds is not None else None
    return Figures(
        code=str(code or ""),
        name_ar=str(name_ar or ""),
        name_en=str(name_en or ""),
        received=received,
        decided=decided,
        with_term=with_term,
        in_time=in_time,
        first_time=first_time,
        median_days=median,
    )
