"""Make an unpaid bill void: the case was withdrawn, or the decision behind it was taken back."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.outbox.actions import emit
from diwan.payments.actions.issue_bill import event_data
from diwan.payments.errors import BillIsPaid, BillNotFound
from diwan.payments.events import VOIDED
from diwan.payments.models import Bill
from diwan.people.actor import Actor


def void_bill(*, bill_id: int, by: Actor) -> Bill:
    """Make the bill void, inside the transaction of the step that causes it (which decided about permission).

    An expired or void bill stays as it is. BillNotFound, BillIsPaid.
    """
    with transaction.atomic():
        bill = Bill.objects.select_for_update().filter(pk=bill_id).first()
        if bill is None:
            raise BillNotFound
        if bill.state == Bill.State.PAID:
            raise BillIsPaid(number=bill.number)
        if bill.state == Bill.State.OPEN:
            bill.state = Bill.State.VOID
            bill.try_at = clock.real_now()
            bill.save(update_fields=["state", "try_at"])
            emit(name=VOIDED, subject=f"bill:{bill.number}", data=event_data(bill))
            audit_row(
                by=by,
                action="payments.bill.voided",
                object_type="bill",
                object_id=bill.number,
                municipality_id=bill.municipality_id,
            )
    return bill
