"""Change a lookup by date: a row holds until the next one of its code begins; what was billed keeps its price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from diwan.audit.actions import audit_row
from diwan.catalogue import remembered
from diwan.catalogue.errors import DatesOverlap, NoSuchRow, NotAllowed, RowInThePast, RowInUse
from diwan.catalogue.models import LookupRow, ServiceVersion
from diwan.catalogue.permissions import MANAGE
from diwan.catalogue.queries.reach import services_naming
from diwan.flow.table import Text
from diwan.kit import clock
from diwan.kit.arabic import normalise, sort_key
from diwan.people.actor import Actor
from diwan.people.models import OutsideEntity


@transaction.atomic
def set_lookup_row(
    *,
    lookup: str,
    code: str,
    name: Text,
    data: Mapping[str, Any],
    valid_from: date,
    synonyms: Sequence[str] = (),
    by: Actor,
) -> LookupRow:
    """A row of our own from a day on; the row of the same code that held until then ends that day. One that began today
    or later is put right by another of the same day.

    Raises NotAllowed, RowInThePast (a person's row begins today at the earliest), DatesOverlap (a row of this code
    begins later, or on that day when it has passed).
    """
    _check(valid_from, by=by)
    same = LookupRow.objects.select_for_update().filter(lookup=lookup, code=code)
    begun = Q(valid_from__lt=valid_from)
    if valid_from >= clock.today():
        begun |= Q(valid_from=valid_from)
    same.filter(begun, valid_to__isnull=True).update(valid_to=valid_from)
    try:
        with transaction.atomic():
            row = LookupRow.objects.create(
                lookup=lookup, code=code, name_ar=name.ar, name_en=name.en, sort_key=sort_key(name.ar),
                search_key=normalise(" ".join((name.ar, name.en, *synonyms, code))), data=dict(data),
                origin=ServiceVersion.Origin.LOCAL, valid_from=valid_from,
            )  # fmt: skip
    except IntegrityError as error:
        raise DatesOverlap from error
    if lookup == "entities":
        OutsideEntity.objects.get_or_create(
            code=code, defaults={"name_ar": name.ar, "name_en": name.en, "sort_key": row.sort_key}
        )
    _audit(row, action="catalogue.lookup_row.set", by=by)
    return row


@transaction.atomic
def end_lookup_row(*, lookup: str, code: str, on: date, sure: bool = False, by: Actor) -> LookupRow:
    """A row holds no more from a day on.

    Raises NotAllowed, RowInThePast (a person ends it today at the earliest), NoSuchRow (none holds before that day
    without an end), RowInUse (services in force name it, and nobody said to be `sure`).
    """
    _check(on, by=by)
    row = (
        LookupRow.objects.select_for_update()
        .filter(lookup=lookup, code=code, valid_from__lt=on, valid_to__isnull=True)
        .first()
    )
    if row is None:
        raise NoSuchRow
    if not sure and (named := services_naming(lookup, code, on)):
        raise RowInUse(services=", ".join(one.slug for one in named))
    row.valid_to = on
    row.origin = ServiceVersion.Origin.LOCAL
    row.save(update_fields=["valid_to", "origin"])
    _audit(row, action="catalogue.lookup_row.ended", by=by)
    return row


def _check(day: date, *, by: Actor) -> None:
    """Who may, and from when: what was true on a day that is over stays true of it."""
    if not (by.is_system or by.can(MANAGE)):
        raise NotAllowed
    if not by.is_system and day < clock.today():
        raise RowInThePast


def _audit(row: LookupRow, *, action: str, by: Actor) -> None:
    audit_row(
        by=by, action=action, object_type="lookup_row", object_id=row.pk, municipality_id=None, fields=("data",),
        values={"lookup": row.lookup, "code": row.code, "data": row.data, "from": row.valid_from, "to": row.valid_to},
    )  # fmt: skip
    remembered.forget()
