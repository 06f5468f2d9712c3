"""The document of a register entry stands as its entry does: it is revoked, suspended and restored with it.

The register has asked whether the actor may; here it is only written down. A document that is not sealed yet is marked
as well, so that the signer leaves it alone.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.documents.events import RESTORED, REVOKED, SUSPENDED
from diwan.documents.models import IssuedDocument
from diwan.kit import clock
from diwan.outbox.actions import emit
from diwan.people.actor import Actor


@transaction.atomic
def revoke_with_entry(*, number: str, reason: str, by: Actor) -> IssuedDocument | None:
    """Revoke the document of this number from now on; the first time and reason stay. None when there is none."""
    document = _locked(number)
    if document is None or document.revoked_since is not None:
        return document
    document.revoked_at, document.revoked_why, document.reinstated_at = clock.now(), reason[:200], None
    document.save(update_fields=["revoked_at", "revoked_why", "reinstated_at"])
    _written("revoked", REVOKED, document, by, {"revoked_why": document.revoked_why})
    return document


@transaction.atomic
def suspend_with_entry(*, number: str, reason: str, by: Actor) -> IssuedDocument | None:
    """Mark the document as suspended; verification says so until it is restored. None when there is none."""
    document = _locked(number)
    if document is None or document.suspended_at is not None:
        return document
    document.suspended_at = clock.now()
    document.save(update_fields=["suspended_at"])
    _written("suspended", SUSPENDED, document, by, {"why": reason[:200]})
    return document


@transaction.atomic
def restore_with_entry(*, number: str, by: Actor) -> IssuedDocument | None:
    """Take the suspension away again. None when there is no such document."""
    document = _locked(number)
    if document is None or document.suspended_at is None:
        return document
    document.suspended_at = None
    document.save(update_fields=["suspended_at"])
    _written("restored", RESTORED, document, by, {})
    return document


@transaction.atomic
def reinstate_with_entry(*, number: str, reasons: Collection[str], by: Actor) -> IssuedDocument | None:
    """Let a document that was revoked for one of these reasons count again: its licence's decision was stayed or taken
    back. The time and reason of that revocation stay on the row. None when there is no such document.
    """
    document = _locked(number)
    if document is None or document.revoked_since is None or document.revoked_why not in reasons:
        return document
    document.reinstated_at = clock.now()
    document.save(update_fields=["reinstated_at"])
    _written("reinstated", RESTORED, document, by, {})
    return document


def _locked(number: str) -> IssuedDocument | None:
    rows = IssuedDocument.objects.select_for_update().filter(number=number)
    return rows.exclude(state=IssuedDocument.State.VOID).first()


def _written(done: str, event: str, document: IssuedDocument, by: Actor, values: dict[str, str]) -> None:
    audit_row(
        by=by, action=f"documents.document.{done}", object_type="document", object_id=document.pk,
        municipality_id=document.municipality_id, values=values,
    )  # fmt: skip
    emit(
        name=event,
        subject=f"document:{document.pk}",
        data={"document": document.pk, "case": document.case_id, "number": document.number},
    )
