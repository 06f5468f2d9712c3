"""A visit at the counter."""

from django.db import models


class Slip(models.Model):
    """A visitor at a window: who it is, how the visitor agreed, and the draft that is filled in. `id` is random.

    It lives as long as the visit and a day more: what lasts is the case.
    """

    class Consent(models.TextChoices):
        CODE = "code", "code read from the visitor's phone"
        PAPER = "paper", "signed paper"

    id = models.CharField(max_length=24, primary_key=True)
    position = models.ForeignKey("people.Position", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        "people.Account",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The visitor's own account, if there is one",
    )
    national_id = models.CharField(max_length=10)
    birth_date = models.DateField(null=True, blank=True)
    name_ar = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    confirmed = models.BooleanField(default=False, help_text="The name comes from the people register")
    mobile = models.CharField(max_length=16)
    consent = models.CharField(max_length=5, choices=Consent.choices, blank=True)
    consent_at = models.DateTimeField(null=True, blank=True)
    draft_id = models.CharField(max_length=24, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["position", "opened_at"],
                condition=models.Q(closed_at__isnull=True),
                name="counter_slip_open",
            )
        ]
