"""Notices of payment: paid once, and everything else is kept and goes to finance."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction

from diwan.audit.models import AuditRow
from diwan.kit import clock, numbers
from diwan.outbox.models import Event
from diwan.payments.actions import (
    AlreadySettled,
    CannotAccept,
    Notice,
    expire_bills,
    reconcile,
    record_notice,
    settle_notice,
    void_bill,
)
from diwan.payments.actions.settle_notice import NoteMissing
from diwan.payments.errors import NotAllowed
from diwan.payments.models import Bill, PaymentNotice, Receipt, ReceiptSeries
from diwan.payments.ports import BankPayment, GatewayDown
from diwan.payments.queries import Standing, notices_of, receipt_of, standing, unsettled, unsettled_for
from diwan.people.actor import Actor, system
from tests.payments.conftest import make_bill
from tests.payments.gateway import MemoryGateway

BY = system("payment notice")
New = Callable[..., Bill]
_serial = count(1)


def notice_for(bill: Bill, **change: Any) -> Notice:
    """A notice of the full amount, paid now."""
    number = next(_serial)
    terms: dict[str, Any] = {
        "notice_id": f"n-{number}",
        "payment_id": f"p-{number}",
        "biller": bill.biller,
        "bill_number": bill.number,
        "amount": bill.total,
        "paid_at": clock.now(),
    }
    return Notice(**{**terms, **change})


def finance(*municipalities: int) -> Actor:
    """An accountant; without municipalities one of the amanah itself."""
    return Actor(
        account_id=7,
        capacity="position:7",
        position_id=7,
        permissions=frozenset({"payments.settle", "payments.read"}),
        municipality_ids=frozenset(municipalities) if municipalities else None,
    )


def test_an_exact_notice_pays_the_bill_and_makes_the_receipt(new_bill: New) -> None:
    bill = new_bill()
    row = record_notice(notice=notice_for(bill), by=BY)
    bill.refresh_from_db()
    assert (row.outcome, bill.state) == ("accepted", "paid")
    assert standing(bill) == Standing.PAID
    receipt = receipt_of(bill.case_id)
    assert receipt is not None and receipt.amount == 48000
    year = clock.local(clock.now()).year % 100
    assert receipt.number == f"R101{year:02d}000001{numbers.damm_digit(f'101{year:02d}000001')}"
    event = Event.objects.get(name="payments.bill.paid")
    assert event.data == {"bill": bill.number, "case": bill.case_id, "token": bill.task_token}
    assert AuditRow.objects.filter(action="payments.notice.accepted", object_id=bill.number).exists()
    assert not unsettled().exists()


def test_the_same_notice_or_payment_again_changes_nothing(new_bill: New) -> None:
    bill = new_bill()
    first = notice_for(bill)
    row = record_notice(notice=first, by=BY)
    assert record_notice(notice=first, by=BY) == row
    assert record_notice(notice=notice_for(bill, payment_id=first.payment_id), by=BY) == row
    assert PaymentNotice.objects.count() == 1 and Receipt.objects.count() == 1


def test_paid_twice_gives_one_receipt_and_a_duplicate_for_finance(new_bill: New) -> None:
    bill = new_bill()
    record_notice(notice=notice_for(bill), by=BY)
    second = record_notice(notice=notice_for(bill), by=BY)
    assert second.outcome == "duplicate"
    assert Receipt.objects.count() == 1
    assert list(unsettled_for(finance())) == [second]
    assert Event.objects.get(name="payments.notice.queued").data["outcome"] == "duplicate"
    bill.refresh_from_db()
    assert standing(bill) == Standing.PAID


@pytest.mark.parametrize("amount", [47900, 48100, 0])
def test_a_wrong_amount_is_not_accepted(new_bill: New, amount: int) -> None:
    bill = new_bill()
    row = record_notice(notice=notice_for(bill, amount=amount), by=BY)
    bill.refresh_from_db()
    assert (row.outcome, bill.state) == ("wrong_amount", "open")
    assert standing(bill) == Standing.UNDER_REVIEW
    assert record_notice(notice=notice_for(bill), by=BY).outcome == "accepted"


def test_after_expiry_it_is_late_and_finance_decides(new_bill: New) -> None:
    bill = new_bill()
    after = bill.expires_at + timedelta(hours=1)
    with clock.moved(after):
        expire_bills()
        row = record_notice(notice=notice_for(bill), by=BY)
    bill.refresh_from_db()
    assert (row.outcome, bill.state) == ("late", "expired")
    assert standing(bill) == Standing.UNDER_REVIEW
    settled = settle_notice(notice_pk=row.pk, decision="accepted", note="قبل السداد بعد المدة", by=finance())
    bill.refresh_from_db()
    assert (settled.settlement, bill.state) == ("accepted", "paid")
    assert receipt_of(bill.case_id) is not None
    assert Event.objects.filter(name="payments.bill.paid").count() == 1


def test_paid_after_the_hour_but_before_it_was_marked_expired_is_late(new_bill: New) -> None:
    bill = new_bill()
    row = record_notice(notice=notice_for(bill, paid_at=bill.expires_at + timedelta(seconds=1)), by=BY)
    assert row.outcome == "late"


def test_paid_in_time_and_told_late_counts(new_bill: New) -> None:
    bill = new_bill()
    with clock.moved(bill.expires_at + timedelta(minutes=5)):
        row = record_notice(notice=notice_for(bill, paid_at=bill.expires_at - timedelta(minutes=1)), by=BY)
    assert row.outcome == "accepted"


def test_a_void_or_unknown_bill_goes_to_finance(new_bill: New) -> None:
    bill = new_bill()
    void_bill(bill_id=bill.pk, by=BY)
    assert record_notice(notice=notice_for(bill), by=BY).outcome == "void_bill"
    unknown = record_notice(notice=notice_for(bill, bill_number="9999999999999"), by=BY)
    assert (unknown.outcome, unknown.bill) == ("unknown_bill", None)
    assert record_notice(notice=notice_for(bill, biller="999"), by=BY).outcome == "unknown_bill"
    assert unsettled().count() == 3
    assert len(notices_of(bill.case_id)) == 1


def test_the_billed_price_stands(new_bill: New) -> None:
    bill = new_bill()
    bill.lines.update(why={"rate": 999})
    assert record_notice(notice=notice_for(bill, amount=48000), by=BY).outcome == "accepted"


def test_finance_refunds_a_duplicate_once(new_bill: New) -> None:
    bill = new_bill()
    record_notice(notice=notice_for(bill), by=BY)
    row = record_notice(notice=notice_for(bill), by=BY)
    settle_notice(notice_pk=row.pk, decision="refunded", note="حوالة 12", by=finance(bill.municipality_id))
    assert not unsettled().exists()
    with pytest.raises(AlreadySettled):
        settle_notice(notice_pk=row.pk, decision="refunded", note="again", by=finance())


def test_only_finance_within_its_municipality_decides_and_looks(new_bill: New) -> None:
    bill = new_bill()
    row = record_notice(notice=notice_for(bill, amount=1), by=BY)
    unknown = record_notice(notice=notice_for(bill, bill_number="1"), by=BY)
    clerk = Actor(account_id=8, capacity="position:8", position_id=8, municipality_ids=None)
    for by in (clerk, finance(bill.municipality_id + 1)):
        with pytest.raises(NotAllowed):
            settle_notice(notice_pk=row.pk, decision="refunded", note="x", by=by)
    with pytest.raises(NotAllowed):
        settle_notice(notice_pk=unknown.pk, decision="refunded", note="x", by=finance(bill.municipality_id))
    with pytest.raises(NotAllowed):
        unsettled_for(clerk)
    with pytest.raises(NoteMissing):
        settle_notice(notice_pk=row.pk, decision="refunded", note=" ", by=finance())
    assert list(unsettled_for(finance(bill.municipality_id))) == [row]
    assert list(unsettled_for(finance(bill.municipality_id + 1))) == []


def test_what_cannot_be_accepted(new_bill: New) -> None:
    bill = new_bill()
    wrong = record_notice(notice=notice_for(bill, amount=1), by=BY)
    with pytest.raises(CannotAccept):
        settle_notice(notice_pk=wrong.pk, decision="accepted", note="x", by=finance())
    late = record_notice(notice=notice_for(bill, paid_at=bill.expires_at + timedelta(days=1)), by=BY)
    record_notice(notice=notice_for(bill), by=BY)
    with pytest.raises(CannotAccept):
        settle_notice(notice_pk=late.pk, decision="accepted", note="x", by=finance())


def test_accepting_a_late_payment_ends_the_newer_bill(new_bill: New) -> None:
    bill = new_bill()
    with clock.moved(bill.expires_at + timedelta(days=1)):
        expire_bills()
        newer = new_bill()
        late = record_notice(notice=notice_for(bill), by=BY)
        settle_notice(notice_pk=late.pk, decision="accepted", note="x", by=finance())
    newer.refresh_from_db()
    assert newer.state == "void"


def test_reconciliation_takes_in_what_was_never_told(new_bill: New, gateway: type[MemoryGateway]) -> None:
    told, untold = new_bill(), new_bill(2600000002)
    first = notice_for(told)
    record_notice(notice=first, by=BY)
    only_ours = record_notice(notice=notice_for(told), by=BY)
    gateway.payments = [
        listed(told, payment_id=first.payment_id),
        listed(untold, payment_id="p-untold"),
    ]
    found = reconcile(day=clock.today())
    assert (found.matched, found.missing, found.different) == (1, ("p-untold",), ())
    assert found.extra == (only_ours.payment_id,)
    untold.refresh_from_db()
    assert untold.state == "paid"
    gateway.payments.append(listed(told, payment_id=only_ours.payment_id, amount=1))
    again = reconcile(day=clock.today())
    assert (again.matched, again.missing, again.different, again.extra) == (
        2,
        (),
        (only_ours.payment_id,),
        (),
    )
    gateway.mood = "down"
    with pytest.raises(GatewayDown):
        reconcile(day=clock.today())


def listed(bill: Bill, **change: Any) -> BankPayment:
    """The bill's payment as the payment system lists it."""
    moment: datetime = clock.now()
    terms: dict[str, Any] = {
        "payment_id": "p",
        "biller": bill.biller,
        "bill_number": bill.number,
        "amount": bill.total,
        "paid_at": moment,
    }
    return BankPayment(**{**terms, **change})


def at_once(work: Callable[[int], Any], times: int) -> list[Any]:
    """Run the work on so many connections at once."""

    def run(number: int) -> Any:
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_two_payments_at_once_give_one_receipt(committed_database: str) -> None:
    bill = make_bill()
    notices = [notice_for(bill) for _ in range(6)]
    rows = at_once(lambda number: record_notice(notice=notices[number], by=BY), 6)
    assert sorted(row.outcome for row in rows) == ["accepted"] + ["duplicate"] * 5
    assert Receipt.objects.count() == 1


def test_the_same_notice_at_once_is_one_row(committed_database: str) -> None:
    bill = make_bill()
    notice = notice_for(bill)
    rows = at_once(lambda _: record_notice(notice=notice, by=BY), 6)
    assert len({row.pk for row in rows}) == 1
    assert PaymentNotice.objects.get().outcome == "accepted"


def test_the_same_notice_for_an_unknown_bill_at_once_is_one_row(committed_database: str) -> None:
    bill = make_bill()
    notice = notice_for(bill, bill_number="1")
    rows = at_once(lambda _: record_notice(notice=notice, by=BY), 6)
    assert len({row.pk for row in rows}) == 1


def test_receipts_have_no_gaps_even_when_one_fails(committed_database: str) -> None:
    bills = [make_bill(2600000001 + number) for number in range(8)]

    def pay(number: int) -> None:
        with transaction.atomic():
            record_notice(notice=notice_for(bills[number]), by=BY)
            if number % 2:
                transaction.set_rollback(True)

    at_once(pay, 8)
    numbers_given = sorted(Receipt.objects.values_list("number", flat=True))
    assert [int(number[6:12]) for number in numbers_given] == [1, 2, 3, 4]
    assert ReceiptSeries.objects.get().last == 4
