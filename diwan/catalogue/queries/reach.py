"""What a row of a lookup reaches: the services in force that name it or offer its list, and the drafts that name it.

What is searched is the definition: the rates of fee lines (a fact in braces may be anything) for `fee_rates`, for other
lookups each text that is the code, or a rule that has it in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import F, Q, TextField
from django.db.models.functions import Cast

from diwan.catalogue.models import ServiceVersion, WrittenDraft
from diwan.flow.table import Text

RATES: Final = "fee_rates"
_HOLE: Final = re.compile(r"\{[a-z_.]+\}")
_RATE: Final = re.compile(r"""\brate["']?:\s*(?:"([^"\n]+)"|'([^'\n]+)'|([^\s,}]+))""")


@dataclass(frozen=True, slots=True)
class Named:
    """A service that names a row, or offers the whole list: its version."""

    slug: str
    version_id: int
    name: Text


@dataclass(frozen=True, slots=True)
class DraftNaming:
    """A draft in whose text a row stands: the draft as it is written, or a version that was made without one."""

    title: str
    draft_id: int | None = None
    version_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """What a row reaches. `offered`: services whose forms or facts read the whole list without naming the row."""

    named: Sequence[Named]
    offered: Sequence[Named]
    drafts: Sequence[DraftNaming]


def reach_of(lookup: str, code: str, on: date) -> Reach:
    """What a row reaches from a day on."""
    named, offered = _searched(lookup, code, on)
    return Reach(named, offered, [*_written(lookup, code), *_versions_only(lookup, code)])


def services_naming(lookup: str, code: str, on: date) -> Sequence[Named]:
    """Services with a version that holds on a day, or later, and names the row; one each, by slug."""
    return _searched(lookup, code, on)[0]


def _searched(lookup: str, code: str, on: date) -> tuple[list[Named], list[Named]]:
    rows = ServiceVersion.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on) & Q(valid_to__gt=F("valid_from")),
        state=ServiceVersion.State.PUBLISHED,
    )
    if lookup != RATES:
        rows = rows.annotate(whole=Cast("definition", TextField())).filter(
            Q(whole__contains=f'"{lookup}"') | Q(whole__contains=code)
        )
    named: dict[str, Named] = {}
    offered: dict[str, Named] = {}
    for pk, slug, name, part in rows.order_by("service__slug", "valid_from").values_list(
        "pk", "service__slug", "definition__name", _part(lookup)
    ):
        one = Named(slug, pk, Text(str(name["ar"]), str(name["en"])))
        if names(part, lookup, code):
            named.setdefault(slug, one)
        elif lookup != RATES and _offers(part, lookup):
            offered.setdefault(slug, one)
    return list(named.values()), [one for slug, one in offered.items() if slug not in named]


def _part(lookup: str) -> str:
    """Where the row can stand: a version is read no further than that."""
    return "definition__fees" if lookup == RATES else "definition"


def names(part: Any, lookup: str, code: str) -> bool:
    """Whether a definition (for `fee_rates` its fee lines) names the row."""
    if lookup == RATES:
        rates = [line.get("rate") for line in part or () if isinstance(line, Mapping)]
        return any(fits(str(rate), code) for rate in rates if rate is not None)
    return any(
        text == code or f"'{code}'" in text or f'"{code}"' in text
        for key, text in _texts(part)
        if key != "slug"
    )


def fits(rate: str, code: str) -> bool:
    """Whether the rate of a fee line can be this row; a fact in braces may be anything."""
    parts = (re.escape(part) for part in _HOLE.split(rate))
    return re.fullmatch("[A-Za-z0-9_-]+".join(parts), code) is not None


def _offers(part: Any, lookup: str) -> bool:
    return any(key == "lookup" and text == lookup for key, text in _texts(part))


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Each text of a definition with the key that it stands under."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for inner, found in value.items():
            yield from _texts(found, str(inner))
    elif isinstance(value, list):
        for found in value:
            yield from _texts(found, key)


def _written(lookup: str, code: str) -> Iterator[DraftNaming]:
    """Open drafts by their text, which need not be whole."""
    found = WrittenDraft.objects.filter(ended_at__isnull=True).exclude(
        version__state=ServiceVersion.State.PUBLISHED
    )
    if lookup != RATES:
        found = found.filter(text__contains=code)
    word = re.compile(rf"(?<![\w-]){re.escape(code)}(?![\w-])")
    for pk, name, text in found.order_by("-changed_at").values_list("pk", "name", "text"):
        rates = ("".join(parts) for parts in _RATE.findall(text)) if lookup == RATES else ()
        if any(fits(rate, code) for rate in rates) if lookup == RATES else word.search(text):
            yield DraftNaming(name or str(pk), draft_id=pk)


def _versions_only(lookup: str, code: str) -> Iterator[DraftNaming]:
    """Drafts that nobody writes in the console: from a file, a package, or proposed by an update."""
    rows = ServiceVersion.objects.filter(state=ServiceVersion.State.DRAFT, written__isnull=True)
    if lookup != RATES:
        rows = rows.annotate(whole=Cast("definition", TextField())).filter(whole__contains=code)
    for pk, slug, part in rows.order_by("service__slug", "number").values_list(
        "pk", "service__slug", _part(lookup)
    ):
        if names(part, lookup, code):
            yield DraftNaming(slug, version_id=pk)
