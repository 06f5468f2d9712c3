"""Rows of versions: made from a definition, compiled, put into force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from diwan.audit.actions import audit_row
from diwan.catalogue import events, remembered
from diwan.catalogue.compiling import compile_service
from diwan.catalogue.errors import DatesOverlap, Unusable
from diwan.catalogue.loader import read_definition
from diwan.catalogue.models import Service, ServiceVersion
from diwan.catalogue.schema import Definition
from diwan.catalogue.search_text import search_text_of
from diwan.catalogue.shelf import Shelf
from diwan.catalogue.source import CatalogueError, from_plain
from diwan.kit import clock
from diwan.kit.canonical import digest
from diwan.outbox.actions import emit
from diwan.people.actor import Actor


def compiled_from(definition: Mapping[str, Any], lookups: Shelf) -> tuple[Definition, dict[str, Any]]:
    """The definition read and compiled; Unusable with every fault."""
    try:
        read = read_definition(from_plain(definition))
        return read, compile_service(read, lookups)
    except CatalogueError as error:
        raise Unusable(error.faults) from error


def new_version(
    service: Service,
    definition: Mapping[str, Any],
    *,
    origin: str,
    read: Definition,
    compiled: Mapping[str, Any],
) -> ServiceVersion:
    """An unsaved draft with the next number of the service."""
    last = service.versions.aggregate(last=Max("number"))["last"] or 0
    return ServiceVersion(
        service=service,
        number=last + 1,
        origin=origin,
        definition=definition,
        compiled=compiled,
        hash=digest(definition),
        search_text=search_text_of(read),
    )


def put_into_force(version: ServiceVersion, *, valid_from: date, by: Actor) -> None:
    """Publish a version from a day on; its predecessor ends on that day, also when it began on it: then it holds on no
    day any more, and what was opened with it stays with it. DatesOverlap when a later one is announced."""
    before = (
        ServiceVersion.objects.select_for_update()
        .filter(
            service=version.service,
            state=ServiceVersion.State.PUBLISHED,
            valid_from__lte=valid_from,
            valid_to=None,
        )
        .first()
    )
    if before is not None:
        before.valid_to = valid_from
        before.save(update_fields=["valid_to"])
    version.state = ServiceVersion.State.PUBLISHED
    version.valid_from = valid_from
    version.published_at = clock.now()
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError as error:
        raise DatesOverlap from error
    tell(version, action="catalogue.version.published", by=by)


def tell(version: ServiceVersion, *, action: str, by: Actor) -> None:
    """Audit row and event of a version that came into force or changed its wording."""
    audit_row(
        by=by,
        action=action,
        object_type="service_version",
        object_id=version.pk,
        municipality_id=None,
        fields=("definition",),
        values={
            "service": version.service.slug,
            "number": version.number,
            "patch": version.patch,
            "hash": version.hash,
        },
    )
    emit(
        name=events.PUBLISHED,
        subject=f"service:{version.service.slug}",
        data={
            "service": version.service.slug,
            "version": version.pk,
            "number": version.number,
            "patch": version.patch,
        },
    )
    remembered.forget()
