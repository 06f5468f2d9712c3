"""Working calendars and holidays, which are data of the organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from diwan.catalogue.models import CalendarChange, Holiday
from diwan.catalogue.models import WorkingCalendar as CalendarRow
from diwan.catalogue.remembered import remembered
from diwan.kit.calendar_data import calendar_from
from diwan.kit.calendars import STANDARD, WorkingCalendar
from diwan.people.models import Municipality, Unit

DEFAULT = "office"
"""Code of the calendar used where none is given to a municipality or unit."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where calendars can be given to: codes of municipalities, and units under each other."""

    municipalities: Mapping[int, str]
    units: Mapping[int, tuple[str, int | None, int]]
    """Id of a unit -> its code, the unit above it, its municipality."""


@dataclass(frozen=True, slots=True)
class Calendars:
    """Every calendar by its code, and which place has which: as they stand, or as they would stand after a change."""

    by_code: Mapping[str, WorkingCalendar]
    of_municipality: Mapping[str, str]
    of_unit: Mapping[str, str]
    places: Places

    def code_for(self, municipality_id: int, unit_id: int | None = None) -> str:
        """Code of the calendar of a desk: the nearest up wins. A unit's own, that of the units above it in the same
        municipality, the municipality's, that of units above in the amanah, the default. Without a unit the
        municipality's."""
        if unit_id is None or not self.of_unit or unit_id not in self.places.units:
            return self._of_municipality(municipality_id)
        home, found = self.places.units[unit_id][2], ""
        above: int | None = unit_id
        while above is not None and above in self.places.units:
            code, parent, municipality = self.places.units[above]
            if municipality != home and (found := self._named(home)):
                return found
            if code in self.of_unit:
                return self.of_unit[code]
            above, home = parent, municipality
        return self._of_municipality(home)

    def of(self, municipality_id: int, unit_id: int | None = None) -> WorkingCalendar:
        """The calendar of a desk; without any calendar the Kingdom's usual office days without holidays."""
        return self.by_code.get(self.code_for(municipality_id, unit_id), STANDARD)

    def _named(self, municipality_id: int) -> str:
        return self.of_municipality.get(self.places.municipalities.get(municipality_id, ""), "")

    def _of_municipality(self, municipality_id: int) -> str:
        return self._named(municipality_id) or DEFAULT


def calendar_for(municipality_id: int, unit_id: int | None = None) -> WorkingCalendar:
    """The calendar of a unit of a municipality, of the municipality itself without one (`Calendars.code_for`)."""
    return remembered("calendars", read_calendars).of(municipality_id, unit_id)


def read_calendars() -> Calendars:
    """All calendars as they stand in this transaction."""
    rows = list(CalendarRow.objects.prefetch_related("holidays").order_by("code"))
    return Calendars(
        by_code={row.code: _made(row) for row in rows},
        of_municipality={code: row.code for row in rows for code in row.municipalities},
        of_unit={code: row.code for row in rows for code in row.units},
        places=_places(with_units=any(row.units for row in rows)),
    )


def _places(*, with_units: bool) -> Places:
    units = Unit.objects.values_list("id", "code", "parent_id", "municipality_id") if with_units else ()
    return Places(
        municipalities=dict(Municipality.objects.values_list("id", "code")),
        units={pk: (code, parent, municipality) for pk, code, parent, municipality in units},
    )


def _made(row: CalendarRow) -> WorkingCalendar:
    return calendar_from(
        {
            **row.rules,
            "holidays": [
                {"first": item.date_from, "last": item.date_to, "ar": item.name_ar, "en": item.name_en}
                for item in row.holidays.all()
            ],
        }
    )


def holidays(year: int, *, calendar: str = DEFAULT) -> Sequence[Holiday]:
    """The holidays of a calendar that touch a Gregorian year, in order."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = Holiday.objects.filter(calendar__code=calendar, date_from__lte=last, date_to__gte=first)
    return list(rows.order_by("date_from"))


def calendar_rows() -> Sequence[CalendarRow]:
    """Every calendar with its holidays, the default first."""
    rows = CalendarRow.objects.prefetch_related("holidays").order_by("code")
    return sorted(rows, key=lambda row: (row.code != DEFAULT, row.code))


def calendar_row(code: str) -> CalendarRow | None:
    """One calendar with its holidays."""
    return CalendarRow.objects.prefetch_related("holidays").filter(code=code).first()


def calendar_changes(code: str, *, limit: int = 20) -> Sequence[CalendarChange]:
    """What was changed on a calendar, the newest first."""
    return list(CalendarChange.objects.filter(calendar__code=code).order_by("-id")[:limit])
