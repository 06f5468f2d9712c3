"""Messages to people: rows committed with the step that caused them, sent by a job."""

from django.db import models
from django.db.models import Q

from diwan.kit import tracing


class Message(models.Model):
    """One message on one channel. Partitioned by month of `created_at`; `id` names it to the provider, once."""

    class State(models.TextChoices):
        QUEUED = "queued", "queued"
        SENDING = "sending", "sending"
        SENT = "sent", "sent"
        DELIVERED = "delivered", "delivered"
        FAILED = "failed", "failed for good"
        UNCERTAIN = "uncertain", "handed over, outcome unknown"

    id = models.BigAutoField(primary_key=True)
    created_at = models.DateTimeField()
    municipality_id = models.BigIntegerField(
        help_text="0: the organisation itself, such as codes for signing in"
    )
    case_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=8, help_text="sms, email, app (our own pages)")
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=2)
    template = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True, help_text="As sent, without codes, secrets and links")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    not_before = models.DateTimeField(
        help_text="When it may go; while a process holds it, when that hold ends"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    provider_reference = models.CharField(max_length=80, blank=True)
    error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    receipt_at = models.DateTimeField(null=True, blank=True)
    request_id = models.CharField(
        max_length=64,
        default=tracing.request_id,
        db_default="",
        blank=True,
        help_text="The request that caused it",
    )

    class Meta:
        db_table = "message"
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state="queued"), name="message_queued"),
            models.Index(fields=["case_id"], name="message_case"),
            models.Index(
                fields=["state", "channel"],
                condition=Q(state__in=["sending", "uncertain", "failed"]),
                name="message_unsettled",
            ),
            models.Index(
                fields=["account_id", "created_at"], condition=Q(channel="app"), name="message_inbox"
            ),
        ]
