"""What the signer finds out for itself before it signs: the caller only names a document.

Read with the signer's own database connection. A refusal is a code; people read about it in the list of waiting
documents.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from diwan.documents.actions.mandate import STEP_UP_LIFE
from diwan.documents.contents import ANY_TERM, approved_digest, render_document, term_fits
from diwan.documents.models import IssuedDocument, SigningMandate, StandingAuthority
from diwan.kit import clock
from diwan.people.models import Delegation, Holding, StepUp


class Refused(Exception):
    """The signer does not sign this; the argument is the code."""


@dataclass(frozen=True)
class Order:
    """What is to be signed and as whom: post codes in order, "" for the seal."""

    document: IssuedDocument
    pdf: bytes
    signers: tuple[str, ...]


def examine(document_id: int) -> Order:
    """Everything that must hold for one document. Raises Refused."""
    document = IssuedDocument.objects.select_related("mandate", "municipality").filter(pk=document_id).first()
    if document is None or document.number is None:
        raise Refused("document_unknown")
    if document.state != IssuedDocument.State.PENDING or document.revoked_since is not None:
        raise Refused("document_not_pending")
    mandate = document.mandate
    _examine_mandate(document, mandate)
    if mandate.position_code:
        _examine_person(document, mandate)
    else:
        _examine_standing(document, mandate)
    rendered = render_document(document)
    if rendered.sha256 != document.rendered_sha256:
        raise Refused("rendering_differs")
    return Order(document, rendered.pdf, (mandate.position_code, "") if mandate.position_code else ("",))


def _examine_mandate(document: IssuedDocument, mandate: SigningMandate) -> None:
    """The mandate is for this case, template and contents, is not revoked, and is spent on this document alone."""
    if mandate.revoked_at is not None:
        raise Refused("mandate_revoked")
    if mandate.used_by_document != document.pk:
        raise Refused("mandate_used_elsewhere")
    if mandate.case_id != document.case_id or mandate.template != document.template:
        raise Refused("mandate_for_something_else")
    digest = approved_digest(case_id=document.case_id, template=document.template, data=document.data)
    if digest != mandate.data_digest:
        raise Refused("contents_changed_since_approval")
    if mandate.approved_at > clock.real_now():
        raise Refused("approved_in_the_future")
    term = document.data.get("term", ANY_TERM)
    if not term_fits(term=term, valid_from=document.valid_from, valid_to=document.valid_to):
        raise Refused("validity_not_as_approved")


def _examine_person(document: IssuedDocument, mandate: SigningMandate) -> None:
    """Approved by a holder of the post, within ten minutes of that person's own step-up."""
    if mandate.account_id is None or mandate.step_up_id is None:
        raise Refused("no_step_up_of_this_person")
    step_up = StepUp.objects.filter(pk=mandate.step_up_id, account_id=mandate.account_id).first()
    if step_up is None:
        raise Refused("no_step_up_of_this_person")
    if not step_up.at <= mandate.approved_at <= min(step_up.expires_at, step_up.at + STEP_UP_LIFE):
        raise Refused("step_up_too_old")
    day = clock.local(mandate.approved_at).date()
    holdings = Holding.objects.filter(
        account_id=mandate.account_id, position__code=mandate.position_code, valid_from__lte=day
    )
    if not any(item.valid_to is None or item.valid_to > day for item in holdings):
        raise Refused("not_a_holder_of_the_post")
    if mandate.on_behalf_code and not _lent(mandate, day):
        raise Refused("no_delegation")


def _lent(mandate: SigningMandate, day: dt.date) -> bool:
    found = Delegation.objects.filter(
        delegator__code=mandate.on_behalf_code,
        delegate__code=mandate.position_code,
        kind=mandate.wording,
        valid_from__lte=day,
        valid_to__gte=day,
    )
    return any(item.revoked_at is None or item.revoked_at > mandate.approved_at for item in found)


def _examine_standing(document: IssuedDocument, mandate: SigningMandate) -> None:
    """A standing authority for this template and municipality was in force when the mandate was given."""
    authority = StandingAuthority.objects.filter(code=mandate.standing_authority).first()
    if authority is None or authority.template != document.template:
        raise Refused("no_standing_authority")
    if authority.municipality_id not in (None, document.municipality_id):
        raise Refused("no_standing_authority")
    day = clock.local(mandate.approved_at).date()
    ended = authority.valid_to is not None and authority.valid_to < day
    revoked = authority.revoked_at is not None and authority.revoked_at <= mandate.approved_at
    if authority.valid_from > day or ended or revoked:
        raise Refused("standing_authority_not_in_force")
