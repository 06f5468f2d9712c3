"""Which municipalities and units have a calendar; each has one at most."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from diwan.catalogue.calendar_notes import note_change, taken
from diwan.catalogue.models import CalendarChange, WorkingCalendar
from diwan.flow.table import Text
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor
from diwan.people.models import Municipality, Unit


class NoSuchPlace(DiwanError):
    """A code that is no municipality and no unit."""

    code = "catalogue.no_such_place"
    message = N_("There is no municipality or unit with the code {place}.")


@transaction.atomic
def give_calendar(
    *, calendar: str, municipalities: Collection[str], units: Collection[str], by: Actor
) -> WorkingCalendar:
    """Let exactly these municipalities and units (codes) have the calendar; whatever they had before is theirs no more.

    Raises NotAllowed, NoSuchCalendar, NoSuchPlace.
    """
    row = taken(calendar, by=by)
    towns, desks = sorted(set(municipalities)), sorted(set(units))
    known = {*Municipality.objects.filter(code__in=towns).values_list("code", flat=True)}
    known |= {*Unit.objects.filter(code__in=desks).values_list("code", flat=True)}
    unknown = [code for code in (*towns, *desks) if code not in known]
    if unknown:
        raise NoSuchPlace(place=unknown[0])
    for other in WorkingCalendar.objects.select_for_update().exclude(pk=row.pk).order_by("pk"):
        left = [code for code in other.municipalities if code not in towns]
        free = [code for code in other.units if code not in desks]
        if (left, free) != (other.municipalities, other.units):
            other.municipalities, other.units = left, free
            other.save(update_fields=["municipalities", "units"])
    row.municipalities, row.units = towns, desks
    row.save(update_fields=["municipalities", "units"])
    told = ", ".join((*towns, *desks)) or "-"
    note_change(row, CalendarChange.What.PLACES, about=Text(told, told), first_day=clock.today(), by=by)
    return row
