"""Events that upward layers hear about: rows written with the change, delivered at least once by a job."""

from django.db import models

from diwan.outbox.columns import current_transaction


class Event(models.Model):
    """`cases.case.opened` and the like: name, version, ids and codes only."""

    id = models.BigAutoField(primary_key=True)
    xid = models.BigIntegerField(
        db_default=current_transaction(), help_text="The writing transaction"
    )
    at = models.DateTimeField()
    name = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    subject = models.CharField(max_length=80)
    data = models.JSONField(default=dict)

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
        constraints = [
            models.UniqueConstraint(
                fields=["event_id", "handler"], name="outbox_handled_once"
            )
        ]
