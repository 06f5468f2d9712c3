"""Where an application belongs: municipality and district of its answers."""

from collections.abc import Mapping
from typing import Any

from diwan.cases.errors import NotCovered
from diwan.cases.routing import HEAD_OFFICE
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import available_in
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor
from diwan.people.queries import municipality_by_code
from diwan.places.queries import Place, district_place, locate


class NotOfferedThere(DiwanError):
    """The service is not switched on in the municipality of the place."""

    code = "cases.not_offered_there"
    message = N_(
        "This service is not yet offered at this place. Choose another place, or visit the municipality's counter."
    )


class OutsideTheCity(DiwanError):
    """The pin lies in no municipality."""

    code = "cases.outside_the_city"
    message = N_("The place lies outside the city's boundaries. Move the pin, or look the street up by name.")


def place_of(service: CompiledService, values: Mapping[str, Any]) -> tuple[int, int | None]:
    """Municipality and district of the answers, where the service is offered today.

    The pin tells; without one a district that was chosen; without either, where the form asks for neither, the head
    office looks for the place. Raises OutsideTheCity, NotOfferedThere.
    """
    pins = [field for field in service.form.fields() if field.kind == "place"]
    pin = values.get(pins[0].key) if pins else None
    district = _district(service, values)
    found = _located(pin, district)
    if found is None:
        if pin or district or (pins and pins[0].required):
            raise OutsideTheCity
        head = municipality_by_code(HEAD_OFFICE)
        if head is None:
            raise OutsideTheCity
        return head.pk, None
    if not available_in(service.slug, found.municipality_id, clock.today()):
        raise NotOfferedThere
    return found.municipality_id, found.district_id


def _located(pin: Any, district: str) -> Place | None:
    if pin:
        return locate(lat=float(pin["lat"]), lng=float(pin["lng"]), on=clock.today())
    return district_place(district, on=clock.today()) if district else None


def _district(service: CompiledService, values: Mapping[str, Any]) -> str:
    """The district that was chosen; empty without one."""
    chosen = (
        values.get(field.key)
        for field in service.form.fields()
        if field.kind == "lookup" and field.option("lookup") == "districts"
    )
    return next((str(one) for one in chosen if one), "")


def require_covered(by: Actor, service: CompiledService, municipality_id: int) -> None:
    """Raise NotCovered when a partner's token reaches neither the service nor the municipality; others may anywhere."""
    if by.client_id is not None and not (by.covers(service.slug) and by.reaches(municipality_id)):
        raise NotCovered
