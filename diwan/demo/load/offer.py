"""Where services are offered since when, and the standing authority under which instant licences are sealed."""

from datetime import date, timedelta

from diwan.audit.actions import audit_row
from diwan.catalogue.models import Availability, Service
from diwan.catalogue.queries import compiled_service
from diwan.demo.plan.city import FOUNDED
from diwan.documents.actions import declare_standing_authority
from diwan.documents.models import StandingAuthority
from diwan.people.actor import Actor
from diwan.people.models import Municipality

#: The municipality that goes live later than the others, and how long after the day of loading.
LATER, LATER_BY = "105", timedelta(days=45)
DECISION = "1448/م/27"
STATEMENT = {
    "ar": "صدرت آليا بموجب تفويض معالي الأمين رقم 27 لعام 1448هـ",
    "en": "Issued automatically under the Mayor's standing authority no. 27 of 1448 AH",
}


def load_availability(towns: dict[str, Municipality], *, day: date, by: Actor) -> int:
    """Services that can be applied for: everywhere since the founding, in one municipality from a later day on."""
    fresh = 0
    for service in Service.objects.order_by("slug"):
        compiled = compiled_service(service.slug, day)
        if compiled is None or not compiled.definition.applicable:
            continue
        if Availability.objects.filter(service=service).exists():
            continue
        Availability.objects.bulk_create(
            Availability(
                service=service, municipality=town, valid_from=day + LATER_BY if code == LATER else FOUNDED
            )
            for code, town in towns.items()
            if code != "000"
        )
        audit_row(
            by=by, action="catalogue.availability.set", object_type="service", object_id=service.slug,
            municipality_id=None, values={"later": LATER, "from": day + LATER_BY},
        )  # fmt: skip
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
