"""Where services are offered since when, and the standing authority under which instant licences are sealed."""

from datetime import date, timedelta

from diwan.catalogue.actions import set_availability
from diwan.catalogue.models import Service
from diwan.catalogue.queries import availability, compiled_service
from diwan.demo.plan.city import FOUNDED, LIVE
from diwan.documents.actions import declare_standing_authority
from diwan.documents.models import StandingAuthority
from diwan.people.actor import Actor
from diwan.people.models import Municipality

DECISION = "1448/م/27"
EVERYWHERE = frozenset({"report", "letter", "statement-request", "payment-certificate"})
"""Offered in the whole city since ever: reports, and what the head office does for all, know no day on which a
municipality joins."""
STATEMENT = {
    "ar": "صدرت آليا بموجب تفويض معالي الأمين رقم 27 لعام 1448هـ",
    "en": "Issued automatically under the Mayor's standing authority no. 27 of 1448 AH",
}


def load_availability(towns: dict[str, Municipality], *, day: date, by: Actor) -> int:
    """Services that can be applied for: in each municipality from its own day on; returns how many are new."""
    fresh = 0
    for service in Service.objects.order_by("slug"):
        compiled = compiled_service(service.slug, day)
        if (
            compiled is None
            or not compiled.applicable
            or availability(service.slug)
            or service.slug in EVERYWHERE
        ):
            continue
        for code, days_ago in LIVE.items():
            set_availability(
                slug=service.slug,
                municipality_id=towns[code].pk,
                valid_from=day - timedelta(days=days_ago),
                by=by,
            )
        fresh += 1
    return fresh


def load_authorities(*, day: date, by: Actor) -> int:
    """The standing authority that each service with an automatic seal names; returns how many are new."""
    fresh = 0
    for slug in Service.objects.order_by("slug").values_list("slug", flat=True):
        compiled = compiled_service(slug, day)
        result = compiled.definition.result if compiled else None
        code = result.standing_authority if result else None
        if result is None or not code or StandingAuthority.objects.filter(code=code).exists():
            continue
        declare_standing_authority(
            code=code, template=result.template, decision_number=DECISION, statement=STATEMENT, valid_from=FOUNDED,
            by=by,
        )  # fmt: skip
        fresh += 1
    return fresh
