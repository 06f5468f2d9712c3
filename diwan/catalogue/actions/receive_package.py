"""A package that came from another amanah: its seal is judged, and the file is kept to be looked through."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.catalogue.bundle import NoPackage, Package, read_package, unpack
from diwan.catalogue.errors import NotAllowed
from diwan.catalogue.models import ReceivedPackage
from diwan.catalogue.permissions import MANAGE
from diwan.documents.sealing import CHANGED, UNREADABLE, SealFound, judge_seal
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor

_MOST_NUMBER: Final = 100_000


class SealNotValid(DiwanError):
    """Nobody vouches for the package, or it was changed after it was sealed."""

    code = "catalogue.seal_not_valid"
    message = N_(
        "The seal of this package is not valid. It was changed after sealing, or nobody vouches for it."
    )


class ChangedAfterSealing(SealNotValid):
    """The seal is of other contents."""

    code = "catalogue.changed_after_sealing"
    message = N_(
        "This package was changed after it was sealed, so it was not kept. Ask whoever sent it for a fresh one."
    )


class SealUnreadable(SealNotValid):
    """What stands in place of the seal is none."""

    code = "catalogue.seal_unreadable"
    message = N_(
        "The seal of this package cannot be read, so it was not kept. Ask whoever sent it for a fresh one."
    )


@transaction.atomic
def receive_package(*, data: bytes, by: Actor) -> ReceivedPackage:
    """Keep a package to be looked through; one that is kept already is found again. Nothing of the catalogue changes.

    One that nobody vouches for yet is kept too: it can be imported only once its seal is trusted. Raises NotAllowed,
    NoPackage, PackageTooLarge, PackageTooNew, ChangedAfterSealing, SealUnreadable.
    """
    if not by.can(MANAGE):
        raise NotAllowed
    content, signature = unpack(data)
    package, seal = read_package(content), judge_seal(content, signature)
    if seal.state == CHANGED:
        raise ChangedAfterSealing
    if seal.state == UNREADABLE:
        raise SealUnreadable
    return keep_package(data=data, package=package, seal=seal, by=by)


def keep_package(*, data: bytes, package: Package, seal: SealFound, by: Actor) -> ReceivedPackage:
    """The row of a package, locked; made when this file was never received. Raises NoPackage for what cannot be named.

    In the transaction of whoever calls it.
    """
    name: Any = package.service.get("name")
    names = name if isinstance(name, dict) else {}
    if not 0 < package.number <= _MOST_NUMBER:
        raise NoPackage
    row, made = ReceivedPackage.objects.get_or_create(
        digest=sha256(data).hexdigest(),
        defaults={
            "data": data, "slug": str(package.service.get("slug"))[:80], "number": package.number,
            "name_ar": str(names.get("ar", ""))[:200], "name_en": str(names.get("en", ""))[:200],
            "made_by_ar": package.made_by["ar"][:200], "made_by_en": package.made_by["en"][:200],
            "made_on": package.made_on, "sealed_by": seal.organisation[:300],
            "received_by_id": by.account_id, "received_at": clock.now(),
        },
    )  # fmt: skip
    if made:
        audit_row(
            by=by, action="catalogue.package.received", object_type="service_package", object_id=row.pk,
            municipality_id=None, fields=("data",),
            values={"service": row.slug, "from": dict(package.made_by), "seal": seal.state, "digest": row.digest},
        )  # fmt: skip
    return ReceivedPackage.objects.select_for_update(of=("self",)).get(pk=row.pk)
