"""Issued documents, their gap-free numbers, and what allows the signer to sign."""

from datetime import datetime

from django.db import models
from django.db.models import Q


class DocumentSeries(models.Model):
    """The counter of one gap-free series; locked by the last statement of the issuing transaction."""

    municipality = models.ForeignKey("people.Municipality", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(help_text="Two digits, Gregorian")
    kind = models.CharField(max_length=20, help_text="`document` or `receipt`")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "year", "kind"], name="document_series_once")
        ]


class StandingAuthority(models.Model):
    """A decision that lets documents of one template be sealed without a person (instant licences)."""

    code = models.CharField(max_length=80, unique=True)
    template = models.CharField(max_length=60)
    municipality = models.ForeignKey(
        "people.Municipality",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty = all",
    )
    decision_number = models.CharField(max_length=60)
    statement_ar = models.CharField(max_length=300, help_text="Printed in place of an approver")
    statement_en = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)


class SigningMandate(models.Model):
    """What an approver authorised with a fresh step-up: one document of one case, with exactly these contents."""

    case_id = models.BigIntegerField()
    template = models.CharField(max_length=60)
    position_code = models.CharField(
        max_length=40, blank=True, help_text="Empty = standing authority, sealed only"
    )
    standing_authority = models.CharField(max_length=80, blank=True)
    account_id = models.BigIntegerField(null=True)
    step_up_id = models.BigIntegerField(null=True)
    approver_ar = models.CharField(max_length=200, blank=True)
    approver_en = models.CharField(max_length=200, blank=True)
    title_ar = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    wording = models.CharField(max_length=12, blank=True, help_text="holder, acting, powers or absence")
    on_behalf_code = models.CharField(
        max_length=40, blank=True, help_text="Post whose powers were lent, if they were"
    )
    on_behalf_ar = models.CharField(max_length=400, blank=True)
    on_behalf_en = models.CharField(max_length=400, blank=True)
    data_digest = models.CharField(max_length=64, help_text="sha256 of the canonical JSON that was approved")
    approved_at = models.DateTimeField(help_text="Real time")
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_by_document = models.BigIntegerField(null=True, blank=True, unique=True)

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="signing_mandate_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(position_code="", account_id__isnull=True, step_up_id__isnull=True)
                & ~Q(standing_authority="")
                | ~Q(position_code="")
                & Q(standing_authority="", account_id__isnull=False, step_up_id__isnull=False),
                name="signing_mandate_person_or_standing",
            )
        ]


class IssuedDocument(models.Model):
    """A document the amanah answers for: number, contents as data, the sealed file, its standing today."""

    class State(models.TextChoices):
        PENDING = "pending", "numbered, not yet sealed"
        ISSUED = "issued", "sealed"
        VOID = "void", "number voided"

    number = models.CharField(
        max_length=12,
        unique=True,
        null=True,
        blank=True,
        help_text="Given by the last statement of the issuing transaction",
    )
    municipality = models.ForeignKey("people.Municipality", on_delete=models.PROTECT, related_name="+")
    case_id = models.BigIntegerField()
    template = models.CharField(max_length=60)
    title_ar = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    data = models.JSONField(help_text="What is printed")
    mandate = models.ForeignKey(SigningMandate, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    rendered_sha256 = models.CharField(max_length=64, blank=True)
    file = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verify_token = models.CharField(max_length=24, unique=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_why = models.CharField(max_length=200, blank=True)
    reinstated_at = models.DateTimeField(
        null=True, blank=True, help_text="Set while its revocation is stayed, or since it was taken back"
    )
    suspended_at = models.DateTimeField(
        null=True, blank=True, help_text="Set while the licence that it proves is suspended"
    )
    created_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True, blank=True, help_text="Real time of the seal")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(file__isnull=False, issued_at__isnull=False),
                name="issued_document_sealed",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="issued_document_validity",
            ),
        ]
        indexes = [
            models.Index(fields=["case_id"], name="issued_document_case"),
            models.Index(fields=["created_at"], condition=Q(state="pending"), name="issued_document_pending"),
        ]

    @property
    def revoked_since(self) -> datetime | None:
        """Since when it is revoked; None while it counts, also after a revocation that was stayed or taken back."""
        return None if self.reinstated_at is not None else self.revoked_at


class Certificate(models.Model):
    """A certificate that the signer obtained for a post or for the organisation's seal. Its key is not here."""

    position_code = models.CharField(max_length=40, blank=True, help_text="Empty = the organisation's seal")
    serial = models.CharField(max_length=50, unique=True, help_text="Decimal")
    subject_ar = models.CharField(max_length=200)
    subject_en = models.CharField(max_length=200)
    pem = models.TextField(help_text="The certificate, then the chain above it")
    authority_url = models.CharField(max_length=200, help_text="The authority that issued it")
    issued_at = models.DateTimeField(help_text="Real time")
    not_after = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_why = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["position_code", "-issued_at"], name="certificate_latest")]
