"""Announce a holiday of a calendar, or take it back. What is closed is not counted anew; what is open follows."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from diwan.catalogue.calendar_notes import note_change, taken
from diwan.catalogue.errors import DatesReversed, NoSuchCalendar
from diwan.catalogue.models import CalendarChange, Holiday
from diwan.flow.table import Text
from diwan.people.actor import Actor


@transaction.atomic
def set_holiday(
    *, calendar: str, name: Text, first: date, last: date, source: str = "", by: Actor
) -> Holiday:
    """Add a holiday, or change the days of the one that bears this name in that year.

    Raises NotAllowed, NoSuchCalendar, DatesReversed.
    """
    row = taken(calendar, by=by)
    if last < first:
        raise DatesReversed
    found = Holiday.objects.select_for_update().filter(
        calendar=row, name_en=name.en, date_from__year=first.year
    )
    holiday = found.first() or Holiday(calendar=row, date_from=first)
    earliest = min(first, holiday.date_from)
    holiday.name_ar, holiday.name_en = name.ar, name.en
    holiday.date_from, holiday.date_to, holiday.source = first, last, source
    holiday.save()
    note_change(row, CalendarChange.What.HOLIDAY, about=_about(holiday), first_day=earliest, by=by)
    return holiday


@transaction.atomic
def remove_holiday(*, holiday_id: int, by: Actor) -> None:
    """Take a holiday back. Raises NotAllowed, NoSuchCalendar."""
    code = Holiday.objects.filter(pk=holiday_id).values_list("calendar__code", flat=True).first()
    row = taken(code or "", by=by)
    holiday = Holiday.objects.select_for_update().filter(pk=holiday_id).first()
    if holiday is None:
        raise NoSuchCalendar
    what = CalendarChange.What.HOLIDAY_REMOVED
    note_change(row, what, about=_about(holiday), first_day=holiday.date_from, by=by)
    holiday.delete()


def _about(holiday: Holiday) -> Text:
    days = f"{holiday.date_from:%Y-%m-%d} - {holiday.date_to:%Y-%m-%d}"
    if holiday.date_from == holiday.date_to:
        days = f"{holiday.date_from:%Y-%m-%d}"
    return Text(f"{holiday.name_ar} {days}", f"{holiday.name_en} {days}")
