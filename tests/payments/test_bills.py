"""Bills: issued with their lines, presented by a job, expired, made void."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from diwan.kit import clock, numbers
from diwan.outbox.models import Event
from diwan.payments.actions import (
    NothingToPay,
    OpenBillExists,
    expire_bills,
    present_due,
    record_notice,
    void_bill,
)
from diwan.payments.errors import BillIsPaid, BillNotFound
from diwan.payments.models import Bill
from diwan.payments.queries import Standing, bill_by_number, bills_of, latest_bill, open_bill, standing
from diwan.people.actor import system
from tests.payments.gateway import MemoryGateway
from tests.payments.test_notices import notice_for

BY = system("test")
New = Callable[..., Bill]
Gateway = type[MemoryGateway]


def test_a_bill_keeps_its_lines_and_why(new_bill: New) -> None:
    bill = new_bill(amount=40000, vat=6000)
    stored = latest_bill(bill.case_id)
    assert stored is not None and stored == open_bill(bill.case_id) == bill_by_number(bill.number)
    assert (stored.total, stored.vat, stored.state, len(stored.number)) == (46000, 6000, "open", 13)
    assert numbers.parse_bill_number(stored.number) == stored.pk
    (line,) = stored.lines.all()
    assert (line.amount, line.why["rate"]) == (40000, 300)
    assert Event.objects.get(name="payments.bill.issued").data == {
        "bill": bill.number,
        "case": bill.case_id,
        "token": 4,
    }


def test_a_second_open_bill_of_a_case_is_refused(new_bill: New) -> None:
    new_bill()
    with pytest.raises(OpenBillExists):
        new_bill()
    assert new_bill(2600000002).pk


def test_a_bill_of_nothing_is_refused(new_bill: New) -> None:
    with pytest.raises(NothingToPay):
        new_bill(amount=0)
    with pytest.raises(NothingToPay):
        new_bill(lines=[])


def test_it_is_presented_once(new_bill: New, gateway: Gateway) -> None:
    bill = new_bill()
    assert standing(bill) == Standing.PREPARING
    assert present_due() == 1
    assert present_due() == 0
    (shown,) = gateway.presented
    assert (shown.number, shown.amount) == (bill.number, 48000)
    assert shown.description == numbers.show_case_number(bill.case_id)
    bill.refresh_from_db()
    assert bill.gateway_reference == f"ref-{bill.number}"
    assert standing(bill) == Standing.PAYABLE


def test_when_the_payment_system_is_down_the_number_stays_and_it_is_tried_again(
    new_bill: New, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    bill, other = new_bill(), new_bill(2600000002)
    gateway.mood = "down"
    assert present_due() == 0
    bill.refresh_from_db()
    assert standing(bill) == Standing.GATEWAY_DOWN
    other.refresh_from_db()
    assert other.tries == 0, "one call is enough to learn that it is down"
    gateway.mood = "up"
    assert present_due() == 0, "not due yet"
    later = clock.real_now() + timedelta(seconds=6)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    assert present_due() == 2
    bill.refresh_from_db()
    assert standing(bill) == Standing.PAYABLE and bill.tries == 0


def test_the_pauses_grow_to_ten_minutes(
    new_bill: New, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    bill = new_bill()
    gateway.mood = "down"
    moment = clock.real_now()
    pauses = []
    for _ in range(9):
        moment += timedelta(minutes=11)
        current: datetime = moment
        monkeypatch.setattr(clock, "real_now", lambda now=current: now)
        present_due()
        bill.refresh_from_db()
        assert bill.try_at is not None
        pauses.append((bill.try_at - moment).total_seconds())
    assert pauses[:3] == [5, 10, 20] and pauses[-1] == 600


def test_a_refused_bill_does_not_hold_up_the_others(new_bill: New, gateway: Gateway) -> None:
    new_bill()
    new_bill(2600000002)
    gateway.mood = "refusing"
    assert present_due() == 2
    assert Bill.objects.filter(tries=1, presented_at__isnull=True).count() == 2


def test_a_void_bill_is_taken_back_from_the_payment_system(new_bill: New, gateway: Gateway) -> None:
    bill = new_bill()
    present_due()
    assert void_bill(bill_id=bill.pk, by=BY).state == "void"
    assert void_bill(bill_id=bill.pk, by=BY).state == "void"
    assert Event.objects.filter(name="payments.bill.voided").count() == 1
    assert present_due() == 1
    assert gateway.taken_back == [bill.number]
    bill.refresh_from_db()
    assert standing(bill) == Standing.VOID and bill.withdrawn_at is not None
    assert new_bill().pk, "the case may get a new bill"
    assert len(bills_of(bill.case_id)) == 2


def test_one_never_presented_is_not_taken_back(new_bill: New, gateway: Gateway) -> None:
    void_bill(bill_id=new_bill().pk, by=BY)
    assert present_due() == 1
    assert present_due() == 0
    assert not gateway.presented
    assert not gateway.taken_back


def test_one_paid_meanwhile_cannot_be_taken_back(new_bill: New, gateway: Gateway) -> None:
    bill = new_bill()
    present_due()
    void_bill(bill_id=bill.pk, by=BY)
    gateway.mood = "paid"
    assert present_due() == 1
    assert present_due() == 0


def test_paid_and_unknown_bills_cannot_be_made_void(new_bill: New) -> None:
    bill = new_bill()
    record_notice(notice=notice_for(bill), by=BY)
    with pytest.raises(BillIsPaid):
        void_bill(bill_id=bill.pk, by=BY)
    with pytest.raises(BillNotFound):
        void_bill(bill_id=10**9, by=BY)


def test_unpaid_bills_expire_after_a_grace(new_bill: New, gateway: Gateway) -> None:
    bill, later = new_bill(), new_bill(2600000002, expires_at=clock.now() + timedelta(days=20))
    present_due()
    with clock.moved(bill.expires_at + timedelta(minutes=10)):
        assert expire_bills() == 0
        assert standing(bill) == Standing.ENDING
    with clock.moved(bill.expires_at + timedelta(minutes=16)):
        assert expire_bills() == 1
        assert expire_bills() == 0
    bill.refresh_from_db()
    later.refresh_from_db()
    assert (bill.state, later.state) == ("expired", "open")
    assert standing(bill) == Standing.EXPIRED
    assert Event.objects.get(name="payments.bill.expired").data["bill"] == bill.number
    present_due()
    assert gateway.taken_back == [bill.number]
