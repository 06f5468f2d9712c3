"""What checks and officers found on a case."""

from django.db import models


class CheckResult(models.Model):
    """One automatic check: what a register answered, what followed, or which officer checked instead."""

    class State(models.TextChoices):
        PASSED = "passed", "passed"
        FAILED = "failed", "failed"
        SILENT = "silent", "register did not answer"
        MANUAL = "manual", "checked by an officer"

    case_id = models.BigIntegerField()
    round = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    register = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=8, choices=State.choices)
    answer = models.JSONField(default=dict)
    why = models.JSONField(default=dict, help_text="Rule, version, inputs, result, article")
    asked_at = models.DateTimeField()
    took_ms = models.IntegerField(default=0)

    class Meta:
        db_table = "check_result"
        constraints = [models.UniqueConstraint(fields=["case_id", "round", "code"], name="check_result_once")]


class FieldRemark(models.Model):
    """What an officer asks to have mended, on one field, in one round."""

    case_id = models.BigIntegerField()
    round = models.PositiveSmallIntegerField(help_text="The round whose answers were found wanting")
    field = models.CharField(max_length=80)
    reason = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    position_id = models.BigIntegerField(null=True)
    late_why = models.TextField(
        blank=True,
        help_text="Why a field unchanged since the last return is remarked on now",
    )

    class Meta:
        db_table = "field_remark"
        indexes = [models.Index(fields=["case_id", "round"], name="field_remark_case")]
