"""Lasting objects that cases bring about: licences now; permits, parcels and contracts are the same rows."""

from django.db import models
from django.db.models import F


class RegisterEntry(models.Model):
    """An entry of a register: who holds it, where, from when to when, and the case that made it."""

    class Status(models.TextChoices):
        ACTIVE = "active", "active"
        SUSPENDED = "suspended", "suspended"
        CANCELLED = "cancelled", "cancelled"
        REVOKED = "revoked", "revoked"
        REPLACED = "replaced", "replaced by a renewal"

    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=12, help_text="Number of the document in force")
    municipality = models.ForeignKey("people.Municipality", on_delete=models.PROTECT, related_name="+")
    district = models.ForeignKey(
        "places.District", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    holder = models.ForeignKey(
        "people.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    establishment = models.ForeignKey(
        "people.Establishment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="register_entries")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    data = models.JSONField(
        default=dict, help_text="What the issuing case established; a renewal is prefilled from it"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    valid_from = models.DateField()
    valid_to = models.DateField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="register_entry_number")]
        indexes = [
            models.Index(fields=["establishment", "valid_to", "id"], name="register_entry_of_shop"),
            models.Index(fields=["holder", "valid_to", "id"], name="register_entry_of_person"),
            models.Index(F("data__answers__lease_number"), name="register_entry_lease"),
            models.Index(fields=["valid_to"], name="register_entry_expiry"),
        ]
