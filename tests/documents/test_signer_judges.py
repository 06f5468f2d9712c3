"""The signer signs nothing on anybody's word: each reason to refuse, from rows as a dishonest writer leaves them."""

from __future__ import annotations

import datetime as dt
import inspect
import re
from typing import Any

import pytest

from diwan.documents import signing, words
from diwan.documents.actions import renew_certificate, revoke_certificate
from diwan.documents.contents import approved_digest, render_document
from diwan.documents.models import IssuedDocument, SigningMandate, StandingAuthority
from diwan.documents.signer import checks, enrolment, service
from diwan.documents.signer.service import Signer
from diwan.kit import clock
from diwan.people.actor import Actor
from diwan.people.models import Delegation, Holding, Position, StepUp
from tests.documents.conftest import START, Office
from tests.documents.contents import CASE, FROM, TO, contents


def mandate(office: Office, *, by: Actor | None = None, **changes: Any) -> SigningMandate:
    """A mandate row as an honest approval leaves it, with changes."""
    who = by or office.head
    values: dict[str, Any] = {
        "case_id": CASE,
        "template": "licence",
        "position_code": Position.objects.get(pk=who.position_id or 0).code,
        "account_id": who.account_id,
        "approver_ar": who.name_ar,
        "approver_en": who.name_en,
        "title_ar": "رئيس",
        "title_en": "Head",
        "wording": "holder",
        "data_digest": approved_digest(case_id=CASE, template="licence", data=contents()),
        "approved_at": clock.real_now(),
    } | changes
    if "step_up_id" not in values:
        values["step_up_id"] = office.step_up(who).pk
    return SigningMandate.objects.create(**values)


def document(office: Office, under: SigningMandate, *, spend: bool = True, **changes: Any) -> IssuedDocument:
    """A document row under a mandate, rendered, with changes."""
    values: dict[str, Any] = {
        "number": "101260000019",
        "municipality": office.municipality,
        "case_id": CASE,
        "template": "licence",
        "title_ar": "رخصة",
        "title_en": "Licence",
        "data": contents(),
        "mandate": under,
        "verify_token": "token",
        "valid_from": FROM,
        "valid_to": TO,
        "created_at": clock.now(),
    } | changes
    made = IssuedDocument.objects.create(**values)
    if spend:
        SigningMandate.objects.filter(pk=under.pk).update(used_by_document=made.pk)
        under.refresh_from_db()
    IssuedDocument.objects.filter(pk=made.pk).update(rendered_sha256=render_document(made).sha256)
    return made


def refusal(made: IssuedDocument) -> str:
    """The code with which the signer refuses."""
    with pytest.raises(signing.SigningRefused) as refused:
        signing.sign(made.pk)
    return str(refused.value.params["reason"])


def test_an_honest_row_is_signed(office: Office, signer: Signer) -> None:
    assert signing.sign(document(office, mandate(office)).pk).signers == ("101-HEAD", "")


def test_an_unknown_document(signer: Signer, office: Office) -> None:
    with pytest.raises(signing.SigningRefused):
        signing.sign(10**9)


def test_other_contents_than_approved(office: Office, signer: Signer) -> None:
    changed = contents(title={"ar": "رخصة أخرى", "en": "Another licence"})
    assert refusal(document(office, mandate(office), data=changed)) == "contents_changed_since_approval"


def test_another_validity_than_approved(office: Office, signer: Signer) -> None:
    longer = TO + dt.timedelta(days=365)
    assert refusal(document(office, mandate(office), valid_to=longer)) == "validity_not_as_approved"


def test_another_case_than_approved(office: Office, signer: Signer) -> None:
    assert refusal(document(office, mandate(office), case_id=CASE + 1)) == "mandate_for_something_else"


def test_a_mandate_that_serves_another_document(office: Office, signer: Signer) -> None:
    spent = mandate(office)
    document(office, spent)
    second = document(office, spent, spend=False, number="101260000026", verify_token="other")
    assert refusal(second) == "mandate_used_elsewhere"


def test_a_revoked_mandate(office: Office, signer: Signer) -> None:
    assert refusal(document(office, mandate(office, revoked_at=clock.real_now()))) == "mandate_revoked"


def test_a_step_up_of_eleven_minutes_before(office: Office, signer: Signer) -> None:
    old = office.step_up(office.head, minutes_ago=11)
    assert refusal(document(office, mandate(office, step_up_id=old.pk))) == "step_up_too_old"


def test_a_step_up_that_claims_to_last_longer(office: Office, signer: Signer) -> None:
    old = office.step_up(office.head, minutes_ago=30)
    StepUp.objects.filter(pk=old.pk).update(expires_at=clock.real_now() + dt.timedelta(hours=1))
    assert refusal(document(office, mandate(office, step_up_id=old.pk))) == "step_up_too_old"


def test_a_step_up_after_the_approval(office: Office, signer: Signer) -> None:
    early = clock.real_now() - dt.timedelta(hours=1)
    assert refusal(document(office, mandate(office, approved_at=early))) == "step_up_too_old"


def test_an_approval_in_the_future(office: Office, signer: Signer) -> None:
    later = clock.real_now() + dt.timedelta(minutes=3)
    assert refusal(document(office, mandate(office, approved_at=later))) == "approved_in_the_future"


def test_another_persons_step_up(office: Office, signer: Signer) -> None:
    other = office.step_up(office.assistant)
    assert refusal(document(office, mandate(office, step_up_id=other.pk))) == "no_step_up_of_this_person"


def test_another_persons_post(office: Office, signer: Signer) -> None:
    stolen = mandate(office, by=office.assistant, position_code="101-HEAD")
    assert refusal(document(office, stolen)) == "not_a_holder_of_the_post"


def test_a_former_holder(office: Office, signer: Signer) -> None:
    Holding.objects.filter(position_id=office.head_post).update(valid_to=clock.today())
    assert refusal(document(office, mandate(office))) == "not_a_holder_of_the_post"


def test_powers_that_were_not_lent(office: Office, signer: Signer) -> None:
    claimed = mandate(office, by=office.assistant, wording="powers", on_behalf_code="101-HEAD")
    assert refusal(document(office, claimed)) == "no_delegation"


def test_powers_that_were_lent_are_signed_by_the_delegate(office: Office, signer: Signer) -> None:
    _lend(office)
    claimed = mandate(office, by=office.assistant, wording="powers", on_behalf_code="101-HEAD")
    assert signing.sign(document(office, claimed).pk).signers == ("101-ASSISTANT", "")


def test_powers_that_were_taken_back(office: Office, signer: Signer) -> None:
    _lend(office, revoked_at=clock.real_now() - dt.timedelta(hours=1))
    claimed = mandate(office, by=office.assistant, wording="powers", on_behalf_code="101-HEAD")
    assert refusal(document(office, claimed)) == "no_delegation"


def test_another_rendering_than_recorded(office: Office, signer: Signer) -> None:
    made = document(office, mandate(office))
    IssuedDocument.objects.filter(pk=made.pk).update(rendered_sha256="0" * 64)
    assert refusal(made) == "rendering_differs"


def test_a_document_that_was_revoked(office: Office, signer: Signer) -> None:
    assert refusal(document(office, mandate(office), revoked_at=clock.now())) == "document_not_pending"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "no_standing_authority"),
        ({"template": "permit"}, "no_standing_authority"),
        ({"valid_to": START}, "standing_authority_not_in_force"),
        ({"revoked_at": clock.real_now() - dt.timedelta(days=1)}, "standing_authority_not_in_force"),
        ({"valid_from": dt.date(2076, 1, 1)}, "standing_authority_not_in_force"),
    ],
)
def test_a_seal_without_a_standing_authority_in_force(
    office: Office, signer: Signer, changes: dict[str, Any], code: str
) -> None:
    standing = SigningMandate.objects.create(
        case_id=CASE,
        template="licence",
        standing_authority="instant",
        data_digest=approved_digest(case_id=CASE, template="licence", data=contents()),
        approved_at=clock.real_now(),
    )
    values: dict[str, Any] = {"code": "instant", "template": "licence", "valid_from": START} | changes
    authority = StandingAuthority.objects.create(**values)
    made = document(office, standing)
    if not changes:
        StandingAuthority.objects.filter(pk=authority.pk).delete()
    assert refusal(made) == code


def test_a_standing_authority_of_another_municipality(office: Office, signer: Signer) -> None:
    standing = SigningMandate.objects.create(
        case_id=CASE,
        template="licence",
        standing_authority="instant",
        data_digest=approved_digest(case_id=CASE, template="licence", data=contents()),
        approved_at=clock.real_now(),
    )
    elsewhere = type(office.municipality).objects.get(code="000")
    StandingAuthority.objects.create(
        code="instant", template="licence", valid_from=START, municipality=elsewhere
    )
    assert refusal(document(office, standing)) == "no_standing_authority"


def test_a_revoked_certificate_signs_nothing_until_it_is_renewed(office: Office, signer: Signer) -> None:
    signing.enrol("101-HEAD")
    revoke_certificate(position_code="101-HEAD", reason="key_compromise", by=office.head)
    made = document(office, mandate(office))

    assert refusal(made) == "certificate_revoked"
    renew_certificate(position_code="101-HEAD", by=office.head)
    assert signing.sign(made.pk).signers == ("101-HEAD", "")


def test_a_certificate_for_a_post_that_does_not_exist(office: Office, signer: Signer) -> None:
    with pytest.raises(signing.SigningRefused):
        signing.enrol("101-NOBODY")


def _lend(office: Office, **changes: Any) -> None:
    values: dict[str, Any] = {
        "delegator_id": office.head_post,
        "delegate_id": office.assistant_post,
        "kind": "powers",
        "decision_number": "12",
        "valid_from": START,
        "valid_to": clock.today() + dt.timedelta(days=30),
    } | changes
    Delegation.objects.create(**values)


def test_every_refusal_has_its_words() -> None:
    sources = [inspect.getsource(module) for module in (checks, enrolment, service)]
    codes = {code for source in sources for code in re.findall(r'Refused\("(\w+)"\)', source)}
    assert codes | {"certificate_revoked"} == set(words.REFUSALS)
