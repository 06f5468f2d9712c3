"""What the forms of the calendars' room hold, as what they would change: read once, previewed or done."""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

from django.http import QueryDict

from diwan.catalogue.actions import Hours, change_hours, give_calendar, remove_holiday, set_holiday
from diwan.flow.table import Text
from diwan.kit.calendar_data import DAY_CODES
from diwan.kit.errors import N_, DiwanError
from diwan.kit.hijri import Calendar, parse_date_parts
from diwan.people.actor import Actor

Change = Callable[[], object]
_SPLIT: Final = re.compile(r"\s*[,،]\s*|\s+")


class NameMissing(DiwanError):
    """A holiday without a name in both languages."""

    code = "console.name_missing"
    message = N_("Name the holiday in Arabic and in English.")


def change_of(do: str, code: str, sent: QueryDict, by: Actor) -> Change | None:
    """What the form sent would do; None for a form that is none of ours. Raises InvalidValue, DiwanError."""
    read = _FORMS.get(do)
    return None if read is None else read(code, sent, by)


def _holiday(code: str, sent: QueryDict, by: Actor) -> Change:
    name = Text(sent.get("name_ar", "").strip()[:120], sent.get("name_en", "").strip()[:120])
    if not name.ar or not name.en:
        raise NameMissing
    first, last = day_sent(sent, "first"), day_sent(sent, "last")
    source = sent.get("source", "").strip()[:160]
    return partial(set_holiday, calendar=code, name=name, first=first, last=last, source=source, by=by)


def _withdraw(code: str, sent: QueryDict, by: Actor) -> Change:
    number = sent.get("holiday", "")
    return partial(remove_holiday, holiday_id=int(number) if number.isdecimal() else 0, by=by)


def _hours(code: str, sent: QueryDict, by: Actor) -> Change:
    days = [_spans(sent.get(f"hours_{day}", "")) for day in DAY_CODES]
    ramadan = [_spans(sent.get(f"ramadan_{day}", "")) for day in DAY_CODES]
    hours = Hours(
        days=days,
        ramadan=[own or usual for own, usual in zip(ramadan, days, strict=True)] if any(ramadan) else None,
        weekend=[day for day, spans in zip(DAY_CODES, days, strict=True) if not spans],
    )
    return partial(change_hours, calendar=code, since=day_sent(sent, "since"), hours=hours, by=by)


def _places(code: str, sent: QueryDict, by: Actor) -> Change:
    units = [word for word in _SPLIT.split(sent.get("units", "").strip()[:4000]) if word]
    return partial(
        give_calendar, calendar=code, municipalities=sent.getlist("municipalities")[:500], units=units, by=by
    )


_FORMS: Final[dict[str, Callable[[str, QueryDict, Actor], Change]]] = {
    "holiday": _holiday, "withdraw": _withdraw, "hours": _hours, "places": _places,
}  # fmt: skip


def day_sent(sent: QueryDict, name: str) -> date:
    """The day of a date field, in either calendar. Raises InvalidValue."""
    calendar: Calendar = "hijri" if sent.get(f"{name}-calendar") == "hijri" else "gregorian"
    parts = {part: sent.get(f"{name}-{part}", "") for part in ("year", "month", "day")}
    return parse_date_parts(**parts, calendar=calendar)


def typed_day(sent: QueryDict, name: str) -> dict[str, str]:
    """What was typed into a date field, to show it again."""
    return {part: sent.get(f"{name}-{part}", "") for part in ("day", "month", "year", "calendar")}


def _spans(text: str) -> list[str]:
    return [part for part in _SPLIT.split(text.strip()[:120].replace("–", "-").replace(" - ", "-")) if part]
