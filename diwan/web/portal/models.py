"""What visitors say of the pages."""

from django.db import models


class Feedback(models.Model):
    """One answer to "was this page useful?". Nothing of the person is kept."""

    page = models.CharField(max_length=200, help_text="Path of the page, without a query")
    useful = models.BooleanField()
    words = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=2)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["page", "-at"], name="portal_feedback_page")]
