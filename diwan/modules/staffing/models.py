"""Leave of employees: how many days each has, every change of that, and who is away when."""

from django.db import models
from django.db.models import F, Q


class LeaveAccount(models.Model):
    """How many working days of leave an employee has left; never below zero. Its movements say why."""

    account = models.OneToOneField("people.Account", on_delete=models.PROTECT, related_name="+")
    days = models.IntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(days__gte=0), name="leave_account_not_below_zero")]


class LeaveMovement(models.Model):
    """One change of an employee's days: granted, taken, given back. Append-only."""

    class Cause(models.TextChoices):
        GRANTED = "granted", "granted for a year"
        TAKEN = "taken", "taken as leave"
        RETURNED = "returned", "given back by a cancelled leave"

    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    days = models.IntegerField(help_text="Working days: above zero given, below zero taken")
    left = models.IntegerField(help_text="Days left after it")
    cause = models.CharField(max_length=10, choices=Cause.choices)
    case_id = models.BigIntegerField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=60, help_text="Who wrote it, as in audit rows")

    class Meta:
        indexes = [models.Index(fields=["account", "-id"], name="leave_movement_story")]


class Leave(models.Model):
    """A leave that was granted: who, from which post, from when to when, who stands in. `ended_at`: it was given back
    before it began."""

    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.ForeignKey("people.Position", on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey("people.Position", on_delete=models.PROTECT, related_name="+")
    delegation = models.OneToOneField("people.Delegation", on_delete=models.PROTECT, related_name="+")
    case_id = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=40)
    first_day = models.DateField()
    last_day = models.DateField()
    days = models.PositiveSmallIntegerField(help_text="Working days")
    counted = models.BooleanField(help_text="Whether the days come from the employee's account")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="leave_in_order")
        ]
        indexes = [models.Index(fields=["account", "last_day"], name="leave_of_employee")]
