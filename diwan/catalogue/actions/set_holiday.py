"""Announce a holiday of a calendar, or take it back. Closed periods are not counted anew."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.catalogue import remembered
from diwan.catalogue.errors import DatesReversed, NoSuchService, NotAllowed
from diwan.catalogue.models import Holiday, WorkingCalendar
from diwan.catalogue.permissions import MANAGE
from diwan.flow.table import Text
from diwan.people.actor import Actor


@transaction.atomic
def set_holiday(
    *, calendar: str, name: Text, first: date, last: date, source: str = "", by: Actor
) -> Holiday:
    """Add a holiday, or change the days of the one that begins on `first` or bears this name in that year.

    Raises NotAllowed, NoSuchService (no such calendar), DatesReversed.
    """
    if not (by.is_system or by.can(MANAGE)):
        raise NotAllowed
    if last < first:
        raise DatesReversed
    row = WorkingCalendar.objects.filter(code=calendar).first()
    if row is None:
        raise NoSuchService
    found = Holiday.objects.select_for_update().filter(
        calendar=row, name_en=name.en, date_from__year=first.year
    )
    holiday = found.first() or Holiday(calendar=row)
    holiday.name_ar, holiday.name_en = name.ar, name.en
    holiday.date_from, holiday.date_to, holiday.source = first, last, source
    holiday.save()
    _audit(holiday, action="catalogue.holiday.set", by=by)
    return holiday


@transaction.atomic
def remove_holiday(*, holiday_id: int, by: Actor) -> None:
    """Take a holiday back. Raises NotAllowed, NoSuchService."""
    if not (by.is_system or by.can(MANAGE)):
        raise NotAllowed
    holiday = Holiday.objects.select_for_update().filter(pk=holiday_id).first()
    if holiday is None:
        raise NoSuchService
    _audit(holiday, action="catalogue.holiday.removed", by=by)
    holiday.delete()


def _audit(holiday: Holiday, *, action: str, by: Actor) -> None:
    audit_row(
        by=by, action=action, object_type="holiday", object_id=holiday.pk, municipality_id=None,
        values={"calendar": holiday.calendar_id, "from": holiday.date_from, "to": holiday.date_to},
    )  # fmt: skip
    remembered.forget()
