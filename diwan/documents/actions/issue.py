"""Numbering a document: the row with its contents, and as the last thing the number from the gap-free series."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection, transaction

from diwan.audit.actions import audit_row
from diwan.documents.actions.mandate import give_standing_mandate
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
    """No unused mandate covers the document: never given, taken back, or spent on another one."""

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
    contents: Mapping[str, Any],
    valid_from: dt.date,
    valid_to: dt.date | None,
    by: Actor,
    standing_authority: str | None = None,
    then: Callable[[IssuedDocument], None] | None = None,
) -> IssuedDocument:
    """Create the document under the newest mandate of its case and give it the next number of municipality and year.

    Call it last in the issuing transaction: from the number to the commit the series is locked. `contents` is described
    in `contents.py`; with `standing_authority` (its code) no person's mandate is needed. `then` runs once the number is
    known. The file is made later by `render_and_sign`. Raises NotApproved, ContentsNotApproved, NoStandingAuthority.
    """
    with transaction.atomic():
        if standing_authority is not None:
            mandate = give_standing_mandate(
                case_id=case_id,
                template=template,
                contents=contents,
                authority=standing_authority,
                municipality_id=municipality_id,
                by=by,
            )
        else:
            mandate = _mandate(case_id=case_id, template=template, contents=contents)
        if not term_fits(term=contents.get("term", ANY_TERM), valid_from=valid_from, valid_to=valid_to):
            raise ContentsNotApproved
        document = IssuedDocument.objects.create(
            municipality_id=municipality_id,
            case_id=case_id,
            template=template,
            title_ar=contents["title"]["ar"],
            title_en=contents["title"]["en"],
            data=dict(contents),
            mandate=mandate,
            verify_token=numbers.new_link_secret(),
            valid_from=valid_from,
            valid_to=valid_to,
            created_at=clock.now(),
        )
        SigningMandate.objects.filter(pk=mandate.pk).update(used_by_document=document.pk)
        _note(document, by)
        _give_number(document)
        if then is not None:
            then(document)
    return document


def _mandate(*, case_id: int, template: str, contents: Mapping[str, Any]) -> SigningMandate:
    """The newest unused mandate for this document, locked. Raises NotApproved, ContentsNotApproved."""
    found = (
        SigningMandate.objects.select_for_update()
        .filter(case_id=case_id, template=template, used_by_document__isnull=True, revoked_at__isnull=True)
        .exclude(position_code="")
        .order_by("-approved_at", "-pk")
        .first()
    )
    if found is None:
        raise NotApproved
    if found.data_digest != approved_digest(case_id=case_id, template=template, data=contents):
        raise ContentsNotApproved
    return found


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
