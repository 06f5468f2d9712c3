"""Issued documents, their gap-free numbers, and what allows the signer to sign."""

from django.db import models
from django.db.models import Q


class DocumentSeries(models.Model):
    """The counter of one gap-free series; locked by the last statement of the issuing transaction."""

    municipality = models.ForeignKey("people.Municipality", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(help_text="Two digits, Gregorian")
    kind = models.CharField(max_length=20, help_text="`document` or `receipt`")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "year", "kind"], name="document_series_once")]


class SigningMandate(models.Model):
    """What an approver authorised with a fresh step-up: one document of one case, with exactly these contents."""

    case_id = models.BigIntegerField()
    template = models.CharField(max_length=60)
    position_code = models.CharField(max_length=40, blank=True, help_text="Empty = standing authority, sealed only")
    standing_authority = models.CharField(max_length=80, blank=True)
    account_id = models.BigIntegerField(null=True)
    step_up_id = models.BigIntegerField(null=True)
    approver_ar = models.CharField(max_length=200, blank=True)
    approver_en = models.CharField(max_length=200, blank=True)
    title_ar = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    wording = models.CharField(max_length=12, blank=True, help_text="holder, acting, powers or absence")
    data_digest = models.CharField(max_length=64, help_text="sha256 of the canonical JSON that was approved")
    approved_at = models.DateTimeField(help_text="Real time")
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_by_document = models.BigIntegerField(null=True, blank=True, unique=True)

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="signing_mandate_case")]


class IssuedDocument(models.Model):
    """A document the amanah answers for: number, contents as data, the sealed file, its standing today."""

    class State(models.TextChoices):
        PENDING = "pending", "numbered, not yet sealed"
        ISSUED = "issued", "sealed"
        VOID = "void", "number voided"

    number = models.CharField(max_length=12, unique=True)
    municipality = models.ForeignKey("people.Municipality", on_delete=models.PROTECT, related_name="+")
    case_id = models.BigIntegerField()
    template = models.CharField(max_length=60)
    title_ar = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    data = models.JSONField(help_text="What is printed")
    mandate = models.ForeignKey(SigningMandate, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    rendered_sha256 = models.CharField(max_length=64, blank=True)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    verify_token = models.CharField(max_length=24, unique=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_why = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True, blank=True, help_text="Real time of the seal")

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="issued_document_case"),
            models.Index(fields=["created_at"], condition=Q(state="pending"), name="issued_document_pending"),
        ]
