"""Compare a day's payments in the payment system's list with our notices, and take in what was never told."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from diwan.kit import clock
from diwan.payments.actions.record_notice import Notice, record_notice
from diwan.payments.models import PaymentNotice
from diwan.payments.ports import BankPayment, gateway
from diwan.people.actor import system


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A day's comparison: payments on both sides, those taken in now, amounts that differ, and ours that it lacks.

    `missing` and `different` are payment ids of the list, `extra` payment ids of ours.
    """

    day: date
    matched: int
    missing: tuple[str, ...]
    different: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """True when both sides agree."""
        return not (self.missing or self.different or self.extra)


def reconcile(*, day: date) -> Reconciliation:
    """Compare the day in Riyadh; record every payment that no notice told of. GatewayDown when there is no list."""
    biller = settings.DIWAN.payments_biller
    listed = {paid.payment_id: paid for paid in gateway().payments_on(day, biller=biller)}
    ours = {row.payment_id: row for row in _rows(day, biller, listed)}
    missing = [paid for paid_id, paid in listed.items() if paid_id not in ours]
    for paid in missing:
        record_notice(notice=_told_by_list(paid), by=system("reconciliation"))
    both = listed.keys() & ours.keys()
    different = [paid_id for paid_id in both if ours[paid_id].amount != listed[paid_id].amount]
    return Reconciliation(
        day=day,
        matched=len(both) - len(different),
        missing=tuple(sorted(paid.payment_id for paid in missing)),
        different=tuple(sorted(different)),
        extra=tuple(sorted(ours.keys() - listed.keys())),
    )


def _rows(day: date, biller: str, listed: dict[str, BankPayment]) -> list[PaymentNotice]:
    start = clock.start_of_day(day)
    same_day = PaymentNotice.objects.filter(
        biller=biller, paid_at__gte=start, paid_at__lt=start + timedelta(days=1)
    )
    return list(same_day | PaymentNotice.objects.filter(payment_id__in=list(listed)))


def _told_by_list(paid: BankPayment) -> Notice:
    return Notice(
        notice_id=f"list:{paid.payment_id}",
        payment_id=paid.payment_id,
        biller=paid.biller,
        bill_number=paid.bill_number,
        amount=paid.amount,
        paid_at=paid.paid_at,
    )
