"""When each schedule runs next."""

from django.db import models


class ScheduleRun(models.Model):
    """The next moment of one schedule (real time)."""

    name = models.CharField(max_length=40, primary_key=True)
    next_at = models.DateTimeField()
