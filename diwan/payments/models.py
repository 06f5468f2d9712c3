"""Bills, what the payer's bank told us, and receipts. Money is integer halalas."""

from django.db import models
from django.db.models import F, Q

from diwan.kit import tracing


class Bill(models.Model):
    """A bill (فاتورة سداد) with its lines; the billed price stands whatever the price table says later."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        PAID = "paid", "paid"
        EXPIRED = "expired", "expired"
        VOID = "void", "void"

    number = models.CharField(max_length=13, unique=True)
    biller = models.CharField(max_length=3)
    case_id = models.BigIntegerField()
    task_token = models.IntegerField(help_text="The flow token that waits for the payment")
    municipality = models.ForeignKey("people.Municipality", on_delete=models.PROTECT, related_name="+")
    payer_ar = models.CharField(max_length=200)
    payer_en = models.CharField(max_length=200)
    total = models.BigIntegerField()
    vat = models.BigIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    price_date = models.DateField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    presented_at = models.DateTimeField(null=True, blank=True, help_text="When the gateway accepted it")
    gateway_reference = models.CharField(max_length=80, blank=True)
    try_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Real time of the next call to the gateway; null = nothing to tell it",
    )
    tries = models.PositiveSmallIntegerField(default=0, help_text="Failed calls since the last success")
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="When the gateway took it back")
    request_id = models.CharField(
        max_length=64,
        default=tracing.request_id,
        db_default="",
        blank=True,
        help_text="The request that caused it",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(total__gte=0) & Q(vat__gte=0) & Q(vat__lte=F("total")), name="bill_money"
            ),
            models.UniqueConstraint(
                fields=["case_id"], condition=Q(state="open"), name="bill_one_open_a_case"
            ),
        ]
        indexes = [
            models.Index(fields=["case_id"], name="bill_case"),
            models.Index(fields=["try_at"], condition=Q(try_at__isnull=False), name="bill_to_tell"),
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="bill_to_expire"),
        ]


class BillLine(models.Model):
    """One line with everything that explains it."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    text_ar = models.CharField(max_length=200)
    text_en = models.CharField(max_length=200)
    amount = models.BigIntegerField(help_text="Halalas before VAT, rounded half-up once")
    vat_class = models.CharField(max_length=12)
    vat = models.BigIntegerField(default=0)
    why = models.JSONField(help_text="base, rate, quantity, years, rule, version")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bill", "position"], name="bill_line_position")]


class PaymentNotice(models.Model):
    """A notice of the gateway, kept whatever came of it."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "accepted"
        DUPLICATE = "duplicate", "paid again: to finance"
        WRONG_AMOUNT = "wrong_amount", "amount differs: to finance"
        LATE = "late", "after expiry: to finance"
        VOID_BILL = "void_bill", "bill was void: to finance"
        UNKNOWN_BILL = "unknown_bill", "no such bill"

    class Settlement(models.TextChoices):
        ACCEPTED = "accepted", "accepted although late"
        REFUNDED = "refunded", "returned to the payer"
        NOTHING = "nothing", "nothing to do"

    notice_id = models.CharField(max_length=80, unique=True)
    payment_id = models.CharField(
        max_length=80, unique=True, help_text="The payment at the bank; one payment may be told of twice"
    )
    biller = models.CharField(max_length=3)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    bill_number = models.CharField(max_length=20)
    amount = models.BigIntegerField()
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    paid_at = models.DateTimeField()
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When finance dealt with it")
    settled_by = models.BigIntegerField(null=True, blank=True)
    settlement = models.CharField(max_length=10, choices=Settlement.choices, blank=True)
    settlement_note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["received_at"],
                condition=Q(settled_at__isnull=True) & ~Q(outcome="accepted"),
                name="payment_notice_unsettled",
            )
        ]


class Receipt(models.Model):
    """A receipt (سند قبض) with a gap-free number."""

    number = models.CharField(max_length=16, unique=True)
    bill = models.OneToOneField(Bill, on_delete=models.PROTECT, related_name="receipt")
    notice = models.OneToOneField(PaymentNotice, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    issued_at = models.DateTimeField()


class ReceiptSeries(models.Model):
    """The counter of the receipts of one municipality and year; locked by the last statement of the transaction."""

    municipality = models.ForeignKey("people.Municipality", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(help_text="Two digits, Gregorian")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "year"], name="receipt_series_once")]
