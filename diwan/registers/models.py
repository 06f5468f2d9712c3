"""Lasting objects that cases bring about: licences now; permits, parcels and contracts are the same rows."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F


class RegisterEntry(models.Model):
    """An entry of a register: who holds it, where, from when to when, and the case that made it.

    `status` is what was decided; whether it runs out soon or has expired follows from the date (`queries.standing_of`).
    `parent` is the licence that a permit hangs on, `replaces` the entry whose place it took. The database refuses a
    change of status that is not in `MOVES`, and one that no `EntryChange` explains.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", "active"
        SUSPENDED = "suspended", "suspended"
        CANCELLED = "cancelled", "cancelled"
        REVOKED = "revoked", "revoked"
        REPLACED = "replaced", "replaced by a renewal or a transfer"

    MOVES = (
        ("active", "suspended"), ("active", "cancelled"), ("active", "revoked"), ("active", "replaced"),
        ("suspended", "active"), ("suspended", "cancelled"), ("suspended", "revoked"), ("suspended", "suspended"),
        ("suspended", "replaced"), ("revoked", "active"), ("revoked", "suspended"),
    )  # fmt: skip
    """Changes of status that there are; the same pairs stand in the trigger of migration 0006. What was revoked comes
    back only by an objection: the row of its history names the case, or the row that brought it about."""

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
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
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


class ExpiryNotice(models.Model):
    """That the holder of an entry was told so many days before its last one: once, whatever restarts or runs twice."""

    entry = models.ForeignKey(RegisterEntry, on_delete=models.PROTECT, related_name="notices")
    days = models.PositiveSmallIntegerField(help_text="Which reminder: 90, 30 or 7 days before the last one")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "days"], name="expiry_notice_once")]


class EntryChange(models.Model):
    """One change of an entry's status: who, in what capacity, when, why, by which case. Append-only."""

    class Cause(models.TextChoices):
        MADE = "made", "entered the register"
        RENEWED = "renewed", "a renewal took its place"
        TRANSFERRED = "transferred", "passed to another holder"
        CORRECTED = "corrected", "corrected under a new number"
        CANCELLED = "cancelled", "cancelled at the holder's request"
        SUSPENDED = "suspended", "suspended by the municipality"
        LIFTED = "lifted", "the suspension was lifted"
        REVOKED = "revoked", "revoked by the municipality"
        PARENT = "parent", "follows the licence that it hangs on"
        STAYED = "stayed", "the effect rests until the objection is decided"
        RESUMED = "resumed", "the stay ended and the decision has its effect again"
        UNDONE = "undone", "the decision was taken back on an objection"
        EASED = "eased", "the revocation became a suspension on an objection"

    entry = models.ForeignKey(RegisterEntry, on_delete=models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, choices=RegisterEntry.Status.choices)
    cause = models.CharField(max_length=12, choices=Cause.choices)
    because = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="brought_about",
        help_text="The change that brought this about: of the parent, or the decision that an objection is about",
    )  # fmt: skip
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    article = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    case_id = models.BigIntegerField(null=True, blank=True, help_text="The case that brought it about")
    account_id = models.BigIntegerField(null=True)
    position_id = models.BigIntegerField(null=True)
    capacity = models.CharField(max_length=80)
    actor_ar = models.CharField(max_length=200)
    actor_en = models.CharField(max_length=200)
    title_ar = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    on_behalf_of = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["entry", "id"], name="entry_change_story")]
