"""The mark on a database that holds a demo city."""

from django.db import models


class DemoMark(models.Model):
    """One row: this database was filled by `diwan demo load`, which alone makes `diwan demo remove` possible.

    The plan of the city is drawn around `day`, so whatever is made later speaks of the same city.
    """

    day = models.DateField(help_text="The day around which the city was planned")
    loaded_at = models.DateTimeField(help_text="Real time")
    cases_at = models.DateTimeField(
        null=True, blank=True, help_text="When the year of cases was complete; real time"
    )
    cases = models.IntegerField(default=0, help_text="Cases that were made")

    class Meta:
        db_table = "demo_mark"
