"""The append-only log. No foreign keys: actor, capacity and object are values, so that nothing here hinders erasure."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from diwan.outbox.columns import current_transaction


class AuditRow(models.Model):
    """One write: who, in what capacity, what, on which object, which fields; never a personal value.

    Partitioned by month of `recorded_at` (real time). `xid` is the writing transaction: the sealer advances by it,
    never by id, so a row that commits late is not skipped.
    """

    id = models.BigAutoField(primary_key=True)
    xid = models.BigIntegerField(db_default=current_transaction(), help_text="The writing transaction")
    recorded_at = models.DateTimeField(db_default=Now(), help_text="Real time")
    at = models.DateTimeField(help_text="Product time (kit.clock)")
    actor = models.CharField(max_length=80)
    capacity = models.CharField(max_length=80)
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=80)
    municipality_id = models.IntegerField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    fields = ArrayField(models.CharField(max_length=80), default=list)
    digest = models.CharField(max_length=64, blank=True, help_text="Keyed digest of the written values")

    class Meta:
        db_table = "audit_row"
        indexes = [
            models.Index(fields=["xid", "id"], name="audit_row_order"),
            models.Index(fields=["object_type", "object_id"], name="audit_row_object"),
        ]


class Seal(models.Model):
    """A link of the chain over the committed audit rows of one span of transactions."""

    seq = models.BigIntegerField(primary_key=True)
    xid_from = models.BigIntegerField(help_text="First transaction of the span, inclusive")
    xid_to = models.BigIntegerField(help_text="Last transaction of the span, exclusive")
    rows = models.IntegerField()
    previous = models.CharField(max_length=64)
    head = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(help_text="Real time")

    class Meta:
        db_table = "audit_seal"


class AccessRow(models.Model):
    """A read of another person's personal data (written in batches), partitioned by month of `at`."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(help_text="Real time")
    actor = models.CharField(max_length=80)
    capacity = models.CharField(max_length=80)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=80)
    purpose = models.CharField(max_length=80)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "access_log"
        indexes = [models.Index(fields=["object_type", "object_id"], name="access_log_object")]
