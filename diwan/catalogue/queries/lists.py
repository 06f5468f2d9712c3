"""Lookups as the console's room of prices and lists reads them: which there are, the rows of a day, one row's past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from diwan.catalogue.models import LookupRow
from diwan.catalogue.queries.list_columns import Column, columns_of
from diwan.kit.arabic import normalise


@dataclass(frozen=True, slots=True)
class Listed:
    """A lookup that is kept as rows: how many hold on the day, how many begin later."""

    lookup: str
    holding: int
    later: int


def lists_on(day: date) -> Sequence[Listed]:
    """Every lookup that is kept as rows, by its code; districts, municipalities and what follows from who applies have
    none."""
    rows = (
        _rows()
        .values("lookup")
        .annotate(
            holding=Count("id", filter=_open(day) & Q(valid_from__lte=day)),
            later=Count("id", filter=Q(valid_from__gt=day)),
        )
        .order_by("lookup")
    )
    return [Listed(row["lookup"], row["holding"], row["later"]) for row in rows]


def list_columns(lookup: str) -> Sequence[Column] | None:
    """The further columns of a lookup as its rows of all times hold them; None when it has no rows."""
    held = list(LookupRow.objects.filter(lookup=lookup).values_list("data", flat=True))
    return columns_of(lookup, held) if held else None


def list_rows(lookup: str, day: date, text: str = "", *, most: int) -> Sequence[LookupRow]:
    """The rows that hold on a day or begin later and have every word, in the order people expect, at most `most`."""
    found = _rows().filter(_open(day), lookup=lookup)
    for word in normalise(text).split():
        found = found.filter(Q(search_key__contains=word) | Q(code__icontains=word))
    return list(found.order_by("sort_key", "code", "valid_from")[:most])


def list_row(lookup: str, code: str) -> Sequence[LookupRow]:
    """Every row of a code, the one that begins last first."""
    return list(_rows().filter(lookup=lookup, code=code).order_by("-valid_from"))


def row_on(rows: Sequence[LookupRow], day: date) -> LookupRow | None:
    """The one of a code's rows that holds on a day."""
    return next(
        (row for row in rows if row.valid_from <= day and (row.valid_to is None or row.valid_to > day)), None
    )


def code_letters(lookup: str) -> str:
    """The characters that stand in codes of a lookup, each once."""
    return "".join(
        sorted(set("".join(LookupRow.objects.filter(lookup=lookup).values_list("code", flat=True))))
    )


def _rows() -> QuerySet[LookupRow]:
    """The rows that hold on any day: one that was put right on its first day holds on none any more."""
    return LookupRow.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")))


def _open(day: date) -> Q:
    return Q(valid_to__isnull=True) | Q(valid_to__gt=day)
