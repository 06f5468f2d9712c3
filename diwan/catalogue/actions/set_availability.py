"""Switch a service on at a municipality from a day on, or off (staged go-live beside the old system)."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q

from diwan.audit.actions import audit_row
from diwan.catalogue import remembered
from diwan.catalogue.errors import DatesOverlap, DatesReversed, NoSuchService, NotAllowed
from diwan.catalogue.models import Availability, Service
from diwan.catalogue.permissions import MANAGE
from diwan.people.actor import Actor


def set_availability(
    *, slug: str, municipality_id: int, valid_from: date, valid_to: date | None = None, by: Actor
) -> Availability:
    """Offer a service at a municipality. The first row of a service ends its being offered everywhere.

    Raises NotAllowed, NoSuchService, DatesReversed, DatesOverlap.
    """
    if not (by.is_system or by.can(MANAGE)):
        raise NotAllowed
    if valid_to is not None and valid_to <= valid_from:
        raise DatesReversed
    service = Service.objects.filter(slug=slug).first()
    if service is None:
        raise NoSuchService
    try:
        with transaction.atomic():
            row = Availability.objects.create(
                service=service, municipality_id=municipality_id, valid_from=valid_from, valid_to=valid_to
            )
            _audit(row, action="catalogue.availability.set", by=by)
    except IntegrityError as error:
        raise DatesOverlap from error
    return row


@transaction.atomic
def end_availability(*, slug: str, municipality_id: int, on: date, by: Actor) -> None:
    """Stop offering a service at a municipality from a day on. Raises NotAllowed, NoSuchService."""
    if not (by.is_system or by.can(MANAGE)):
        raise NotAllowed
    row = (
        Availability.objects.select_for_update()
        .filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=on), service__slug=slug, municipality_id=municipality_id
        )
        .first()
    )
    if row is None or row.valid_from >= on:
        raise NoSuchService
    row.valid_to = on
    row.save(update_fields=["valid_to"])
    _audit(row, action="catalogue.availability.ended", by=by)


def _audit(row: Availability, *, action: str, by: Actor) -> None:
    audit_row(
        by=by, action=action, object_type="availability", object_id=row.pk, municipality_id=row.municipality_id,
        values={"service": row.service_id, "from": row.valid_from, "to": row.valid_to},
    )  # fmt: skip
    remembered.forget()
