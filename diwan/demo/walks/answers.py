"""What an applicant answers, in the form of the service, read and checked by the form's own readers."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from diwan.cases.context import form_context
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import shelf
from diwan.demo.plan.source import generator
from diwan.demo.walks.scripts import Script
from diwan.forms.entry import clean, read_json
from diwan.kit import clock


@dataclass(frozen=True, slots=True)
class Answered:
    """Values and facts as `open_cases` takes them."""

    values: dict[str, Any]
    facts: dict[str, Any]


class Unanswerable(Exception):
    """The plan does not fit the form of the service; names the fields."""


def answered(
    script: Script, service: CompiledService, applicant: Mapping[str, Any], *, renews: str = ""
) -> Answered:
    """Answers of a script; of a renewal those of its entry with the few that a renewal asks."""
    context = form_context(service, applicant=applicant, renews=renews)
    rng = generator(100_000 + script.number)
    given = (
        {**dict(context.entry), **_declared(service), **_term(script)}
        if renews
        else _fresh(script, service, rng)
    )
    asked = {key: value for key, value in given.items() if service.form.field(key) is not None}
    read = read_json(service.form, asked, context)
    if read.problems:
        raise Unanswerable(f"{service.slug} of {script.shop.key}: {sorted(read.problems)}")
    values = clean(service.form, read.values, context)
    facts: dict[str, Any] = {"derived": service.derive(values, context)}
    if renews:
        facts |= {"renews": renews, "entry": _plain(context.entry)}
    return Answered(values, facts)


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in entry.items()}


def _fresh(script: Script, service: CompiledService, rng: random.Random) -> dict[str, Any]:
    shop, today = script.shop, clock.today()
    sign = rng.random() < 0.85
    return {
        "activities": [shop.activity], "cr_number": shop.cr, "unified_number": shop.unified,
        "trade_name_ar": f"{shop.name_ar} {script.branch_ar}".strip()[:60],
        "trade_name_en": f"{shop.name_en} {script.branch_en}".strip()[:60],
        "place": {"lat": f"{shop.lat:.6f}", "lng": f"{shop.lng:.6f}", "how": "map", "near": shop.street_ar},
        "premises_type": "street_shop" if shop.area < 300 else "building", "area_m2": str(shop.area),
        "openings": str(1 + shop.area // 60 % 6), "floor": "الأرضي", "unit_no": str(rng.randint(1, 24)),
        "right": "lease", "lease_number": script.lease,
        "lease_start": (today - timedelta(days=rng.randint(20, 200))).isoformat(),
        "lease_end": (today + timedelta(days=rng.randint(1150, 1600))).isoformat(),
        "has_sign": sign, "sign_width": f"{rng.uniform(2, 6):.1f}", "sign_height": f"{rng.uniform(0.6, 1.4):.1f}",
        "sign_type": rng.choice(("letters", "board")), "sign_lit": rng.random() < 0.6,
        **_safety(script, rng), "cleaning": "fee",
        "workers": str(rng.randint(1, 9)), "years": str(script.years), "wants_card": rng.random() < 0.3,
        **_declared(service),
    }  # fmt: skip


def _safety(script: Script, rng: random.Random) -> dict[str, Any]:
    """The mechanism that the activity needs at least; a permit was issued before, or is asked for with the case."""
    row = shelf(clock.today()).row("activities", script.shop.activity)
    mechanism = row.data.get("safety", "declaration") if row is not None else "declaration"
    reference = script.shop.permit if mechanism == "permit" and rng.random() < 0.4 else ""
    return {"safety_mechanism": mechanism, **({"safety_reference": reference} if reference else {})}


def _declared(service: CompiledService) -> dict[str, Any]:
    return {field.key: True for field in service.form.fields() if field.kind == "declaration"}


def _term(script: Script) -> dict[str, Any]:
    return {"nothing_changed": True, "years": str(script.years), "wants_card": False}


def mended(values: Mapping[str, Any], field: str) -> dict[str, Any]:
    """The answers with one of them changed, as an applicant does after a remark."""
    changed = dict(values)
    changed[field] = _MENDED[field](values.get(field))
    return changed


def _next(value: Any) -> Any:
    return int(value or 0) + 1


#: Fields on which officers remark, with what the applicant makes of them.
_MENDED: dict[str, Any] = {
    "unit_no": lambda value: f"{value}أ"[-20:],
    "floor": lambda value: "الأول" if value == "الأرضي" else "الأرضي",
    "openings": _next,
    "workers": _next,
    "trade_name_en": lambda value: (
        str(value).removesuffix(" Co") if str(value).endswith(" Co") else f"{value[:57]} Co"
    ),
}
MENDABLE = tuple(_MENDED)
