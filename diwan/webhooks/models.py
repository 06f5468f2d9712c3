"""Subscriptions of partners to events, and what was sent to them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from diwan.outbox.columns import current_transaction


class Subscription(models.Model):
    """A partner's receiver: which events of which services and municipalities go to which address.

    Nothing is covered that was not chosen. The signing secret is not stored but derived from `key` and its `secret`
    number (webhooks.signing); after a rotation the one before signs as well until `overlap_until`.
    """

    class Why(models.TextChoices):
        PERSON = "person", "somebody paused it"
        GONE = "gone", "the receiver said that it is gone for good (410)"

    name = models.CharField(max_length=120)
    url = models.CharField(max_length=500)
    events = ArrayField(models.CharField(max_length=80), default=list)
    all_services = models.BooleanField(default=False)
    services = ArrayField(models.CharField(max_length=80), default=list, blank=True, help_text="Slugs")
    all_municipalities = models.BooleanField(default=False)
    municipalities = ArrayField(models.CharField(max_length=3), default=list, blank=True, help_text="Codes")
    key = models.CharField(max_length=22, unique=True)
    secret = models.PositiveIntegerField(default=1, help_text="Number of the secret in force")
    overlap_until = models.DateTimeField(
        null=True, blank=True, help_text="The secret before signs until then"
    )
    xid = models.BigIntegerField(db_default=current_transaction(), help_text="Only later events go out")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_why = models.CharField(max_length=10, choices=Why.choices, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(
        null=True, blank=True, help_text="Until when the receiver asked to be left alone"
    )

    class Meta:
        db_table = "webhook_subscription"

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One event on its way to one subscription. `subject` orders: of one subject one at a time, the oldest first."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        DELIVERED = "delivered", "delivered"
        DEAD = "dead", "given up"

    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="deliveries", db_index=False
    )
    event_id = models.BigIntegerField()
    name = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=80)
    data = models.JSONField(default=dict)
    service = models.CharField(max_length=80, blank=True)
    municipality = models.CharField(max_length=3, blank=True)
    at = models.DateTimeField(help_text="When the event happened")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(help_text="Real time; of a claimed row the end of its lease")
    made_at = models.DateTimeField(help_text="Real time")
    tried_at = models.DateTimeField(
        null=True, blank=True, help_text="Real time of the last answer or failure"
    )
    done_at = models.DateTimeField(null=True, blank=True, help_text="Real time it was delivered or given up")
    status = models.PositiveSmallIntegerField(default=0, help_text="The last HTTP status; 0: no answer")
    error = models.CharField(max_length=40, blank=True, help_text="Code of the last failure")
    took_ms = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "webhook_delivery"
        constraints = [
            models.UniqueConstraint(fields=["subscription", "event_id"], name="webhook_delivery_once")
        ]
        indexes = [
            models.Index(
                fields=["subscription", "next_at", "id"],
                condition=Q(state="waiting"),
                name="webhook_delivery_due",
            ),
            models.Index(
                fields=["subscription", "subject", "event_id"],
                condition=Q(state="waiting"),
                name="webhook_delivery_order",
            ),
            models.Index(fields=["subscription", "state", "-id"], name="webhook_delivery_listed"),
            models.Index(fields=["done_at"], condition=~Q(state="waiting"), name="webhook_delivery_done"),
        ]
