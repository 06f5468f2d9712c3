"""Events that upward layers hear about: rows written with the change, delivered at least once by a job."""

from django.db import models

from diwan.kit import tracing
from diwan.outbox.columns import current_transaction


class Event(models.Model):
    """`cases.case.opened` and the like: name, version, ids and codes only."""

    id = models.BigAutoField(primary_key=True)
    xid = models.BigIntegerField(db_default=current_transaction(), help_text="The writing transaction")
    at = models.DateTimeField()
    name = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    subject = models.CharField(max_length=80)
    data = models.JSONField(default=dict)
    request_id = models.CharField(
        max_length=64,
        default=tracing.request_id,
        db_default="",
        blank=True,
        help_text="The request that caused it",
    )

    class Meta:
        db_table = "outbox_event"
        indexes = [models.Index(fields=["xid", "id"], name="outbox_event_order")]


class Cursor(models.Model):
    """How far one handler has read: everything below this transaction was delivered."""

    handler = models.CharField(max_length=80, primary_key=True)
    xid = models.BigIntegerField(default=0)

    class Meta:
        db_table = "outbox_cursor"


class Handled(models.Model):
    """That one handler has done one event (written in the handler's own transaction)."""

    event_id = models.BigIntegerField()
    handler = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        db_table = "outbox_handled"
        constraints = [models.UniqueConstraint(fields=["event_id", "handler"], name="outbox_handled_once")]


class Failure(models.Model):
    """That one handler failed at one event: when it is tried next, or that it was given up (a dead letter)."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="failures")
    handler = models.CharField(max_length=80)
    attempts = models.PositiveSmallIntegerField(default=1)
    next_at = models.DateTimeField(help_text="Real time")
    error = models.CharField(max_length=200, help_text="Class and code of the error, no values")
    first_at = models.DateTimeField(help_text="Real time")
    dead_at = models.DateTimeField(
        null=True, blank=True, help_text="Real time; set = not tried by itself again"
    )

    class Meta:
        db_table = "outbox_failure"
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="outbox_failure_once")]
        indexes = [
            models.Index(
                fields=["next_at"], condition=models.Q(dead_at__isnull=True), name="outbox_failure_due"
            )
        ]
