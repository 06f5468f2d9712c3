"""Ending a document: revoking a sealed one, voiding the number of one that never was."""

from __future__ import annotations

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.documents.events import REVOKED, VOIDED
from diwan.documents.models import IssuedDocument
from diwan.documents.registry import MAY_REVOKE, MAY_VOID
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.outbox.actions import emit
from diwan.people.actor import Actor


class DocumentUnknown(DiwanError):
    """No such document, or not one within the actor's municipalities."""

    code = "documents.unknown"
    message = N_("No document with this number was found.")


class DocumentActForbidden(DiwanError):
    """The actor lacks the permission."""

    code = "documents.act_forbidden"
    message = N_("Your post may not do this with a document.")


class NotRevocable(DiwanError):
    """Only a sealed document is revoked."""

    code = "documents.not_revocable"
    message = N_("Only an issued document can be revoked.")


class NotVoidable(DiwanError):
    """Only a number whose document was not sealed is voided."""

    code = "documents.not_voidable"
    message = N_("This document is already issued; it can be revoked, its number cannot be voided.")


def revoke_document(*, document_id: int, reason: str, by: Actor) -> IssuedDocument:
    """Mark a sealed document as no longer valid from now on; the file stays, the verify page says so.

    The system may revoke (a cancelled licence revokes its permits). Asked twice, the first time and reason stay.
    Raises DocumentUnknown, DocumentActForbidden, NotRevocable.
    """
    with transaction.atomic():
        document = _locked(document_id, MAY_REVOKE, by)
        if document.state != IssuedDocument.State.ISSUED:
            raise NotRevocable
        if document.revoked_since is None:
            document.revoked_at, document.reinstated_at = clock.now(), None
            document.revoked_why = reason[:200]
            document.save(update_fields=["revoked_at", "revoked_why", "reinstated_at"])
            _written("documents.document.revoked", document, by, {"revoked_why": document.revoked_why})
            emit(name=REVOKED, subject=f"document:{document.pk}", data=_facts(document))
    return document


def void_number(*, document_id: int, reason: str, by: Actor) -> IssuedDocument:
    """Void the number of a document that was never sealed; the number stays in the series as void.

    Raises DocumentUnknown, DocumentActForbidden, NotVoidable.
    """
    with transaction.atomic():
        document = _locked(document_id, MAY_VOID, by)
        if document.state == IssuedDocument.State.ISSUED:
            raise NotVoidable
        if document.state == IssuedDocument.State.PENDING:
            document.state = IssuedDocument.State.VOID
            document.revoked_why = reason[:200]
            document.save(update_fields=["state", "revoked_why"])
            _written("documents.document.voided", document, by, {"revoked_why": document.revoked_why})
            emit(name=VOIDED, subject=f"document:{document.pk}", data=_facts(document))
    return document


def _locked(document_id: int, permission: str, by: Actor) -> IssuedDocument:
    document = IssuedDocument.objects.select_for_update().filter(pk=document_id).first()
    if document is None or not by.reaches(document.municipality_id):
        raise DocumentUnknown
    if not (by.is_system or by.can(permission)):
        raise DocumentActForbidden
    return document


def _facts(document: IssuedDocument) -> dict[str, int | str | None]:
    return {"document": document.pk, "case": document.case_id, "number": document.number}


def _written(action: str, document: IssuedDocument, by: Actor, values: dict[str, str]) -> None:
    audit_row(
        by=by,
        action=action,
        object_type="document",
        object_id=document.pk,
        municipality_id=document.municipality_id,
        values=values,
    )
