"""Where cases stand: ordinary rows, never a serialised blob."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from diwan.kit import tracing

_QUEUED = ("kind", "service", "step", "returned", "assignee", "role")


class OpenTask(models.Model):
    """A token of the flow waiting at a step, for a person, an outside body, a payment, a clock or the machine.

    Small and unpartitioned: it holds only what is open. What lists need is here, so that a queue is one index range.
    """

    class Kind(models.TextChoices):
        TASK = "task", "task of a post"
        VISIT = "visit", "visit"
        APPLICANT = "applicant", "asked of the applicant"
        CHOICE = "choice", "choice of the applicant"
        OUTSIDE = "outside", "outside entity"
        AUTOMATIC = "automatic", "automatic act"
        PAYMENT = "payment", "payment"
        DOCUMENT = "document", "document to be sealed"
        PARTY = "party", "asked of another party"
        VOTE = "vote", "vote of a committee"
        CHAIN = "chain", "signature of a chain"
        CHILD = "child", "case of its own"
        WAIT = "wait", "message or date"

    case = models.ForeignKey(
        "cases.Case",
        on_delete=models.PROTECT,
        related_name="open_tasks",
        db_index=False,
    )
    token = models.IntegerField(help_text="Token number within the case")
    step = models.CharField(max_length=60)
    frames = ArrayField(
        models.IntegerField(), default=list, help_text="Numbers of the open splits it is inside"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    data = models.JSONField(default=dict, help_text="The token's own data, as the flow gave it")
    service = models.CharField(max_length=80)
    municipality = models.ForeignKey(
        "people.Municipality",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    unit = models.ForeignKey(
        "people.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    role = models.CharField(max_length=40, blank=True)
    entity = models.ForeignKey(
        "people.OutsideEntity",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    assignee = models.ForeignKey(
        "people.Position",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    returned = models.BooleanField(default=False, help_text="Came back from the applicant")
    entered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    paused = models.JSONField(
        null=True,
        blank=True,
        help_text="What was left of the deadline when the clock stopped",
    )
    clock_from = models.JSONField(
        null=True,
        blank=True,
        help_text="Empty map: the deadline stands and is not counted anew (`cases.clockwork`)",
    )
    level = models.PositiveSmallIntegerField(default=0, help_text="Last escalation level done")
    next_level_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, help_text="Attempts of an automatic act")
    try_at = models.DateTimeField(null=True, blank=True)
    request_id = models.CharField(
        max_length=64,
        default=tracing.request_id,
        db_default="",
        blank=True,
        help_text="The request that opened it",
    )

    class Meta:
        db_table = "open_task"
        constraints = [models.UniqueConstraint(fields=["case", "token"], name="open_task_token")]
        indexes = [
            # A queue counts and offers its filters from the index alone: the columns of `queries.queue_counts`.
            models.Index(fields=["unit", "due_at", "id"], include=_QUEUED, name="open_task_unit_due"),
            models.Index(
                fields=["unit", "role", "due_at", "id"], include=_QUEUED, name="open_task_unit_role"
            ),
            models.Index(fields=["assignee", "due_at", "id"], include=_QUEUED, name="open_task_assignee_due"),
            models.Index(
                fields=["entity", "due_at", "id"],
                condition=Q(entity__isnull=False),
                name="open_task_entity",
            ),
            models.Index(fields=["municipality", "due_at", "id"], name="open_task_municipality"),
            models.Index(
                fields=["next_level_at"],
                condition=Q(next_level_at__isnull=False),
                name="open_task_next_level",
            ),
            models.Index(
                fields=["try_at"],
                condition=Q(kind__in=["automatic", "document"]),
                name="open_task_machine",
            ),
        ]


class JoinCounter(models.Model):
    """An open split: how many branches its join expects and has seen."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="joins", db_index=False)
    number = models.IntegerField(help_text="Number within the case; stands in the frames of the tokens")
    split = models.CharField(max_length=60)
    expected = models.PositiveSmallIntegerField()
    arrived = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "join_counter"
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="join_counter_once")]
