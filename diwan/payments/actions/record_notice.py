"""Record what the payment system says was paid. Every notice is kept, whatever comes of it.

The notice is the truth about money: nothing is thrown away. One payment counts once, however often it is told; what is
not plainly the full amount of an open bill goes to finance.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.outbox.actions import emit
from diwan.payments.actions.issue_bill import event_data
from diwan.payments.events import PAID, QUEUED
from diwan.payments.models import Bill, PaymentNotice
from diwan.payments.receipts import issue_receipt
from diwan.people.actor import Actor

Outcome = PaymentNotice.Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice whose signature and time were checked; amount in halalas."""

    notice_id: str
    payment_id: str
    biller: str
    bill_number: str
    amount: int
    paid_at: datetime


def record_notice(*, notice: Notice, by: Actor) -> PaymentNotice:
    """Record a notice once and, if it pays an open bill exactly, mark the bill paid and issue the receipt.

    The same notice or payment again returns the first row. Order of locks: bill, then the series of receipts.
    """
    try:
        with transaction.atomic():
            return _record(notice, by=by)
    except IntegrityError:
        found = _known(notice)
        if found is None:
            raise
        return found


def _record(notice: Notice, *, by: Actor) -> PaymentNotice:
    bill = (
        Bill.objects.select_for_update(of=("self",))
        .select_related("municipality")
        .filter(number=notice.bill_number, biller=notice.biller)
        .first()
    )
    found = _known(notice)
    if found is not None:
        return found
    outcome = _outcome(notice, bill)
    row = PaymentNotice.objects.create(
        notice_id=notice.notice_id,
        payment_id=notice.payment_id,
        biller=notice.biller,
        bill=bill,
        bill_number=notice.bill_number[:20],
        amount=notice.amount,
        outcome=outcome,
        paid_at=notice.paid_at,
        received_at=clock.now(),
    )
    audit_row(
        by=by,
        action=f"payments.notice.{outcome}",
        object_type="bill",
        object_id=notice.bill_number,
        municipality_id=bill.municipality_id if bill else None,
        values={"notice": notice.notice_id, "payment": notice.payment_id, "amount": notice.amount},
    )
    if outcome == Outcome.ACCEPTED and bill is not None:
        pay(bill, row)
    else:
        emit(
            name=QUEUED,
            subject=f"notice:{row.pk}",
            data={"notice": row.pk, "outcome": str(outcome), "case": bill.case_id if bill else None},
        )
    return row


def _known(notice: Notice) -> PaymentNotice | None:
    return PaymentNotice.objects.filter(
        Q(notice_id=notice.notice_id) | Q(payment_id=notice.payment_id)
    ).first()


def _outcome(notice: Notice, bill: Bill | None) -> PaymentNotice.Outcome:
    """What the notice amounts to. A payment made in time counts as long as the bill was not yet marked expired."""
    if bill is None:
        return Outcome.UNKNOWN_BILL
    if bill.state == Bill.State.PAID:
        return Outcome.DUPLICATE
    if bill.state == Bill.State.VOID:
        return Outcome.VOID_BILL
    if notice.amount != bill.total:
        return Outcome.WRONG_AMOUNT
    if bill.state == Bill.State.EXPIRED or notice.paid_at > bill.expires_at:
        return Outcome.LATE
    return Outcome.ACCEPTED


def pay(bill: Bill, notice: PaymentNotice) -> None:
    """Mark a locked bill paid, tell upward, and issue the receipt as the last thing."""
    bill.state = Bill.State.PAID
    bill.paid_at = notice.paid_at
    bill.try_at = None
    bill.save(update_fields=["state", "paid_at", "try_at"])
    emit(name=PAID, subject=f"bill:{bill.number}", data=event_data(bill))
    issue_receipt(bill=bill, notice=notice)
