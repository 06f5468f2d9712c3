"""Correct the words of a published version; nothing but words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from diwan.catalogue.dated_lookups import shelf
from diwan.catalogue.errors import NoSuchService, NotAllowed
from diwan.catalogue.merging import only_wording
from diwan.catalogue.models import ServiceVersion
from diwan.catalogue.permissions import PUBLISH
from diwan.catalogue.search_text import search_text_of
from diwan.catalogue.versions import compiled_from, tell
from diwan.kit.canonical import digest
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor


class NotOnlyWording(DiwanError):
    """More than words would change."""

    code = "catalogue.not_only_wording"
    message = N_("More than the wording changes here. Make a new version instead.")


@transaction.atomic
def patch_wording(*, version_id: int, definition: Mapping[str, Any], by: Actor) -> ServiceVersion:
    """Give a published version corrected words; cases on it read them too. Raises NotAllowed, NoSuchService,
    NotOnlyWording, Unusable."""
    if not (by.is_system or by.can(PUBLISH)):
        raise NotAllowed
    version = (
        ServiceVersion.objects.select_for_update().select_related("service").filter(pk=version_id).first()
    )
    if version is None:
        raise NoSuchService
    if version.state != ServiceVersion.State.PUBLISHED or not only_wording(version.definition, definition):
        raise NotOnlyWording
    if digest(definition) == version.hash:
        return version
    read, version.compiled = compiled_from(definition, shelf(None))
    version.definition = dict(definition)
    version.hash = digest(definition)
    version.search_text = search_text_of(read)
    version.patch += 1
    version.save()
    tell(version, action="catalogue.version.patched", by=by)
    return version
