"""What the calendars' room shows: the shelf of calendars, one with its week and holidays, and what a change moves."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from diwan.cases.calendar_preview import Moves
from diwan.cases.services import service_of
from diwan.catalogue.models import WorkingCalendar as Row
from diwan.catalogue.queries import calendar_changes, calendar_rows, read_calendars
from diwan.kit import clock
from diwan.kit.calendar_data import DAY_CODES
from diwan.kit.calendars import Spans, WorkingCalendar, rule_on, spans_of, weekend_on
from diwan.kit.dates import Language, weekday_name
from diwan.kit.numbers import show_case_number
from diwan.people.actor import Actor
from diwan.people.models import Municipality, Unit
from diwan.web.console.calendar_forms import typed_day

_MONDAY: Final = date(2026, 1, 5)
_ORDER: Final = (6, 0, 1, 2, 3, 4, 5)
"""Weekdays as they are shown: the week begins on Sunday."""


def shelf_context(actor: Actor, typed: QueryDict) -> dict[str, Any]:
    """Every calendar, who has it, its hours today and its next holiday; and what was typed for a new one."""
    known, today = read_calendars(), clock.today()
    rows = [
        {
            "code": row.code, "name": _named(row, actor), "today": _text(spans_of(today, known.by_code[row.code])),
            "places": _places(row, actor), "next": _next_holiday(row, actor, today),
        }
        for row in calendar_rows()
    ]  # fmt: skip
    models = [("", _("Day and night, every day")), *((row["code"], row["name"]) for row in rows)]
    return {"rows": rows, "typed": typed, "models": models}


def calendar_context(row: Row, actor: Actor, typed: QueryDict, *, year: int) -> dict[str, Any]:
    """One calendar: its weeks, the holidays of a year, its changes, and the forms with what was typed."""
    made, doing = read_calendars().by_code[row.code], typed.get("do", "")
    english = actor.language == "en"
    towns = Municipality.objects.filter(valid_to__isnull=True).order_by("code")
    return {
        "row": row, "name": _named(row, actor), "places": _places(row, actor), "always": made.always,
        "weeks": _weeks(made, actor), "form_week": _form_week(made, actor, typed if doing == "hours" else None),
        "year": year, "earlier": year - 1, "later": year + 1,
        "holidays": [
            (one.name_en if english else one.name_ar, one)
            for one in sorted(row.holidays.all(), key=lambda one: one.date_from)
            if one.date_from.year <= year <= one.date_to.year
        ],
        "changes": [
            (_what(one.what), one.about_en if english else one.about_ar, one)
            for one in calendar_changes(row.code)
        ],
        "towns": [(one.code, one.name_en if english else one.name_ar) for one in towns],
        "chosen": typed.getlist("municipalities") if doing == "places" else row.municipalities,
        "units": typed.get("units", "") if doing == "places" else ", ".join(row.units),
        "typed": typed, "days": {name: typed_day(typed, name) for name in ("first", "last", "since")},
    }  # fmt: skip


def moves_context(moves: Moves | None, actor: Actor, sent: QueryDict) -> dict[str, Any]:
    """What a change would move, some examples, and the form to send again; empty without a preview."""
    if moves is None:
        return {}
    examples = []
    for example in moves.examples:
        service, step = service_of(example.one.case.version_id), example.one.step
        examples.append(
            {
                "number": show_case_number(example.one.case.pk), "service": service.name(actor.language),
                "step": service.title(step, actor.language) if step else _("The whole request"),
                "before": example.before, "after": example.after,
            }
        )  # fmt: skip
    fields = [
        (key, value) for key, values in sent.lists() for value in values if key != "csrfmiddlewaretoken"
    ]
    return {"moves": moves, "examples": examples, "again": fields}


def _what(what: str) -> str:
    return {
        "made": _("New calendar"), "holiday": _("Holiday set"), "removed": _("Holiday withdrawn"),
        "hours": _("Other hours"), "places": _("Given to"),
    }.get(what, what)  # fmt: skip


def _named(row: Row | Municipality | Unit, actor: Actor) -> str:
    return row.name_en if actor.language == "en" else row.name_ar


def _places(row: Row, actor: Actor) -> list[str]:
    """Names of the municipalities and units that have it."""
    towns = Municipality.objects.filter(code__in=row.municipalities).order_by("code")
    units = Unit.objects.filter(code__in=row.units).order_by("code")
    return [*(_named(one, actor) for one in towns), *(_named(one, actor) for one in units)]


def _next_holiday(row: Row, actor: Actor, today: date) -> tuple[str, date] | None:
    coming = sorted(
        (one for one in row.holidays.all() if one.date_to >= today), key=lambda one: one.date_from
    )
    if not coming:
        return None
    return (coming[0].name_en if actor.language == "en" else coming[0].name_ar), coming[0].date_from


def _weeks(made: WorkingCalendar, actor: Actor) -> list[dict[str, Any]]:
    """The week of today and those that are to begin: (weekday, hours, hours in Ramadan), from when."""
    today = clock.today()
    starts = [today, *(week.since for week in made.changes if week.since > today)]
    return [
        {"since": since if since != today else None, "rows": _rows(made, since, _weekdays(actor))}
        for since in starts
    ]


def _rows(made: WorkingCalendar, day: date, names: Collection[str]) -> list[tuple[str, str, str]]:
    rule, weekend = rule_on(day, made), weekend_on(day, made)
    rows = []
    for number, name in zip(_ORDER, names, strict=True):
        off = number in weekend
        usual = () if off else rule.hours[number]
        ramadan = () if off or rule.ramadan_hours is None else rule.ramadan_hours[number]
        rows.append((name, _text(usual), _text(ramadan)))
    return rows


def _form_week(
    made: WorkingCalendar, actor: Actor, typed: QueryDict | None
) -> list[tuple[str, str, str, str]]:
    """(code, weekday, hours, Ramadan hours) for the form: what was typed, else the newest week."""
    newest = made.changes[-1].since if made.changes else clock.today()
    rows = _rows(made, max(newest, clock.today()), _weekdays(actor))
    return [
        (code, name, usual, ramadan)
        if typed is None
        else (code, name, typed.get(f"hours_{code}", ""), typed.get(f"ramadan_{code}", ""))
        for code, (name, usual, ramadan) in zip((DAY_CODES[n] for n in _ORDER), rows, strict=True)
    ]


def _weekdays(actor: Actor) -> list[str]:
    """Their names, in the order of `_ORDER`."""
    language: Language = "en" if actor.language == "en" else "ar"
    return [weekday_name(_MONDAY + timedelta(days=number), language) for number in _ORDER]


def _text(spans: Spans) -> str:
    return ", ".join(
        f"{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}" for start, end in spans
    )
