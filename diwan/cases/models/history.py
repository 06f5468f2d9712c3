"""What happened: append-only, partitioned with the case."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from diwan.outbox.columns import current_transaction


class History(models.Model):
    """One act on a case: who, in what capacity, when, what, and why for automatic acts.

    The application role can insert and read, never change or delete. `why` holds rule, version, inputs and result.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="history", db_index=False)
    xid = models.BigIntegerField(db_default=current_transaction())
    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    position_id = models.BigIntegerField(null=True)
    capacity = models.CharField(max_length=80)
    actor_ar = models.CharField(max_length=200)
    actor_en = models.CharField(max_length=200)
    title_ar = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    act = models.CharField(max_length=40)
    step = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    changes = models.JSONField(default=dict, help_text="Field -> [before, after]")
    why = models.JSONField(null=True)
    state = models.CharField(max_length=16, help_text="State after the act")
    stage = models.CharField(max_length=60, help_text="Stage after the act")
    holder = models.CharField(
        max_length=60,
        help_text="Who has it after the act: the account of days is read from here",
    )
    public = models.BooleanField(default=True, help_text="Shown to the applicant")

    class Meta:
        db_table = "history"
        indexes = [models.Index(fields=["xid"], name="history_xid")]


class DoneTask(models.Model):
    """A task that was finished, with who did it and how long it waited; partitioned with the case."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(
        "cases.Case",
        on_delete=models.PROTECT,
        related_name="done_tasks",
        db_index=False,
    )
    token = models.IntegerField()
    step = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    outcome = models.CharField(max_length=60)
    data = models.JSONField(
        default=dict,
        help_text="Checklist answers of a visit, inputs of an automatic act",
    )
    municipality_id = models.BigIntegerField()
    unit_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=40, blank=True)
    entity_id = models.BigIntegerField(null=True)
    position_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    entered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField()

    class Meta:
        db_table = "done_task"
