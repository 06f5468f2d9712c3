"""The case itself."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Case(models.Model):
    """A case of a published service. Partitioned by year through `id` = yy x 10^8 + serial (see kit.numbers).

    `data` is the form as submitted, `applicant` a snapshot of the person and establishment at that time. `state`
    is a code of the shared list (domain section 2), `stage` the step whose public words the citizen reads, `holder`
    who has it now: `us`, `applicant`, `payer`, `entity:<code>` or `none`.
    """

    id = models.BigIntegerField(primary_key=True)
    version = models.ForeignKey(
        "catalogue.ServiceVersion",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    service = models.CharField(max_length=80, help_text="Slug, for lists and filters")
    municipality = models.ForeignKey(
        "people.Municipality",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    district = models.ForeignKey(
        "places.District",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(
        "people.Account",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    establishment = models.ForeignKey(
        "people.Establishment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    filed_by = models.ForeignKey(
        "people.Position", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        help_text="Post of the clerk who filed it on somebody's behalf",
    )  # fmt: skip
    filed_by_account = models.BigIntegerField(null=True, blank=True)
    client_id = models.BigIntegerField(
        null=True, blank=True, help_text="The partner whose system opened it (people.actor)"
    )
    channel = models.CharField(max_length=12)
    applicant = models.JSONField(default=dict)
    data = models.JSONField(default=dict)
    facts = models.JSONField(
        default=dict,
        help_text="What checks and decisions established; read by the workflow",
    )
    state = models.CharField(max_length=16)
    stage = models.CharField(max_length=60)
    ended_at_step = models.CharField(max_length=60, blank=True)
    holder = models.CharField(max_length=60)
    revision = models.IntegerField(default=1)
    round = models.PositiveSmallIntegerField(default=1, help_text="1, and one more for each resubmission")
    highlights = ArrayField(
        models.CharField(max_length=80),
        default=list,
        help_text="Fields changed since the return",
    )
    next_token = models.IntegerField(default=1, help_text="Next token number of the flow")
    returns = models.PositiveSmallIntegerField(
        default=0, help_text="How often it was returned to the applicant"
    )
    secret_generation = models.PositiveSmallIntegerField(
        default=0,
        help_text="Counts the secrets given out; the secret is an HMAC of number and generation (cases.secrets)",
    )
    language = models.CharField(max_length=2, default="ar")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    clock_remaining = models.JSONField(null=True, blank=True, help_text="Set while the clock stands still")
    clock_from = models.JSONField(
        null=True, blank=True,
        help_text="From when `due_at` counts and how much ({at, unit, amount}), once the clock has stood still;"
        " else the whole deadline from `opened_at`",
    )  # fmt: skip
    late_level = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Rungs done of the whole's ladder of lateness"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    spent = models.JSONField(
        null=True, blank=True,
        help_text="Who had it for how long, written down when it ends (`cases.accounting`); later changes of a"
        " calendar leave it",
    )  # fmt: skip

    class Meta:
        db_table = "case"
        indexes = [
            models.Index(fields=["account", "-id"], name="case_account"),
            models.Index(fields=["establishment", "-id"], name="case_establishment"),
            models.Index(fields=["municipality", "-id"], name="case_municipality"),
            models.Index(fields=["unit", "-id"], name="case_unit"),
            models.Index(
                fields=["filed_by", "-id"], condition=Q(filed_by__isnull=False), name="case_filed_by"
            ),
            models.Index(
                fields=["client_id", "-id"], condition=Q(client_id__isnull=False), name="case_client"
            ),
            models.Index(
                fields=["account", "state", "-id"],
                condition=Q(closed_at__isnull=True),
                name="case_account_open",
            ),
            models.Index(
                fields=["establishment", "state", "-id"],
                condition=Q(closed_at__isnull=True),
                name="case_establishment_open",
            ),
            models.Index(
                fields=["id"],
                condition=Q(closed_at__isnull=False, spent__isnull=True),
                name="case_spent_missing",
            ),
        ]


class IdempotencyKey(models.Model):
    """The answer given to a key of one actor or client; kept 7 days. Same key with another body is refused."""

    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    case_id = models.BigIntegerField()
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        db_table = "idempotency_key"
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_once")]
