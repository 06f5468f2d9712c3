"""Who had the case for how long: an account of working days itemised by holder.

A working day is charged to whoever had the case when the day began, the day of arrival to nobody. So the parts add up
to the whole exactly, and a case that changes hands ten times on one day has used one day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from diwan.kit.calendars import WorkingCalendar, working_days_between, working_time_between
from diwan.kit.clock import local

#: Holders as the engine names them: the office, the applicant, and "entity:CODE" for an outside body.
US = "us"
APPLICANT = "applicant"
ENTITY = "entity:"


@dataclass(frozen=True, slots=True)
class Held:
    """One stretch of time in which a holder had the case; `until` is None while it lasts."""

    holder: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What one holder used."""

    holder: str
    working_days: int
    working_time: timedelta
    elapsed: timedelta


@dataclass(frozen=True, slots=True)
class Account:
    """What each holder used, in order of first having the case. With holders at the same time (several bodies asked at
    once) the items overlap and don't add up to the total."""

    items: tuple[Item, ...]
    total: Item

    def of(self, holder: str) -> Item:
        """The item of one holder; all zero when it never had the case."""
        return next((item for item in self.items if item.holder == holder), _nothing(holder))

    def days(self, holder: str) -> int:
        """Working days of one holder."""
        return self.of(holder).working_days


def account(stretches: Iterable[Held], *, at: datetime, calendar: WorkingCalendar) -> Account:
    """Itemise the stretches up to a moment. Overlapping stretches of one holder count once."""
    by_holder: dict[str, list[tuple[datetime, datetime]]] = {}
    for held in sorted(stretches, key=lambda held: held.since):
        until = at if held.until is None else min(held.until, at)
        if held.since <= until:
            by_holder.setdefault(held.holder, []).append((held.since, until))
    items = tuple(_item(holder, _merged(spans), calendar) for holder, spans in by_holder.items())
    everything = sorted(span for spans in by_holder.values() for span in spans)
    return Account(items, _item("", _merged(everything), calendar))


def _item(holder: str, spans: list[tuple[datetime, datetime]], calendar: WorkingCalendar) -> Item:
    days, working, elapsed = 0, timedelta(), timedelta()
    for since, until in spans:
        days += working_days_between(local(since).date(), local(until).date(), calendar)
        working += working_time_between(since, until, calendar)
        elapsed += until - since
    return Item(holder, days, working, elapsed)


def _merged(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    merged: list[tuple[datetime, datetime]] = []
    for since, until in spans:
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], until))
        else:
            merged.append((since, until))
    return merged


def _nothing(holder: str) -> Item:
    return Item(holder, 0, timedelta(), timedelta())
