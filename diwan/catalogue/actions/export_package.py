"""A service for another amanah: what it consists of under our seal, as one file."""

from __future__ import annotations

from diwan.audit.actions import audit_row
from diwan.catalogue.bundle import KIND, pack
from diwan.catalogue.errors import NoSuchService, NotAllowed
from diwan.catalogue.models import ServiceVersion
from diwan.catalogue.permissions import MANAGE, PUBLISH
from diwan.documents.sealing import seal
from diwan.people.actor import Actor


def export_package(*, version_id: int, by: Actor) -> bytes:
    """The sealed package of a published version.

    Raises NotAllowed, NoSuchService, SignerUnavailable, SigningRefused.
    """
    if not (by.is_system or by.can(MANAGE) or by.can(PUBLISH)):
        raise NotAllowed
    published = ServiceVersion.objects.filter(pk=version_id, state=ServiceVersion.State.PUBLISHED)
    version = published.select_related("service").first()
    if version is None:
        raise NoSuchService
    sealed = seal(KIND, version_id)
    audit_row(
        by=by, action="catalogue.package.exported", object_type="service_version", object_id=version.pk,
        municipality_id=None, fields=("definition",),
        values={"service": version.service.slug, "number": version.number, "hash": version.hash},
    )  # fmt: skip
    return pack(sealed.content, sealed.seal)
