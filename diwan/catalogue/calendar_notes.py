"""What every change of a calendar begins and ends with: the locked row, and the note from which open deadlines
follow."""

from __future__ import annotations

from datetime import date

from diwan.audit.actions import audit_row
from diwan.catalogue import remembered
from diwan.catalogue.errors import NoSuchCalendar, NotAllowed
from diwan.catalogue.models import CalendarChange, WorkingCalendar
from diwan.catalogue.permissions import MANAGE
from diwan.flow.table import Text
from diwan.kit import clock
from diwan.people.actor import Actor


def refuse_others(by: Actor) -> None:
    """Raise NotAllowed unless the capacity may change calendars."""
    if not (by.is_system or by.can(MANAGE)):
        raise NotAllowed


def taken(code: str, *, by: Actor) -> WorkingCalendar:
    """The calendar, locked for this transaction. Raises NotAllowed, NoSuchCalendar."""
    refuse_others(by)
    row = WorkingCalendar.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise NoSuchCalendar
    return row


def note_change(
    calendar: WorkingCalendar, what: CalendarChange.What, *, about: Text, first_day: date, by: Actor
) -> CalendarChange:
    """Write the change down, for the list in the console, the audit log, and whoever counts open deadlines anew."""
    change = CalendarChange.objects.create(
        calendar=calendar, what=what, about_ar=about.ar[:240], about_en=about.en[:240], first_day=first_day,
        at=clock.now(), recorded_at=clock.real_now(), by_ar=by.name_ar, by_en=by.name_en,
    )  # fmt: skip
    audit_row(
        by=by, action=f"catalogue.calendar.{what}", object_type="calendar", object_id=calendar.pk,
        municipality_id=None, values={"calendar": calendar.code, "about": about.en, "from": first_day},
    )  # fmt: skip
    remembered.forget()
    return change
