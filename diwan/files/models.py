"""Content-addressed files and the uploads that refer to them."""

from django.db import models
from django.db.models import Q


class StoredFile(models.Model):
    """One content, stored once per classification under `sha256/ab/cd/<hex>`."""

    classification = models.CharField(max_length=12, default="restricted")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    references = models.IntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["classification", "sha256"], name="stored_file_content"),
            models.CheckConstraint(condition=Q(references__gte=0), name="stored_file_references"),
        ]
        indexes = [models.Index(fields=["created_at"], condition=Q(references=0), name="stored_file_unused")]


class Upload(models.Model):
    """A file as somebody sent it, in a slot of a draft or a case. Never served by hash; `id` is 128 random bits."""

    id = models.CharField(max_length=24, primary_key=True)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="uploads")
    owner = models.CharField(max_length=60, help_text="`draft:<id>` or `case:<id>`")
    slot = models.CharField(max_length=60)
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    private = models.JSONField(
        default=dict, help_text="Place and time from the photo, kept from what others see"
    )
    uploaded_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    discarded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "slot"], name="upload_owner"),
            models.Index(
                fields=["discarded_at"], condition=Q(discarded_at__isnull=False), name="upload_discarded"
            ),
        ]
