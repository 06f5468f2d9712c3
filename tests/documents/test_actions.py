"""Approving, numbering, revoking, voiding: what is allowed and what is refused."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from diwan.audit.models import AuditRow
from diwan.documents.actions import (
    CertificateActForbidden,
    ContentsNotApproved,
    DocumentActForbidden,
    DocumentUnknown,
    NoPost,
    NoStandingAuthority,
    NotApproved,
    NotRevocable,
    NotVoidable,
    StepUpNeeded,
    declare_standing_authority,
    grant_mandate,
    render_and_sign,
    renew_certificate,
    revoke_document,
    revoke_mandate,
    void_number,
)
from diwan.documents.models import DocumentSeries, IssuedDocument, SigningMandate
from diwan.documents.signer.service import Signer
from diwan.kit import clock
from diwan.people.actor import ANONYMOUS, Actor, system
from diwan.people.models import Delegation, Position
from tests.documents.conftest import START, Office
from tests.documents.contents import CASE, FROM, TO, approved, contents, numbered, pending, standing


def test_an_approval_binds_person_post_and_contents(office: Office) -> None:
    approved(office)
    mandate = SigningMandate.objects.get()
    assert (mandate.position_code, mandate.account_id) == ("101-HEAD", office.head.account_id)
    assert mandate.wording == "holder"
    assert AuditRow.objects.filter(action="documents.mandate.granted").count() == 1


@pytest.mark.parametrize("minutes", [10.1, -0.5])
def test_an_approval_needs_a_step_up_of_the_last_ten_minutes(office: Office, minutes: float) -> None:
    with pytest.raises(StepUpNeeded):
        approved(office, minutes_ago=minutes)


def test_an_approval_needs_ones_own_step_up_in_this_session(office: Office) -> None:
    office.step_up(office.assistant)
    office.step_up(dataclasses.replace(office.head, session="another session"))
    with pytest.raises(StepUpNeeded):
        grant_mandate(case_id=CASE, template="licence", data=contents(), by=office.head)


def test_an_approval_needs_a_post_one_holds(office: Office) -> None:
    borrowed = dataclasses.replace(
        office.head,
        position_id=office.assistant.position_id,
        capacity=f"position:{office.assistant.position_id}",
    )
    with pytest.raises(NoPost):
        approved(office, by=borrowed)


def test_a_delegate_approves_as_the_own_post_on_behalf_of_the_other(office: Office) -> None:
    lent = Delegation.objects.create(
        delegator_id=office.head_post,
        delegate_id=office.assistant_post,
        kind="absence",
        decision_number="7",
        valid_from=START,
        valid_to=clock.today() + dt.timedelta(days=1),
    )
    approved(office, by=office.assistant, delegation_id=lent.pk)
    mandate = SigningMandate.objects.get()
    assert (mandate.position_code, mandate.on_behalf_code) == ("101-ASSISTANT", "101-HEAD")
    assert mandate.wording == "absence"
    assert mandate.on_behalf_ar == "م. رئيس بلدية النخيل، رئيس بلدية النخيل"
    assert mandate.on_behalf_en == "Eng. head, Head of An Nakheel"


def test_a_delegation_that_ended_gives_no_post(office: Office) -> None:
    lent = Delegation.objects.create(
        delegator_id=office.head_post,
        delegate_id=office.assistant_post,
        kind="absence",
        decision_number="7",
        valid_from=START,
        valid_to=START,
    )
    with pytest.raises(NoPost):
        approved(office, by=office.assistant, delegation_id=lent.pk)


def test_a_later_approval_replaces_the_earlier_one(office: Office) -> None:
    approved(office)
    approved(office)
    assert SigningMandate.objects.filter(revoked_at__isnull=True).count() == 1


def test_an_approval_taken_back_gives_no_number(office: Office) -> None:
    mandate = approved(office)
    revoke_mandate(mandate_id=mandate.pk, by=office.head)
    with pytest.raises(NotApproved):
        numbered(office, mandate)
    assert not DocumentSeries.objects.exists()


def test_a_spent_approval_is_not_taken_back(office: Office) -> None:
    document = pending(office)
    assert revoke_mandate(mandate_id=document.mandate_id, by=office.head).revoked_at is None


def test_an_approval_serves_one_document(office: Office) -> None:
    document = pending(office)
    with pytest.raises(NotApproved):
        numbered(office, document.mandate)


def test_what_differs_from_the_approval_gets_no_number(office: Office) -> None:
    mandate = approved(office)
    for change in (
        {"data": contents(conditions=[])},
        {"valid_to": TO + dt.timedelta(days=1)},
        {"case_id": CASE + 1},
        {"template": "permit"},
    ):
        with pytest.raises(ContentsNotApproved):
            numbered(office, mandate, **change)
    assert not DocumentSeries.objects.exists()


def test_without_a_standing_authority_there_is_no_mandate(office: Office) -> None:
    with pytest.raises(NoStandingAuthority):
        standing(office)


def test_the_named_authority_counts_and_without_a_name_the_narrowest(office: Office) -> None:
    for code, town in (("all", None), ("renewals", None), ("town", office.municipality.pk)):
        declare_standing_authority(
            code=code,
            template="licence",
            decision_number="1",
            statement={"ar": "بموجب", "en": "under"},
            valid_from=START,
            municipality_id=town,
            by=system("test"),
        )
    assert standing(office).standing_authority == "town"
    assert standing(office, authority="renewals").standing_authority == "renewals"


def test_a_number_of_a_transaction_that_failed_is_given_again(office: Office) -> None:
    mandate = approved(office)
    with pytest.raises(RuntimeError), transaction.atomic():
        first = numbered(office, mandate)
        raise RuntimeError
    assert numbered(office, mandate).number == first.number


def test_a_sealed_document_is_revoked_once(office: Office, signer: Signer) -> None:
    document = render_and_sign(document_id=pending(office).pk, by=system("test"))
    revoked = revoke_document(document_id=document.pk, reason="activity stopped", by=office.head)
    again = revoke_document(document_id=document.pk, reason="another reason", by=office.head)
    assert again.revoked_at == revoked.revoked_at is not None
    assert again.revoked_why == "activity stopped"


def test_only_a_sealed_document_is_revoked(office: Office) -> None:
    with pytest.raises(NotRevocable):
        revoke_document(document_id=pending(office).pk, reason="x", by=office.head)


def test_a_sealed_document_is_not_voided(office: Office, signer: Signer) -> None:
    document = render_and_sign(document_id=pending(office).pk, by=system("test"))
    with pytest.raises(NotVoidable):
        void_number(document_id=document.pk, reason="x", by=office.head)


def test_a_voided_number_stays_in_the_series(office: Office) -> None:
    voided = void_number(document_id=pending(office).pk, reason="x", by=office.head)
    following = pending(office, case_id=CASE + 1)
    assert voided.state == IssuedDocument.State.VOID
    assert voided.number is not None and following.number is not None
    assert int(following.number[5:11]) == int(voided.number[5:11]) + 1


def test_revoking_and_voiding_need_the_permission(office: Office) -> None:
    powerless = dataclasses.replace(office.head, permissions=frozenset())
    document = pending(office)
    for act in (revoke_document, void_number):
        with pytest.raises(DocumentActForbidden):
            act(document_id=document.pk, reason="x", by=powerless)


@pytest.mark.parametrize("who", [ANONYMOUS, Actor(account_id=1, capacity="self")])
def test_a_document_of_another_municipality_does_not_exist(office: Office, who: Actor) -> None:
    document = pending(office)
    for by in (who, dataclasses.replace(office.head, municipality_ids=frozenset({10**6}))):
        with pytest.raises(DocumentUnknown):
            revoke_document(document_id=document.pk, reason="x", by=by)


def test_certificates_are_not_everybodys_business(office: Office) -> None:
    powerless = dataclasses.replace(office.head, permissions=frozenset())
    with pytest.raises(CertificateActForbidden):
        renew_certificate(position_code="101-HEAD", by=powerless)


@pytest.mark.parametrize(
    "change", [{"data": {}}, {"number": "101260000026"}, {"valid_to": FROM}, {"case_id": 1}]
)
def test_the_database_keeps_what_was_numbered(office: Office, change: dict[str, object]) -> None:
    document = pending(office)
    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedDocument.objects.filter(pk=document.pk).update(**change)


def test_the_database_keeps_what_was_approved(office: Office) -> None:
    approved(office)
    with pytest.raises(DatabaseError), transaction.atomic():
        SigningMandate.objects.update(data_digest="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        SigningMandate.objects.all().delete()


def test_a_mandate_is_of_a_person_or_of_a_decision(office: Office) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        SigningMandate.objects.create(
            case_id=CASE,
            template="licence",
            position_code=Position.objects.get(pk=office.head_post).code,
            data_digest="0" * 64,
            approved_at=clock.real_now(),
        )
