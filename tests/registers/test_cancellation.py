"""Cancelling a licence, and the permit that hangs on it, from draft to end: fee by days, proof, no way back."""

from datetime import timedelta

import pytest

from diwan.cases.actions.reopen import reopen
from diwan.cases.errors import NotAllowed
from diwan.documents.models import IssuedDocument
from diwan.jobs.schedules import make_partitions
from diwan.kit import clock
from diwan.kit.errors import FieldErrors
from diwan.kit.numbers import show_document_number
from diwan.notify.models import Message
from diwan.payments.models import Bill
from diwan.registers.actions import Ground, suspend_entry
from diwan.registers.models import EntryChange
from diwan.web.apply.starting import NotAboutThis
from tests import cast
from tests.cases import walking
from tests.registers.making import CLOSING, GROUND, NIGHT, file_about, licence, night_permit, sealed, status

pytestmark = pytest.mark.usefixtures("city", "registers")
CANCEL = "shop-licence-cancellation"


def test_a_running_licence_is_cancelled_without_a_fee_and_its_permit_falls() -> None:
    shop = licence()
    permit = night_permit(shop)
    assert (permit.parent_id, permit.kind, permit.valid_to) == (shop.pk, "night_permit", shop.valid_to)
    case = cast.run_machine(file_about(shop, CANCEL, **CLOSING))
    assert walking.steps_of(case) == {"proof"}, "nothing is due and no visit is needed"
    assert status(shop) == "active", "the licence runs until the proof is issued"
    proof = sealed(case)
    case.refresh_from_db()
    assert (case.state, status(shop), status(permit)) == ("issued", "cancelled", "cancelled")
    assert (proof.valid_to, proof.template) == (None, "certificate")
    assert proof.data["sections"][0]["rows"][0]["value"] == {"ltr": show_document_number(shop.number)}
    for entry in (shop, permit):
        assert IssuedDocument.objects.get(number=entry.number).revoked_at is not None
    made = EntryChange.objects.get(entry=shop, after="cancelled")
    assert made.case_id == case.pk
    (message,) = Message.objects.filter(template="ENTRY_CANCELLED", channel="email")
    assert message.params["linked"]


def test_the_days_after_the_last_one_paid_for_are_billed() -> None:
    shop = licence()
    with clock.moved(clock.now() + timedelta(days=365 + 29)):
        make_partitions()
        days = (clock.today() - shop.valid_to).days
        case = cast.run_machine(file_about(shop, CANCEL, reason="move", stopped_on=clock.today().isoformat()))
        assert walking.steps_of(case) == {"payment"}
        bill = Bill.objects.get(case_id=case.pk)
        lines = {line.code: line for line in bill.lines.all()}
        rate = lines["activity"].why["rate"]
        assert lines["activity"].amount == (rate * 40 * days * 2 + 365) // 730, (
            "halalas, rounded half-up once"
        )
        assert lines["activity"].why["days"] == days > 0
        assert set(lines) == {"activity", "cleaning"}
        sealed(walking.paid(case))
    assert status(shop) == "cancelled"


def test_what_stands_in_the_way_of_a_cancellation() -> None:
    shop = licence()
    with pytest.raises(NotAboutThis):
        file_about(shop, CANCEL, cast.owner("abeer"), **CLOSING)
    with pytest.raises(FieldErrors):
        file_about(shop, CANCEL, reason="closure", stopped_on=None)
    case = file_about(shop, CANCEL, **CLOSING)
    suspend_entry(entry_id=shop.pk, ground=GROUND, by=cast.actor("abdulaziz"))
    case = cast.run_machine(case)
    assert walking.steps_of(case) == {"blocked"}
    assert case.facts["checks"]["entry_standing"] == "failed"
    shop.refresh_from_db()
    with pytest.raises(NotAboutThis):
        file_about(shop, CANCEL, **CLOSING)


def test_a_permit_needs_a_licence_in_force_and_there_is_one_of_a_kind() -> None:
    shop = licence()
    night_permit(shop)
    again = cast.run_machine(file_about(shop, "night-permit", **NIGHT))
    assert walking.steps_of(again) == {"blocked"}
    assert again.facts["checks"]["linked_once"] == "failed"


def test_a_permit_that_comes_too_late_falls_with_its_licence() -> None:
    shop = licence()
    case = cast.run_machine(file_about(shop, "night-permit", **NIGHT))
    suspend_entry(
        entry_id=shop.pk, ground=Ground(reasons=("RSN-91",), article="ART-16"), by=cast.actor("abdulaziz")
    )
    sealed(walking.paid(case))
    permit = shop.children.get()
    assert status(permit) == "suspended"
    assert (
        Bill.objects.get(case_id=case.pk).lines.get().why["days"] == (shop.valid_to - clock.today()).days + 1
    )


def test_a_renewed_licence_keeps_its_permits() -> None:
    shop = licence()
    permit = night_permit(shop)
    with clock.moved(clock.now() + timedelta(days=365 - 60)):
        make_partitions()
        walking.issued(cast.run_machine(walking.renew(shop, cast.owner())))
    permit.refresh_from_db()
    assert (permit.parent.replaces_id if permit.parent else None, permit.status) == (shop.pk, "active")


def test_a_case_that_has_ended_a_licence_is_not_reopened() -> None:
    case = cast.run_machine(file_about(licence(), CANCEL, **CLOSING))
    sealed(case)
    with pytest.raises(NotAllowed):
        reopen(case_id=case.pk, to="checks", note="خطأ", by=cast.actor("abdulaziz"))
