"""Lookups as they stand on a day. Districts and municipalities are offered as lookups too."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from diwan.catalogue.models import LookupRow
from diwan.catalogue.remembered import remembered
from diwan.catalogue.shelf import Shelf
from diwan.flow.table import Text
from diwan.forms.lookups import Row
from diwan.kit.arabic import normalise
from diwan.people.models import Municipality
from diwan.places.models import District


def shelf(on: date | None) -> Shelf:
    """Every lookup of a day; with None the latest row of each code, whenever it holds."""
    since = None if on is None else _since(on)
    return remembered(("shelf", since), lambda: _load(since))


def _since(on: date) -> date:
    """The last day up to this one on which a row began or ceased to hold: the shelf is the same since then."""
    days = remembered("shelf days", _days)
    place = bisect_right(days, on)
    return days[place - 1] if place else date.min


def _days() -> list[date]:
    """The days on which anything of the shelf begins or ceases to hold, in order."""
    found: set[date | None] = set()
    for model in (LookupRow, Municipality):
        for column in ("valid_from", "valid_to"):
            found.update(model.objects.order_by().values_list(column, flat=True).distinct())
    return sorted(day for day in found if day is not None)


def lookups_on(day: date) -> Shelf:
    """Every lookup as it stands on a day."""
    return shelf(day)


def lookup(name: str, on: date) -> Sequence[Row]:
    """The rows of a lookup on a day, in the order people expect."""
    return shelf(on).rows(name)


def lookup_row(name: str, code: str, on: date) -> Row | None:
    """One row of a lookup on a day, or None."""
    return shelf(on).row(name, code)


def _load(on: date | None) -> Shelf:
    rows = LookupRow.objects.order_by("lookup", "valid_from", "id")
    if on is not None:
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)
    shelved: dict[str, dict[str, Row]] = {}
    for row in rows:
        made = Row(row.code, Text(row.name_ar, row.name_en), row.data, row.sort_key, row.search_key)
        shelved.setdefault(row.lookup, {})[row.code] = made
    plain = {name: list(found.values()) for name, found in shelved.items()}
    return Shelf({**plain, "districts": _districts(), "municipalities": _municipalities(on)})


def _districts() -> list[Row]:
    return [
        Row(
            item.code,
            Text(item.name_ar, item.name_en),
            {},
            item.sort_key,
            normalise(f"{item.name_ar} {item.name_en}"),
        )
        for item in District.objects.all()
    ]


def _municipalities(on: date | None) -> list[Row]:
    found = Municipality.objects.all()
    if on is not None:
        found = found.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)
    return [
        Row(item.code, Text(item.name_ar, item.name_en), {"city_class": item.city_class}, item.sort_key)
        for item in found
    ]
