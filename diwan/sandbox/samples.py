"""Sample answers for a page of a form: what holds by the field's own reader, in place of typing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from diwan.forms.context import FormContext
from diwan.forms.entry import visible
from diwan.forms.plan import Field, FormPlan, Page
from diwan.forms.raw import Raw
from diwan.forms.registry import kind
from diwan.kit.errors import InvalidValue
from diwan.places.queries import points_inside

ROWS_TRIED: Final = 60
_TEXT_AR: Final = "نص للتجربة "
_TEXT_EN: Final = "Sample text "
_PLAIN: Final[Mapping[str, tuple[str, ...]]] = {
    "person_id": ("1000000008",), "national_id": ("1000000008",), "iqama": ("2345678904",),
    "mobile": ("0500000001",), "cr_number": ("4030000001",), "unified_number": ("7000000001",),
    "iban": ("SA0380000000608010167519",), "short_address": ("RRRD2929",), "deed_number": ("310105012345",),
    "ejar_number": ("10012345678", "1001234567"), "yes_no": ("yes",), "declaration": ("yes",),
}  # fmt: skip

_ENDING: Final = ("_end", "_to", "until", "expiry", "expires")
"""Keys of dates at which something ends: a later day than where it begins."""

Samples = Callable[[Field, FormContext], Iterator[Any]]


def fill(plan: FormPlan, page: Page, values: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
    """The answers with a sample for each question of the page that is asked and has none; those that nothing fits stay
    open."""
    filled, tried = dict(values), set[str]()
    while True:
        asked = [
            field
            for found, _group, field in visible(plan, filled, context)
            if found.key == page.key
            and not field.fixed
            and field.key not in filled
            and field.key not in tried
        ]
        if not asked:
            return filled
        tried.add(asked[0].key)
        value = sample(asked[0], context)
        if value is not None:
            filled[asked[0].key] = value


def sample(field: Field, context: FormContext) -> Any:
    """An answer that the field takes today, or None."""
    reader = kind(field.kind)
    for typed in _SAMPLES.get(field.kind, _plain)(field, context):
        raw = typed if isinstance(typed, Mapping) else {field.key: typed}
        try:
            value = reader.read(Raw(raw), field, context)
        except InvalidValue:
            continue
        if value is not None:
            return value
    return None


def _plain(field: Field, context: FormContext) -> Iterator[str]:
    yield from _PLAIN.get(field.kind, ())


def _text(field: Field, context: FormContext) -> Iterator[str]:
    words = _TEXT_EN if field.kind == "text_en" else _TEXT_AR
    least, most = int(field.option("least", 1)), int(field.option("most", 200))
    yield (words * (least // len(words) + 1)).strip()[:most]
    yield "1" * max(1, least)


def _number(field: Field, context: FormContext) -> Iterator[str]:
    for bound in ("100", "10", "1", field.option("least"), field.option("most")):
        if bound is not None:
            yield str(bound)


def _date(field: Field, context: FormContext) -> Iterator[str]:
    ahead = field.key.endswith(_ENDING)
    for days in (400, 60, 14, 0) if ahead else (0, 14, -14, 60, -60, 400, -400):
        yield (context.on + timedelta(days=days)).isoformat()


def _choice(field: Field, context: FormContext) -> Iterator[str]:
    yield from (choice["code"] for choice in field.option("choices", ()))


def _row(field: Field, context: FormContext) -> Iterator[str]:
    yield from (row.code for row in list(context.lookups.rows(field.option("lookup")))[:ROWS_TRIED])


def _pin(field: Field, context: FormContext) -> Iterator[Mapping[str, str]]:
    for lat, lng in points_inside(context.on, limit=5):
        yield {f"{field.key}-lat": f"{lat:.6f}", f"{field.key}-lon": f"{lng:.6f}", f"{field.key}-how": "map"}


_SAMPLES: Final[Mapping[str, Samples]] = {
    "text": _text, "text_ar": _text, "text_en": _text, "note": _text,
    "number": _number, "integer": _number, "area": _number, "money": _number,
    "date": _date, "choice": _choice, "multi": _choice, "lookup": _row, "lookups": _row, "place": _pin,
}  # fmt: skip
