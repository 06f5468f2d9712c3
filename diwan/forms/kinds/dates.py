"""Dates: typed in either calendar in three boxes, stored Gregorian with the calendar that was typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.options import Option
from diwan.forms.plan import Field
from diwan.forms.raw import Raw
from diwan.forms.registry import FieldKind, register
from diwan.kit.dates import Part, both_calendars, joined
from diwan.kit.errors import N_, InvalidValue
from diwan.kit.hijri import Calendar, add_years, parse_date, parse_date_parts, to_hijri
from diwan.rules.types import CelType


def day_of(value: Any) -> date | None:
    """The Gregorian day of a stored date value, or None."""
    return date.fromisoformat(value["date"]) if value else None


@register
class Date(FieldKind):
    """`{"date": "2026-11-21", "entered": "hijri"}`."""

    name = "date"
    title = Text("تاريخ", "Date")
    about = "A date typed Hijri or Gregorian; stored Gregorian with the calendar that was typed."
    template = "forms/date.html"
    options = (
        Option("calendar", "text", "Calendar offered first (hijri)", among=("hijri", "gregorian")),
        Option("not_after_today", "flag", "Refuse a day still to come"),
        Option("not_before_today", "flag", "Refuse a day that has passed"),
        Option("years_back", "integer", "Refuse a day longer ago than this"),
        Option("years_ahead", "integer", "Refuse a day further ahead than this"),
    )
    missing = N_("Enter the date: day, month and year.")
    cel_type = CelType.DATE
    parts = ("day", "month", "year", "calendar")

    def read(self, raw: Raw, field: Field, context: FormContext) -> dict[str, str] | None:
        key = field.key
        boxes = {part: raw.one(f"{key}-{part}") for part in ("year", "month", "day")}
        if raw.one(key):
            found = parse_date(raw.one(key))
            day, entered = found.day, found.entered
        elif not any(boxes.values()):
            return None
        else:
            entered = self.calendar(raw, field)
            if not all(boxes.values()):
                raise InvalidValue(
                    "forms.date.incomplete", N_("Fill in all three boxes: day, month and year.")
                )
            day = parse_date_parts(
                year=boxes["year"], month=boxes["month"], day=boxes["day"], calendar=entered
            )
        self.check_day(day, field, context)
        return {"date": day.isoformat(), "entered": entered}

    def calendar(self, raw: Raw, field: Field) -> Calendar:
        """The calendar chosen, else the one offered first."""
        chosen = raw.one(f"{field.key}-calendar") or field.option("calendar", "hijri")
        return "gregorian" if chosen in ("gregorian", "g") else "hijri"

    def check_day(self, day: date, field: Field, context: FormContext) -> None:
        """Refuse a day outside the limits of the field."""
        today = context.on
        if field.option("not_after_today") and day > today:
            raise InvalidValue(
                "forms.date.future", N_("This day is still to come. Enter a day that has passed.")
            )
        if field.option("not_before_today") and day < today:
            raise InvalidValue("forms.date.past", N_("This day has passed. Enter today or a later day."))
        back, ahead = field.option("years_back"), field.option("years_ahead")
        if back is not None and day < add_years(today, -back):
            raise InvalidValue("forms.date.too_early", N_("This date is too long ago. Check the year."))
        if ahead is not None and day > add_years(today, ahead):
            raise InvalidValue("forms.date.too_late", N_("This date is too far ahead. Check the year."))

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "description": "Gregorian as 2026-11-21, or Hijri as 1448-06-11"}

    def well_formed(self, value: Any) -> bool:
        try:
            return isinstance(value, Mapping) and day_of(value) is not None
        except (KeyError, TypeError, ValueError):
            return False

    def raw(self, value: Any, field: Field) -> dict[str, str | list[str]]:
        if isinstance(value, str):
            return {field.key: value}
        if not isinstance(value, Mapping) or not isinstance(value.get("date"), str):
            return {} if value is None else {field.key: str(value)}
        try:
            day = date.fromisoformat(value["date"])
        except ValueError:
            return {field.key: value["date"]}
        hijri = to_hijri(day) if value.get("entered") == "hijri" else None
        year, month, number = hijri if hijri is not None else (day.year, day.month, day.day)
        key, calendar = field.key, "hijri" if hijri is not None else "gregorian"
        parts = {"day": str(number), "month": str(month), "year": str(year), "calendar": calendar}
        return {f"{key}-{part}": value for part, value in parts.items()}

    def show(self, value: Any, field: Field, language: str, context: FormContext) -> tuple[Part, ...]:
        day = day_of(value)
        return () if day is None else both_calendars(day, "en" if language == "en" else "ar")

    def changed(self, before: Any, after: Any) -> bool:
        return day_of(before) != day_of(after)

    def bind(self, value: Any, field: Field) -> date | None:
        return day_of(value)

    def widget(self, field: Field, raw: Raw, language: str, context: FormContext) -> Mapping[str, Any]:
        typed = {part: raw.one(f"{field.key}-{part}") for part in ("day", "month", "year")}
        calendar = self.calendar(raw, field)
        try:
            found = self.read(raw, field, context)
        except InvalidValue:
            found = None
        day = day_of(found)
        both = (
            ""
            if day is None
            else joined(both_calendars(day, "en" if language == "en" else "ar"), isolated=True)
        )
        return {"boxes": {**typed, "calendar": calendar}, "calendar": calendar, "both": both}
