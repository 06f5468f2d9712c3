"""Remove a package that was looked through and not imported."""

from __future__ import annotations

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.catalogue.errors import NoSuchPackage, NotAllowed
from diwan.catalogue.models import ReceivedPackage
from diwan.catalogue.permissions import MANAGE
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor


class PackageImported(DiwanError):
    """What came from the package is here: where it came from stays on record."""

    code = "catalogue.package_imported"
    message = N_("This package was imported: it stays on record.")


@transaction.atomic
def remove_package(*, package_id: int, by: Actor) -> None:
    """Forget the file; the log keeps that it was here. Raises NotAllowed, NoSuchPackage, PackageImported."""
    if not by.can(MANAGE):
        raise NotAllowed
    row = ReceivedPackage.objects.select_for_update(of=("self",)).filter(pk=package_id).first()
    if row is None:
        raise NoSuchPackage
    if row.imported_at is not None:
        raise PackageImported
    audit_row(
        by=by, action="catalogue.package.removed", object_type="service_package", object_id=row.pk,
        municipality_id=None, fields=("data",), values={"service": row.slug, "digest": row.digest},
    )  # fmt: skip
    row.delete()
