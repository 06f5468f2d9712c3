"""Bills, what the payer's bank told us, and receipts. Money is integer halalas."""

from django.db import models
from django.db.models import F, Q


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

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total__gte=0) & Q(vat__gte=0) & Q(vat__lte=F("total")), name="bill_money"),
            models.UniqueConstraint(fields=["case_id"], condition=Q(state="open"), name="bill_one_open_a_case"),
        ]
        indexes = [models.Index(fields=["case_id"], name="bill_case")]


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
        UNKNOWN_BILL = "unknown_bill", "no such bill"

    notice_id = models.CharField(max_length=80, unique=True)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    bill_number = models.CharField(max_length=20)
    amount = models.BigIntegerField()
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    paid_at = models.DateTimeField()
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When finance dealt with it")
    settled_by = models.BigIntegerField(null=True, blank=True)
    settlement = models.CharField(max_length=300, blank=True)


class Receipt(models.Model):
    """A receipt (سند قبض) with a gap-free number."""

    number = models.CharField(max_length=12, unique=True)
    bill = models.OneToOneField(Bill, on_delete=models.PROTECT, related_name="receipt")
    notice = models.OneToOneField(PaymentNotice, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    issued_at = models.DateTimeField()
