"""Rendering and sealing a numbered document: safe to repeat, and to be killed at any point."""

from __future__ import annotations

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.documents import signing
from diwan.documents.contents import render_document
from diwan.documents.events import ISSUED
from diwan.documents.models import IssuedDocument
from diwan.files.actions import keep_content
from diwan.kit import clock
from diwan.outbox.actions import emit
from diwan.people.actor import Actor

MEDIA_TYPE = "application/pdf"


def render_and_sign(*, document_id: int, by: Actor) -> IssuedDocument:
    """Render a pending document, have it signed, store the file, mark it as issued.

    Nothing is lost when the process dies: a rendering is repeated, a signature made before is given again by the
    signer, a stored file is found by its digest. A document that is issued or void comes back unchanged.
    Raises signing.SignerUnavailable (try later), signing.SigningRefused and render.RenderFailed (a person must look).
    """
    document = IssuedDocument.objects.select_related("mandate", "municipality").get(pk=document_id)
    if document.state != IssuedDocument.State.PENDING:
        return document
    rendered = render_document(document)
    IssuedDocument.objects.filter(pk=document_id, state=IssuedDocument.State.PENDING).update(
        rendered_sha256=rendered.sha256
    )
    signed = signing.sign(document_id)
    with transaction.atomic():
        document = IssuedDocument.objects.select_for_update().get(pk=document_id)
        if document.state != IssuedDocument.State.PENDING:
            return document
        document.file = keep_content(content=signed.pdf, media_type=MEDIA_TYPE, classification="restricted")
        document.state = IssuedDocument.State.ISSUED
        document.issued_at = clock.real_now()
        document.save(update_fields=["file", "state", "issued_at"])
        audit_row(
            by=by,
            action="documents.document.issued",
            object_type="document",
            object_id=document.pk,
            municipality_id=document.municipality_id,
            values={"sha256": signed.sha256, "signers": list(signed.signers)},
        )
        emit(
            name=ISSUED,
            subject=f"document:{document.pk}",
            data={"document": document.pk, "case": document.case_id, "number": document.number},
        )
    return document
