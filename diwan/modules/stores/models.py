"""The stock of supplies: how much of each item is there, and every change of that."""

from django.db import models
from django.db.models import Q


class StockItem(models.Model):
    """An item of the lookup `supplies` with what is in the store; never below zero. Its movements say why."""

    code = models.CharField(max_length=40, unique=True)
    on_hand = models.IntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(on_hand__gte=0), name="stock_not_below_zero")]


class StockMovement(models.Model):
    """One change of the stock of an item: received, issued to an employee, put back. Append-only."""

    class Cause(models.TextChoices):
        RECEIVED = "received", "received into the store"
        ISSUED = "issued", "issued to an employee"
        RETURNED = "returned", "put back: it was not received"

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="movements")
    at = models.DateTimeField()
    quantity = models.IntegerField(help_text="Above zero in, below zero out")
    left = models.IntegerField(help_text="In the store after it")
    cause = models.CharField(max_length=10, choices=Cause.choices)
    case_id = models.BigIntegerField(null=True, blank=True)
    token = models.IntegerField(null=True, blank=True, help_text="Token of the step at which it was issued")
    note = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=60, help_text="Who wrote it, as in audit rows")

    class Meta:
        indexes = [models.Index(fields=["case_id", "id"], name="stock_movement_of_case")]
