"""Working calendars and holidays, which are data of the organisation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from diwan.catalogue.models import Holiday
from diwan.catalogue.models import WorkingCalendar as CalendarRow
from diwan.catalogue.remembered import remembered
from diwan.kit.calendar_data import calendar_from
from diwan.kit.calendars import STANDARD, WorkingCalendar
from diwan.people.models import Municipality

DEFAULT = "office"
"""Code of the calendar used where none is named for a municipality."""


def calendar_for(municipality_id: int, unit_code: str | None = None) -> WorkingCalendar:
    """The calendar of a unit (a calendar may carry the unit's code), else of the municipality, else the default.

    Without any calendar the Kingdom's usual office days without holidays.
    """
    calendars = remembered("calendars", _load)
    code = remembered(("municipality", municipality_id), lambda: _code(municipality_id))
    for key in (f"unit:{unit_code}", f"municipality:{code}", DEFAULT):
        if key in calendars:
            return calendars[key]
    return STANDARD


def holidays(year: int, *, calendar: str = DEFAULT) -> Sequence[Holiday]:
    """The holidays of a calendar that touch a Gregorian year, in order."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = Holiday.objects.filter(calendar__code=calendar, date_from__lte=last, date_to__gte=first)
    return list(rows.order_by("date_from"))


def _code(municipality_id: int) -> str:
    return Municipality.objects.values_list("code", flat=True).get(pk=municipality_id)


def _load() -> dict[str, WorkingCalendar]:
    made: dict[str, WorkingCalendar] = {}
    for row in CalendarRow.objects.prefetch_related("holidays").order_by("code"):
        rules = {
            **row.rules,
            "holidays": [
                {"first": item.date_from, "last": item.date_to, "ar": item.name_ar, "en": item.name_en}
                for item in row.holidays.all()
            ],
        }
        calendar = calendar_from(rules)
        made[row.code] = calendar
        for code in row.municipalities:
            made[f"municipality:{code}"] = calendar
    return made
