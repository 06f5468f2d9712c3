"""The record of cases that were moved to another version of their service: who, when, how, and what became of each."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class VersionMove(models.Model):
    """One moving of cases from a version to another. The actor is kept as the history keeps it, since whoever asked for
    it is the author of each case's move, whichever process carries it out."""

    service = models.CharField(max_length=80, help_text="Slug, for lists")
    from_version = models.ForeignKey("catalogue.ServiceVersion", on_delete=models.PROTECT, related_name="+")
    to_version = models.ForeignKey("catalogue.ServiceVersion", on_delete=models.PROTECT, related_name="+")
    steps = models.JSONField(
        default=dict, help_text="Old step -> the one meant in the new version, where names differ"
    )
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    position_id = models.BigIntegerField(null=True)
    capacity = models.CharField(max_length=80)
    actor_ar = models.CharField(max_length=200)
    actor_en = models.CharField(max_length=200)
    title_ar = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    on_behalf_of = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "version_move"
        indexes = [models.Index(fields=["service", "-id"], name="version_move_service")]


class MovedCase(models.Model):
    """One case of a moving. What waits to be done waits as a row, so a process that dies leaves nothing half done."""

    class State(models.TextChoices):
        WAITING = "waiting", "to be moved"
        MOVED = "moved", "moved"
        STAYED = "stayed", "stayed on its version"
        RETURNING = "returning", "to be taken back"
        RETURNED = "returned", "taken back"

    move = models.ForeignKey(VersionMove, on_delete=models.PROTECT, related_name="cases")
    case_id = models.BigIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    hindrances = models.JSONField(default=list, help_text="Why it stayed, or why it was not taken back")
    steps_before = ArrayField(models.CharField(max_length=60), default=list)
    steps_after = ArrayField(models.CharField(max_length=60), default=list)
    revision = models.IntegerField(
        null=True, help_text="Of the case after the move: another act since keeps it there"
    )
    before = models.JSONField(
        null=True, help_text="Columns of the case and rows of its position before the move"
    )
    done_at = models.DateTimeField(null=True)
    returned_by = models.JSONField(null=True, help_text="Who takes it back, as the history keeps it")

    class Meta:
        db_table = "moved_case"
        constraints = [models.UniqueConstraint(fields=["move", "case_id"], name="moved_case_once")]
        indexes = [
            models.Index(fields=["case_id"], name="moved_case_case"),
            models.Index(
                fields=["id"], condition=Q(state__in=["waiting", "returning"]), name="moved_case_waiting"
            ),
        ]
