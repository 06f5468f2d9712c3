"""Who had the case for how long: an account of working days itemised by holder, whose parts add up to the whole.

The whole is counted as deadlines are: working days after the day on which a stretch began, up to the day on which it
ended. Each holder's part follows from the working time it had the case, rounded to whole days by the largest
remainder, so the parts add up exactly, and a case that changes hands ten times on one day has used one day. Time in
which several had it at once (bodies asked side by side) is shared equally among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise

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
    """What one holder used: whole working days, and the exact times as shares of those who had it together."""

    holder: str
    working_days: int
    working_time: timedelta
    elapsed: timedelta


@dataclass(frozen=True, slots=True)
class Account:
    """What each holder used, in order of first having the case. The working days of the items add up to the total."""

    items: tuple[Item, ...]
    total: Item

    def of(self, holder: str) -> Item:
        """The item of one holder; all zero when it never had the case."""
        return next((item for item in self.items if item.holder == holder), _nothing(holder))

    def days(self, holder: str) -> int:
        """Working days of one holder."""
        return self.of(holder).working_days


@dataclass(slots=True)
class _Share:
    """Microseconds of one holder, exactly."""

    working: Fraction = Fraction(0)
    elapsed: Fraction = Fraction(0)


_MICROSECOND = timedelta(microseconds=1)


def account(stretches: Iterable[Held], *, at: datetime, calendar: WorkingCalendar) -> Account:
    """Itemise the stretches up to a moment. Overlapping stretches of one holder count once."""
    known = sorted(
        ((held.since, at if held.until is None else min(held.until, at), held.holder) for held in stretches),
        key=lambda one: one[:2],
    )
    spans = [(since, until, holder) for since, until, holder in known if since <= until]
    shares = {holder: _Share() for _since, _until, holder in spans}
    cuts = sorted({moment for since, until, _holder in spans for moment in (since, until)})
    for begin, end in pairwise(cuts):
        holders = {holder for since, until, holder in spans if since <= begin and end <= until}
        if not holders:
            continue
        working = working_time_between(begin, end, calendar) // _MICROSECOND
        for holder in holders:
            shares[holder].working += Fraction(working, len(holders))
            shares[holder].elapsed += Fraction((end - begin) // _MICROSECOND, len(holders))
    total = _total([(since, until) for since, until, _holder in spans], calendar)
    days = allotted(total.working_days, _weights(shares))
    items = tuple(
        Item(holder, days[holder], _span(share.working), _span(share.elapsed))
        for holder, share in shares.items()
    )
    return Account(items, total)


def allotted(whole: int, weights: Mapping[str, Fraction]) -> dict[str, int]:
    """`whole` in parts as the weights, by the largest remainder; equal remainders go to whoever is named first.

    Nobody has a weight: the first one named gets all.
    """
    summed = sum(weights.values(), Fraction(0))
    if not summed:
        return {name: whole if number == 0 else 0 for number, name in enumerate(weights)}
    exact = {name: whole * weight / summed for name, weight in weights.items()}
    parts = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(weights, key=lambda name: parts[name] - exact[name])
    for name in by_remainder[: whole - sum(parts.values())]:
        parts[name] += 1
    return parts


def _weights(shares: Mapping[str, _Share]) -> dict[str, Fraction]:
    """Working time of each; elapsed time where no working time has passed (it came in on a holiday)."""
    working = {holder: share.working for holder, share in shares.items()}
    return working if any(working.values()) else {holder: one.elapsed for holder, one in shares.items()}


def _total(spans: list[tuple[datetime, datetime]], calendar: WorkingCalendar) -> Item:
    days, working, elapsed = 0, timedelta(), timedelta()
    for since, until in _merged(spans):
        days += working_days_between(local(since).date(), local(until).date(), calendar)
        working += working_time_between(since, until, calendar)
        elapsed += until - since
    return Item("", days, working, elapsed)


def _span(microseconds: Fraction) -> timedelta:
    return timedelta(microseconds=round(microseconds))


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
