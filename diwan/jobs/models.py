"""When each schedule runs next."""

from django.db import models


class ScheduleRun(models.Model):
    """The next moment of one schedule, and how its last run ended (real time)."""

    name = models.CharField(max_length=40, primary_key=True)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True, blank=True, help_text="When it last ended, well or not")
    error = models.CharField(max_length=80, blank=True, db_default="", help_text="Class of the last error")
