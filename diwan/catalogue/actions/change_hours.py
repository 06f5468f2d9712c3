"""Other working hours, Ramadan hours and weekend from a day on; the days before keep theirs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from diwan.catalogue.calendar_notes import note_change, taken
from diwan.catalogue.models import CalendarChange, WorkingCalendar
from diwan.flow.table import Text
from diwan.kit import clock
from diwan.kit.calendar_data import DAY_CODES, calendar_from, calendar_to
from diwan.kit.calendars import WorkingCalendar as Calendar
from diwan.kit.calendars import is_working_day
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor


class HoursUnreadable(DiwanError):
    """Hours that are not written as hours, overlap, or leave no working day."""

    code = "catalogue.hours_unreadable"
    message = N_("Write hours like 07:30-14:30, several with a comma between them, none twice: {hours}")


class HoursInThePast(DiwanError):
    """Hours cannot be changed for days that have begun."""

    code = "catalogue.hours_in_the_past"
    message = N_("Other hours begin on a day that has not begun yet.")


class AlwaysOpen(DiwanError):
    """A desk that works day and night has no hours."""

    code = "catalogue.always_open"
    message = N_("This calendar is for day and night: it has no hours to change.")


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours by weekday (Monday first), as text; `ramadan` None for no other hours in Ramadan. `weekend`: day codes."""

    days: Sequence[Sequence[str]]
    ramadan: Sequence[Sequence[str]] | None
    weekend: Collection[str]


@transaction.atomic
def change_hours(*, calendar: str, since: date, hours: Hours, by: Actor) -> WorkingCalendar:
    """Let other hours hold from `since` on, which replaces whatever was to begin that day or later.

    Raises NotAllowed, NoSuchCalendar, AlwaysOpen, HoursInThePast, HoursUnreadable.
    """
    row = taken(calendar, by=by)
    if row.rules.get("always"):
        raise AlwaysOpen
    if since <= clock.today():
        raise HoursInThePast
    row.rules = _changed(row.rules, since, hours)
    row.save(update_fields=["rules"])
    told = f"{since:%Y-%m-%d}: {_told(hours)}"
    note_change(row, CalendarChange.What.HOURS, about=Text(told, told), first_day=since, by=by)
    return row


def _changed(rules: Mapping[str, Any], since: date, hours: Hours) -> dict[str, Any]:
    week = {
        "since": since.isoformat(),
        "hours": dict(zip(DAY_CODES, hours.days, strict=True)),
        "ramadan_hours": None if hours.ramadan is None else dict(zip(DAY_CODES, hours.ramadan, strict=True)),
    }
    now = calendar_to(calendar_from(rules))
    weekends = [rule for rule in now["weekends"] if date.fromisoformat(rule["since"]) < since]
    weekend = [code for code in DAY_CODES if code in hours.weekend]
    if not weekends or weekends[-1]["days"] != weekend:
        weekends.append({"since": since.isoformat(), "days": weekend})
    before = [
        change for change in rules.get("changes", ()) if date.fromisoformat(str(change["since"])) < since
    ]
    made = {**rules, "changes": [*before, week], "weekends": weekends}
    try:
        found = calendar_from(made)
    except ValueError as error:
        raise HoursUnreadable(hours=_told(hours)) from error
    if not _works(found, since):
        raise HoursUnreadable(hours=_told(hours))
    return made


def _works(calendar: Calendar, since: date) -> bool:
    """Whether anybody works within the next weeks: deadlines have to end some day."""
    days = (date.fromordinal(since.toordinal() + number) for number in range(60))
    return any(is_working_day(day, calendar) for day in days)


def _told(hours: Hours) -> str:
    """The hours in short: equal neighbours only once."""
    parts: list[str] = []
    for code, spans in zip(DAY_CODES, hours.days, strict=True):
        text = ", ".join(spans) if code not in hours.weekend and spans else "-"
        if not parts or parts[-1].split(" ", 1)[1] != text:
            parts.append(f"{code} {text}")
    return "; ".join(parts)
