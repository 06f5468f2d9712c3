"""Reads: a case's bill and receipt, how a bill stands in words for its payer, and what waits for finance."""

from enum import StrEnum

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import JSONField, Q, QuerySet, Value
from django.db.models.functions import JSONObject

from diwan.kit import clock
from diwan.payments.errors import NotAllowed
from diwan.payments.models import Bill, PaymentNotice, Receipt
from diwan.people.actor import Actor
from diwan.people.registry import READ_PAYMENTS, SETTLE_PAYMENTS


class Standing(StrEnum):
    """How a bill stands for the person who has to pay it."""

    PREPARING = "preparing"  # just issued, the payment system is being told
    GATEWAY_DOWN = "gateway_down"  # the payment system does not answer; the number stays
    PAYABLE = "payable"
    ENDING = "ending"  # the time is over; a payment made before may still be told
    PAID = "paid"
    EXPIRED = "expired"
    VOID = "void"
    UNDER_REVIEW = "under_review"  # money came that finance decides about


def standing(bill: Bill) -> Standing:
    """The standing of a bill now. One statement for an unpaid one, none for a paid one."""
    if bill.state == Bill.State.PAID:
        return Standing.PAID
    if unsettled().filter(bill=bill).exists():
        return Standing.UNDER_REVIEW
    if bill.state != Bill.State.OPEN:
        return Standing.EXPIRED if bill.state == Bill.State.EXPIRED else Standing.VOID
    if bill.expires_at < clock.now():
        return Standing.ENDING
    if bill.presented_at is not None:
        return Standing.PAYABLE
    return Standing.GATEWAY_DOWN if bill.tries else Standing.PREPARING


def open_bill(case_id: int) -> Bill | None:
    """The bill that the case waits for."""
    return Bill.objects.filter(case_id=case_id, state=Bill.State.OPEN).first()


def latest_bill(case_id: int) -> Bill | None:
    """The newest bill of the case with its lines, whatever its state."""
    return Bill.objects.filter(case_id=case_id).prefetch_related("lines").order_by("-pk").first()


def bills_of(case_id: int) -> QuerySet[Bill]:
    """Every bill of the case, newest first, with lines."""
    return Bill.objects.filter(case_id=case_id).prefetch_related("lines").order_by("-pk")


def explained_bills(case_id: int) -> QuerySet[Bill]:
    """Every bill of the case, newest first, in one statement: `told` holds {ar, en, amount, vat, why} of each line."""
    line = JSONObject(
        ar="lines__text_ar", en="lines__text_en", amount="lines__amount", vat="lines__vat", why="lines__why"
    )
    told = JSONBAgg(
        line, order_by="lines__position", filter=Q(lines__isnull=False), default=Value([], JSONField())
    )
    return Bill.objects.filter(case_id=case_id).annotate(told=told).order_by("-pk")


def bill_by_number(number: str) -> Bill | None:
    """The bill with this 13-digit number."""
    return Bill.objects.filter(number=number).first()


def receipt_of(case_id: int) -> Receipt | None:
    """The newest receipt of the case, with its bill and lines."""
    return (
        Receipt.objects.filter(bill__case_id=case_id)
        .select_related("bill__municipality", "notice")
        .prefetch_related("bill__lines")
        .order_by("-pk")
        .first()
    )


def unsettled() -> QuerySet[PaymentNotice]:
    """Notices that wait for a decision, oldest first."""
    return (
        PaymentNotice.objects.filter(settled_at__isnull=True)
        .exclude(outcome=PaymentNotice.Outcome.ACCEPTED)
        .select_related("bill__municipality")
        .order_by("received_at", "pk")
    )


def unsettled_for(by: Actor) -> QuerySet[PaymentNotice]:
    """The queue of finance within the scope of the post: duplicates, wrong amounts, late and unknown payments."""
    if not (by.can(SETTLE_PAYMENTS) or by.can(READ_PAYMENTS)):
        raise NotAllowed
    if by.municipality_ids is None:
        return unsettled()
    return unsettled().filter(bill__municipality_id__in=sorted(by.municipality_ids))


def notices_of(case_id: int) -> QuerySet[PaymentNotice]:
    """Every notice about the case's bills, newest first."""
    return PaymentNotice.objects.filter(bill__case_id=case_id).select_related("bill").order_by("-received_at")
