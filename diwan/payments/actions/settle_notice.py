"""Finance decides about a payment that could not be accepted by itself."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.payments.actions.record_notice import pay
from diwan.payments.actions.void_bill import void_bill
from diwan.payments.errors import NotAllowed
from diwan.payments.models import Bill, PaymentNotice
from diwan.people.actor import Actor
from diwan.people.registry import SETTLE_PAYMENTS

Settlement = PaymentNotice.Settlement


class AlreadySettled(DiwanError):
    """Somebody decided before."""

    code = "payments.already_settled"
    message = N_("This payment has already been dealt with. Read the list again.")


class CannotAccept(DiwanError):
    """Only the full amount of an expired bill can be accepted, once."""

    code = "payments.cannot_accept"
    message = N_(
        "Only a late payment of the full amount can be accepted, and only once. Choose a refund instead."
    )


class NoteMissing(DiwanError):
    """The decision needs a sentence."""

    code = "payments.note_missing"
    message = N_("Write in one sentence what was decided: the payer and the auditor read it.")


def settle_notice(*, notice_pk: int, decision: str, note: str, by: Actor) -> PaymentNotice:
    """Record the decision: `accepted` (late payment counts: bill paid, receipt), `refunded`, or `nothing`.

    Needs `payments.settle` within the bill's municipality. AlreadySettled, CannotAccept, NoteMissing.
    """
    with transaction.atomic():
        row = PaymentNotice.objects.select_for_update().filter(pk=notice_pk).first()
        if row is None or not may_settle(row, by=by):
            raise NotAllowed
        if row.settled_at is not None or row.outcome == PaymentNotice.Outcome.ACCEPTED:
            raise AlreadySettled
        if not note.strip():
            raise NoteMissing
        bill = _locked_bill(row) if decision == Settlement.ACCEPTED else None
        if bill is not None:
            _end_other_bill(bill, by=by)
        row.settled_at = clock.now()
        row.settled_by = by.account_id
        row.settlement = Settlement(decision)
        row.settlement_note = note.strip()[:300]
        row.save(update_fields=["settled_at", "settled_by", "settlement", "settlement_note"])
        audit_row(
            by=by,
            action="payments.notice.settled",
            object_type="notice",
            object_id=row.pk,
            municipality_id=row.bill.municipality_id if row.bill else None,
            values={"decision": decision, "bill": row.bill_number, "amount": row.amount},
        )
        if bill is not None:
            pay(bill, row)
    return row


def may_settle(row: PaymentNotice, *, by: Actor) -> bool:
    """Whether the capacity decides about this notice; one without a bill belongs to the amanah's own finance."""
    if not by.can(SETTLE_PAYMENTS):
        return False
    return by.municipality_ids is None if row.bill is None else by.reaches(row.bill.municipality_id)


def _locked_bill(row: PaymentNotice) -> Bill:
    if row.bill_id is None:
        raise CannotAccept
    bill = (
        Bill.objects.select_for_update(of=("self",))
        .select_related("municipality")
        .filter(pk=row.bill_id)
        .first()
    )
    late = row.outcome == PaymentNotice.Outcome.LATE and bill is not None and row.amount == bill.total
    if bill is None or not late or bill.state not in (Bill.State.EXPIRED, Bill.State.OPEN):
        raise CannotAccept
    return bill


def _end_other_bill(bill: Bill, *, by: Actor) -> None:
    """A newer open bill of the same payment step becomes void; a paid one forbids accepting."""
    others = Bill.objects.filter(case_id=bill.case_id, task_token=bill.task_token).exclude(pk=bill.pk)
    if others.filter(state=Bill.State.PAID).exists():
        raise CannotAccept
    newer = others.filter(state=Bill.State.OPEN).first()
    if newer is not None:
        void_bill(bill_id=newer.pk, by=by)
