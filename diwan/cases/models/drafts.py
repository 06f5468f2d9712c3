"""What is typed and not yet said: drafts, notes, what can still be undone."""

from django.db import models


class Draft(models.Model):
    """An application being filled in. Not a case: no number, no clock; it expires. `id` is 128 random bits."""

    id = models.CharField(max_length=24, primary_key=True)
    version = models.ForeignKey("catalogue.ServiceVersion", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        "people.Account",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="drafts",
    )
    establishment = models.ForeignKey(
        "people.Establishment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    clerk = models.ForeignKey(
        "people.Position",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    visitor = models.JSONField(
        default=dict,
        help_text="Visitor without an account: id, names, mobile, consent; of a partner, who applies",
    )
    client_id = models.BigIntegerField(null=True, blank=True, help_text="The partner whose draft it is")
    channel = models.CharField(max_length=12)
    data = models.JSONField(default=dict, help_text="Answers that could be read, by field")
    typed = models.JSONField(default=dict, help_text="What was typed and could not be read yet, by field")
    answers = models.JSONField(
        default=dict, help_text="What the registers answered before submitting, with the time"
    )
    page = models.CharField(max_length=60, blank=True)
    # Also the number of the licence that the service is about (cancelling it, a permit under it).
    renews = models.CharField(max_length=12, blank=True, help_text="Number of the licence being renewed")
    idempotency_key = models.CharField(max_length=40)
    revision = models.IntegerField(default=1)
    amends = models.BigIntegerField(null=True, blank=True, help_text="The returned case that this completes")
    contests = models.BigIntegerField(
        null=True, blank=True, help_text="The ended case whose decision this objects to"
    )
    part = models.CharField(
        max_length=60, blank=True, db_default="", default="",
        help_text="Step of the case `amends` that another party answers with this",
    )  # fmt: skip
    case_id = models.BigIntegerField(null=True, blank=True, help_text="The case it became")
    carried = models.JSONField(
        null=True, blank=True,
        help_text="What changed when it went on with another version of the form, and answers no longer asked",
    )  # fmt: skip
    language = models.CharField(max_length=2, default="ar")
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "-saved_at"], name="draft_account"),
            models.Index(fields=["clerk", "-saved_at"], name="draft_clerk"),
            models.Index(
                fields=["client_id", "-created_at", "-id"],
                name="draft_client",
                condition=models.Q(client_id__isnull=False),
            ),
            models.Index(fields=["expires_at"], name="draft_expiry"),
        ]


class NoteDraft(models.Model):
    """The note, decision and remarks an employee is typing on a case; saved every few seconds."""

    case_id = models.BigIntegerField()
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    content = models.JSONField(default=dict, help_text="note, outcome, reasons, remarks as typed")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "account"], name="note_draft_once")]


class Presence(models.Model):
    """Who is reading a case just now."""

    case_id = models.BigIntegerField()
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "account"], name="presence_once")]


class UndoSlot(models.Model):
    """The last act of an officer on a case, while it can be taken back (ten minutes, or until payment)."""

    case_id = models.BigIntegerField(primary_key=True)
    history_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    capacity = models.CharField(max_length=80)
    revision = models.IntegerField(help_text="Revision after the act: another act since closes the slot")
    before = models.JSONField(help_text="Columns of the case and rows of its position before the act")
    until = models.DateTimeField()
