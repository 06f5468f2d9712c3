"""Enter an establishment under its unified number."""

from django.db import IntegrityError, transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock, ids
from diwan.kit.arabic import sort_key
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor
from diwan.people.errors import NotAllowed
from diwan.people.models import Establishment
from diwan.people.registry import MANAGE_PEOPLE


class EstablishmentExists(DiwanError):
    """Another establishment has the same number."""

    code = "people.establishment_exists"
    message = N_("There is already an establishment with this unified number or commercial register.")


def create_establishment(
    *, unified_number: str, cr_number: str, name_ar: str, name_en: str, by: Actor
) -> Establishment:
    """Make an establishment; needs `people.manage` or the system. InvalidValue for numbers of a wrong shape."""
    if not (by.is_system or by.can(MANAGE_PEOPLE)):
        raise NotAllowed
    made = Establishment(
        unified_number=ids.unified_number(unified_number),
        cr_number=ids.commercial_register(cr_number),
        name_ar=name_ar,
        name_en=name_en,
        sort_key=sort_key(name_ar)[:260],
        created_at=clock.now(),
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            audit_row(
                by=by,
                action="people.establishment.made",
                object_type="establishment",
                object_id=made.pk,
                municipality_id=None,
                values={
                    "unified_number": made.unified_number,
                    "cr_number": made.cr_number,
                    "name_ar": name_ar,
                },
            )
    except IntegrityError as error:
        raise EstablishmentExists from error
    return made
