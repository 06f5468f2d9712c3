"""Mark bills expired that nobody paid in time."""

from datetime import timedelta

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.outbox.actions import emit
from diwan.payments.actions.issue_bill import event_data
from diwan.payments.events import EXPIRED
from diwan.payments.models import Bill
from diwan.people.actor import system

#: A notice of a payment made in the last minute may still be on its way.
GRACE = timedelta(minutes=15)
BY = system("bill expiry")


def expire_bills(*, limit: int = 200) -> int:
    """Mark at most `limit` open bills expired whose time has passed; returns how many. Bills being paid are skipped."""
    now = clock.now()
    with transaction.atomic():
        bills = list(
            Bill.objects.select_for_update(skip_locked=True)
            .filter(state=Bill.State.OPEN, expires_at__lt=now - GRACE)
            .order_by("expires_at")[:limit]
        )
        for bill in bills:
            bill.state = Bill.State.EXPIRED
            bill.try_at = clock.real_now()
            bill.save(update_fields=["state", "try_at"])
            emit(name=EXPIRED, subject=f"bill:{bill.number}", data=event_data(bill))
            audit_row(
                by=BY,
                action="payments.bill.expired",
                object_type="bill",
                object_id=bill.number,
                municipality_id=bill.municipality_id,
            )
    return len(bills)
