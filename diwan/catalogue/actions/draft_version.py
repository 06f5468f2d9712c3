"""Write a local draft of a service, new or changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.catalogue.dated_lookups import shelf
from diwan.catalogue.errors import NotAllowed
from diwan.catalogue.models import Service, ServiceVersion
from diwan.catalogue.permissions import MANAGE
from diwan.catalogue.versions import compiled_from, new_version
from diwan.kit import clock
from diwan.people.actor import Actor


@transaction.atomic
def draft_version(*, definition: Mapping[str, Any], by: Actor) -> ServiceVersion:
    """Keep a definition (plain JSON) as a draft of its service. Raises NotAllowed, Unusable."""
    if not (by.is_system or by.can(MANAGE)):
        raise NotAllowed
    read, compiled = compiled_from(definition, shelf(None))
    service, _ = Service.objects.get_or_create(
        slug=read.slug, defaults={"code": read.code, "created_at": clock.now()}
    )
    Service.objects.select_for_update().get(pk=service.pk)
    version = new_version(
        service, definition, origin=ServiceVersion.Origin.LOCAL, read=read, compiled=compiled
    )
    version.authors = [by.account_id] if by.account_id is not None else []
    version.save()
    audit_row(
        by=by, action="catalogue.version.drafted", object_type="service_version", object_id=version.pk,
        municipality_id=None, fields=("definition",), values={"service": read.slug, "hash": version.hash},
    )  # fmt: skip
    return version
