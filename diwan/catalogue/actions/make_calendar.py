"""A new calendar: as another one stands today, or for a desk that works day and night."""

from __future__ import annotations

import re

from django.db import transaction

from diwan.catalogue.calendar_notes import note_change, refuse_others
from diwan.catalogue.errors import NoSuchCalendar
from diwan.catalogue.models import CalendarChange, Holiday, ServiceVersion, WorkingCalendar
from diwan.flow.table import Text
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor

_CODE = re.compile(r"[a-z][a-z0-9-]{1,23}")


class CalendarCode(DiwanError):
    """A code that is taken or is none."""

    code = "catalogue.calendar_code"
    message = N_(
        "Choose a code of 2 to 24 small Latin letters, digits and hyphens that no other calendar has."
    )


class CalendarName(DiwanError):
    """A calendar without a name in both languages."""

    code = "catalogue.calendar_name"
    message = N_("Name the calendar in Arabic and in English.")


@transaction.atomic
def make_calendar(*, code: str, name: Text, like: str = "", by: Actor) -> WorkingCalendar:
    """Make a calendar with the rules and holidays of `like`, or for day and night without it.

    Raises NotAllowed, CalendarCode, CalendarName, NoSuchCalendar.
    """
    refuse_others(by)
    if not _CODE.fullmatch(code) or WorkingCalendar.objects.filter(code=code).exists():
        raise CalendarCode
    if not name.ar.strip() or not name.en.strip():
        raise CalendarName
    model = WorkingCalendar.objects.prefetch_related("holidays").filter(code=like).first() if like else None
    if like and model is None:
        raise NoSuchCalendar
    row = WorkingCalendar.objects.create(
        code=code, name_ar=name.ar.strip()[:120], name_en=name.en.strip()[:120],
        rules={"always": True} if model is None else model.rules, origin=ServiceVersion.Origin.LOCAL,
    )  # fmt: skip
    for holiday in model.holidays.all() if model is not None else ():
        Holiday.objects.create(
            calendar=row, name_ar=holiday.name_ar, name_en=holiday.name_en, date_from=holiday.date_from,
            date_to=holiday.date_to, source=holiday.source,
        )  # fmt: skip
    change = note_change(row, CalendarChange.What.MADE, about=name, first_day=clock.today(), by=by)
    CalendarChange.objects.filter(pk=change.pk).update(counted_at=clock.now())
    return row
