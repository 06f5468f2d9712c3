"""What processes tell of themselves and of the systems outside, for whoever asks how the installation is."""

from django.db import models


class Connector(models.Model):
    """How the last calls to one system outside went. All times are real."""

    name = models.CharField(
        max_length=60,
        primary_key=True,
        help_text="`registers.leases`, `payments`, `sms`, `email`, `authority`",
    )
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_failure_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True, help_text="Set while no call succeeds")
    failures = models.PositiveIntegerField(default=0, help_text="In a row, over all processes")
    error = models.CharField(
        max_length=120, blank=True, help_text="Class or status of the last failure, no values"
    )

    class Meta:
        db_table = "health_connector"


class Beat(models.Model):
    """A sign of life of a process without a door."""

    name = models.CharField(max_length=60, primary_key=True, help_text="`worker` with host and process")
    part = models.CharField(max_length=20)
    at = models.DateTimeField(help_text="Real time")
    began_at = models.DateTimeField(help_text="Real time")
    version = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict, help_text="Sweep -> real time at which its last round ended")

    class Meta:
        db_table = "health_beat"
