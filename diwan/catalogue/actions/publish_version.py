"""Publish a draft from a day on. Running cases stay on their version."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from diwan.catalogue.dated_lookups import shelf
from diwan.catalogue.errors import NoSuchService, NotAllowed, OwnDraft, Unusable
from diwan.catalogue.models import ServiceVersion
from diwan.catalogue.permissions import PUBLISH
from diwan.catalogue.queries.following import unfollowed
from diwan.catalogue.versions import compiled_from, put_into_force
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor


class NotADraft(DiwanError):
    """Only drafts are published; a published version never changes."""

    code = "catalogue.not_a_draft"
    message = N_("This version is published already. Make a draft to change the service.")


class StartsInThePast(DiwanError):
    """A version comes into force today or later."""

    code = "catalogue.starts_in_the_past"
    message = N_("A version holds from today or a later day.")


@transaction.atomic
def publish_version(*, version_id: int, valid_from: date, by: Actor) -> ServiceVersion:
    """Put a draft into force; the version before it ends the day before.

    It is compiled again against the lookups of now. Nobody publishes what he wrote himself; the system, which is the
    command line of the server, does. Raises NotAllowed, NoSuchService, NotADraft, OwnDraft, StartsInThePast, Unusable,
    DatesOverlap.
    """
    if not (by.is_system or by.can(PUBLISH)):
        raise NotAllowed
    version = (
        ServiceVersion.objects.select_for_update().select_related("service").filter(pk=version_id).first()
    )
    if version is None:
        raise NoSuchService
    if version.state != ServiceVersion.State.DRAFT:
        raise NotADraft
    if by.account_id is not None and by.account_id in version.authors:
        raise OwnDraft
    if valid_from < clock.today():
        raise StartsInThePast
    read, version.compiled = compiled_from(version.definition, shelf(None))
    faults = unfollowed(read, valid_from)
    if faults:
        raise Unusable(faults)
    put_into_force(version, valid_from=valid_from, by=by)
    return version
