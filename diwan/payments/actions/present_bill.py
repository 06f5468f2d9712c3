"""Tell the payment system about bills: make open ones payable, take back those that ended. A job, retried for ever.

When the payment system is down the bill keeps its number; the page says so (`queries.standing`).
"""

import logging
from datetime import timedelta

from django.db import transaction

from diwan.kit import clock, numbers, tracing
from diwan.payments.models import Bill
from diwan.payments.ports import (
    AlreadyPaid,
    BillToPresent,
    GatewayDown,
    GatewayRefused,
    PaymentGateway,
    gateway,
)

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)


def present_due(*, limit: int = 50) -> int:
    """Tell the payment system what is due; returns how many were told. Stops when it is down."""
    now = clock.real_now()
    with transaction.atomic():
        due = list(
            Bill.objects.select_for_update(skip_locked=True)
            .filter(try_at__lte=now)
            .order_by("try_at")[:limit]
        )
        Bill.objects.filter(pk__in=[bill.pk for bill in due]).update(try_at=now + LEASE)
    system = gateway()
    told = 0
    for place, bill in enumerate(due):
        with tracing.following(bill.request_id, capacity="system:bills", case=bill.case_id):
            went = present_bill(bill=bill, system=system)
        if went:
            told += 1
        elif place + 1 < len(due):
            _give_back(due[place + 1 :])
            break
    return told


def present_bill(*, bill: Bill, system: PaymentGateway) -> bool:
    """One call for one bill, outside any transaction; False when the payment system is down."""
    try:
        if bill.state == Bill.State.OPEN:
            reference = system.present(_as_presented(bill))
            _told(bill, presented_at=clock.now(), gateway_reference=reference[:80])
        elif bill.presented_at is not None and bill.withdrawn_at is None and bill.state != Bill.State.PAID:
            system.take_back(biller=bill.biller, number=bill.number)
            _told(bill, withdrawn_at=clock.now())
        else:
            _told(bill)
    except GatewayDown:
        pause = min(FIRST_PAUSE * 2 ** min(bill.tries, 10), LONGEST_PAUSE)
        Bill.objects.filter(pk=bill.pk).update(try_at=clock.real_now() + pause, tries=bill.tries + 1)
        return False
    except AlreadyPaid:
        _told(bill)
    except GatewayRefused:
        log.exception("the payment system refuses bill %s", bill.number)
        Bill.objects.filter(pk=bill.pk).update(
            try_at=clock.real_now() + LONGEST_PAUSE, tries=min(bill.tries + 1, 30_000)
        )
    return True


def _told(bill: Bill, **values: object) -> None:
    """Note the success, unless the bill changed meanwhile: then the change is told next."""
    unchanged = Bill.objects.filter(pk=bill.pk, state=bill.state).update(try_at=None, tries=0, **values)
    if not unchanged:
        Bill.objects.filter(pk=bill.pk).update(try_at=clock.real_now(), tries=0, **values)


def _give_back(bills: list[Bill]) -> None:
    """End the lease of bills that were not tried, so that they are tried with the next round."""
    soon = clock.real_now() + FIRST_PAUSE
    Bill.objects.filter(pk__in=[bill.pk for bill in bills]).update(try_at=soon)


def _as_presented(bill: Bill) -> BillToPresent:
    return BillToPresent(
        biller=bill.biller,
        number=bill.number,
        amount=bill.total,
        expires_at=bill.expires_at,
        description=numbers.show_case_number(bill.case_id),
    )
