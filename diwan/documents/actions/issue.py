"""Numbering a document: the row with its contents, and as the last thing the number from the gap-free series."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from diwan.audit.actions import audit_row
from diwan.documents.contents import ANY_TERM, approved_digest, term_fits
from diwan.documents.events import NUMBERED
from diwan.documents.models import IssuedDocument, SigningMandate
from diwan.kit import clock, numbers
from diwan.kit.errors import N_, DiwanError
from diwan.outbox.actions import emit
from diwan.people.actor import Actor
from diwan.people.models import Municipality

_NEXT = """
INSERT INTO documents_documentseries (municipality_id, year, kind, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (municipality_id, year, kind) DO UPDATE SET last = documents_documentseries.last + 1
RETURNING last
"""


class NotApproved(DiwanError):
    """The mandate was revoked or has served another document."""

    code = "documents.not_approved"
    message = N_("No approval covers this document. It must be approved again.")


class ContentsNotApproved(DiwanError):
    """Contents or dates differ from what was approved."""

    code = "documents.contents_not_approved"
    message = N_("The document differs from what was approved. It must be approved again.")


def issue_document(
    *,
    case_id: int,
    municipality_id: int,
    template: str,
    data: Mapping[str, Any],
    mandate: SigningMandate,
    valid_from: dt.date,
    valid_to: dt.date | None,
    by: Actor,
) -> IssuedDocument:
    """Create the document under its mandate and give it the next number of the municipality and year.

    Call it last in the issuing transaction: from the number to the commit the series is locked. `data` is described in
    `contents`. The file is rendered and sealed later by `render_and_sign`. Raises NotApproved, ContentsNotApproved.
    """
    with transaction.atomic():
        held = SigningMandate.objects.select_for_update().get(pk=mandate.pk)
        if held.revoked_at is not None or held.used_by_document is not None:
            raise NotApproved
        digest = approved_digest(case_id=case_id, template=template, data=data)
        same = (held.case_id, held.template, held.data_digest) == (case_id, template, digest)
        term = data.get("term", ANY_TERM)
        if not same or not term_fits(term=term, valid_from=valid_from, valid_to=valid_to):
            raise ContentsNotApproved
        document = IssuedDocument.objects.create(
            municipality_id=municipality_id,
            case_id=case_id,
            template=template,
            title_ar=data["title"]["ar"],
            title_en=data["title"]["en"],
            data=dict(data),
            mandate=held,
            verify_token=numbers.new_link_secret(),
            valid_from=valid_from,
            valid_to=valid_to,
            created_at=clock.now(),
        )
        SigningMandate.objects.filter(pk=held.pk).update(used_by_document=document.pk)
        _note(document, by)
        _give_number(document)
    return document


def _note(document: IssuedDocument, by: Actor) -> None:
    audit_row(
        by=by,
        action="documents.document.numbered",
        object_type="document",
        object_id=document.pk,
        municipality_id=document.municipality_id,
        values={"case_id": document.case_id, "template": document.template, "mandate": document.mandate_id},
    )
    emit(
        name=NUMBERED,
        subject=f"document:{document.pk}",
        data={"document": document.pk, "case": document.case_id},
    )


def take_serial(*, municipality_id: int, year: int, kind: str) -> int:
    """The next serial of a gap-free series (`document`, `receipt`), locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [municipality_id, year % 100, kind])
        (serial,) = cursor.fetchone()
    return int(serial)


def _give_number(document: IssuedDocument) -> None:
    code = Municipality.objects.values_list("code", flat=True).get(pk=document.municipality_id)
    year = clock.local(document.created_at).year
    serial = take_serial(municipality_id=document.municipality_id, year=year, kind="document")
    document.number = numbers.document_number(municipality=int(code), year=year, serial=serial)
    IssuedDocument.objects.filter(pk=document.pk).update(number=document.number)
