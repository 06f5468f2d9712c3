"""What the room of prices and lists shows: the lists, the rows of one, the form of a row and what a change reaches."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from diwan.catalogue.models import LookupRow, ServiceVersion
from diwan.catalogue.queries.list_columns import Column
from diwan.catalogue.queries.lists import list_row, list_rows, lists_on, row_on
from diwan.catalogue.queries.reach import Named, Reach, reach_of
from diwan.kit import clock
from diwan.kit.arabic import normalise, sort_key
from diwan.kit.errors import DiwanError
from diwan.people.actor import Actor
from diwan.ui.saying import problems, say
from diwan.web.console.calendar_forms import day_sent, typed_day
from diwan.web.console.list_forms import Read, typed_both, typed_column
from diwan.web.console.list_words import column_word, list_name

MOST_ROWS: Final = 60
_SHOWN_COLUMNS: Final = 6
_SHOWN_LETTERS: Final = 80


def lists_context(typed: str) -> dict[str, Any]:
    """Every list, or those that have each word in name or code, by name."""
    found = [(list_name(one.lookup), one) for one in lists_on(clock.today())]
    words = normalise(typed).split()
    kept = [
        {"name": name, "one": one}
        for name, one in sorted(found, key=lambda pair: sort_key(pair[0]))
        if all(word in normalise(f"{name} {one.lookup}") for word in words)
    ]
    return {"found": kept, "typed": typed}


def list_context(slug: str, columns: Sequence[Column], actor: Actor, asked: QueryDict) -> dict[str, Any]:
    """The rows of a list on the day that is asked for."""
    day, errors, typed = clock.today(), {}, asked.get("q", "")[:80]
    if any(asked.get(f"day-{part}") for part in ("day", "month", "year")):
        try:
            day = day_sent(asked, "day")
        except DiwanError as error:
            errors["day"] = say(error)
    rows = list_rows(slug, day, typed, most=MOST_ROWS + 1)
    return {
        "slug": slug, "name": list_name(slug), "typed": typed, "day": typed_day(asked, "day") if errors else day,
        "rows": [_listed(row, columns, actor, day) for row in rows[:MOST_ROWS]],
        "cut": MOST_ROWS if len(rows) > MOST_ROWS else 0, **problems(errors),
    }  # fmt: skip


def row_context(
    slug: str, columns: Sequence[Column], code: str, actor: Actor, sent: QueryDict, errors: Mapping[str, str]
) -> dict[str, Any]:
    """One row: the form with what was typed or what holds, since when it holds, and what it reaches."""
    rows = [] if sent.get("new") else list_row(slug, code)
    base, today = newest(rows), clock.today()
    doing = sent.get("do", "")
    form = sent if doing == "set" else None
    ending = base if base is not None and base.valid_to is None else None
    reach = reach_of(slug, code, today) if base is not None else None
    return {
        "slug": slug, "list_name": list_name(slug), "code": code, "base": base,
        "name": _named(base, actor) if base is not None else _("New row"),
        "name_ar": form.get("name_ar", "") if form is not None else base.name_ar if base else "",
        "name_en": form.get("name_en", "") if form is not None else base.name_en if base else "",
        "inputs": [_input(column, base, form, errors) for column in columns if column.kind != "money"],
        "prices": [_input(column, base, form, errors) for column in columns if column.kind == "money"],
        "since": typed_day(form, "since") if form is not None else _first_day(base, today),
        "end": typed_day(sent, "end") if doing == "end" else None,
        "ending": ending, "sure": bool(sent.get("sure")), "doing": doing,
        "history": [_listed(row, columns, actor, today) for row in rows],
        **reach_context(reach, actor),
    }  # fmt: skip


def change_context(
    slug: str, columns: Sequence[Column], read: Read, before: LookupRow | None, sent: QueryDict, actor: Actor
) -> dict[str, Any]:
    """What a change does before it is made: each column as it is and as it would be, and the services it reaches."""
    was = row_on(list_row(slug, read.code), read.since or clock.today()) or before
    held: Mapping[str, Any] = was.data if was is not None else {}
    names = [
        (_("Name in Arabic"), _plain(was.name_ar if was else None), _plain(read.name.ar)),
        (_("Name in English"), _plain(was.name_en if was else None), _plain(read.name.en)),
    ]
    values = [
        (column_word(column), *(_shown(column, each.get(column.name), actor) for each in (held, read.data)))
        for column in columns
    ]
    return {
        "preview": [pair for pair in (*names, *values) if pair[1] != pair[2]], "since_day": read.since,
        "again": [
            (key, value) for key, values in sent.lists() for value in values
            if key not in ("csrfmiddlewaretoken", "sure", "again")
        ],
        **reach_context(reach_of(slug, read.code, read.since or clock.today()), actor),
    }  # fmt: skip


def reach_context(reach: Reach | None, actor: Actor) -> dict[str, Any]:
    """The services and drafts that a row reaches, by their names."""
    if reach is None:
        return {}
    return {"named": _services(reach.named, actor), "offered": _services(reach.offered, actor), "drafts": reach.drafts,
            "reached": True}  # fmt: skip


def newest(rows: Sequence[LookupRow]) -> LookupRow | None:
    """The row of a code that begins last: what a change starts from."""
    return rows[0] if rows else None


def _services(found: Sequence[Named], actor: Actor) -> list[tuple[str, int]]:
    return [(one.name.en if actor.language == "en" else one.name.ar, one.version_id) for one in found]


def _first_day(base: LookupRow | None, today: date) -> date:
    """The day a change is offered for: that of a row to come, the one after the last of a row that ends, or today."""
    return today if base is None else max(today, base.valid_to or base.valid_from)


def _listed(row: LookupRow, columns: Sequence[Column], actor: Actor, day: date) -> dict[str, Any]:
    filled = [column for column in columns if row.data.get(column.name) is not None]
    return {
        "row": row, "name": _named(row, actor), "later": row.valid_from > day,
        "over": row.valid_to is not None and row.valid_to <= day,
        "last": row.valid_to - timedelta(days=1) if row.valid_to is not None else None,
        "is_ours": row.origin == ServiceVersion.Origin.LOCAL,
        "values": [
            (column_word(column), _shown(column, row.data[column.name], actor))
            for column in filled[:_SHOWN_COLUMNS]
        ],
        "more": len(filled) - _SHOWN_COLUMNS if len(filled) > _SHOWN_COLUMNS else 0,
    }  # fmt: skip


def _shown(column: Column, value: Any, actor: Actor) -> dict[str, Any]:
    """A value to show: `money` in halalas, or a short text."""
    if column.kind == "money" and isinstance(value, int):
        return {"money": value}
    if column.kind == "flag" and isinstance(value, bool):
        return _plain(_("Yes") if value else _("No"))
    if column.kind == "both" and isinstance(value, Mapping):
        return _plain(value.get(actor.language) or value.get("ar"))
    if column.kind == "texts" and isinstance(value, list):
        return _plain(" · ".join(str(one) for one in value))
    if column.kind == "json" and isinstance(value, list):
        return _plain(_("Entries: {number}").format(number=len(value)))
    return _plain(json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping | list) else value)


def _plain(value: Any) -> dict[str, Any]:
    text = "" if value is None else str(value)
    return {"text": text if len(text) <= _SHOWN_LETTERS else f"{text[:_SHOWN_LETTERS]}…"}


def _named(row: LookupRow, actor: Actor) -> str:
    return row.name_en if actor.language == "en" else row.name_ar


def _input(
    column: Column, base: LookupRow | None, form: QueryDict | None, errors: Mapping[str, str]
) -> dict[str, Any]:
    """A field of the form: what was typed, else what the row holds that a change starts from."""
    key, held = f"c.{column.name}", base.data.get(column.name) if base is not None else None
    found: dict[str, Any] = {
        "field": key, "label": column_word(column), "kind": column.kind, "required": column.required,
        "long": column.long or column.kind in ("texts", "json"), "help": _help(column), "error": errors.get(key, ""),
        "value": typed_column(column, held) if form is None else form.get(key, ""),
        "flags": [("yes", _("Yes")), ("no", _("No"))],
    }  # fmt: skip
    if column.kind == "both":
        found["both"] = [
            {
                "field": f"{key}.{one}", "lang": one, "error": errors.get(f"{key}.{one}", ""),
                "label": f"{column_word(column)} ({word})",
                "value": typed_both(held, one) if form is None else form.get(f"{key}.{one}", ""),
            }
            for one, word in (("ar", _("Arabic")), ("en", _("English")))
        ]  # fmt: skip
    return found


def _help(column: Column) -> str:
    if column.kind == "texts":
        return _("One a line.")
    if column.kind == "json":
        return _("As JSON text.")
    return _("So far: {texts}").format(texts=", ".join(column.seen)) if column.seen else ""
