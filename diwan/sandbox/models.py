"""A run of a version with test people."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Run(models.Model):
    """What was answered and done, in order. `moves` are those of `sandbox.moves`; everything else follows from them."""

    version = models.ForeignKey("catalogue.ServiceVersion", on_delete=models.PROTECT, related_name="+")
    person = models.CharField(max_length=24, help_text="Code of the test applicant")
    entry = models.JSONField(
        default=dict, help_text="What a register is taken to hold of what the service is about"
    )
    values = models.JSONField(default=dict, help_text="Answers as they stand on the form")
    typed = models.JSONField(default=dict, help_text="What was typed and could not be read, by input name")
    papers = ArrayField(
        models.CharField(max_length=80), default=list, help_text="Slots that have a test file"
    )
    moves = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    begun_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(help_text="Where the clock of the run begins")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["version", "-changed_at"], name="sandbox_run_of_version")]
