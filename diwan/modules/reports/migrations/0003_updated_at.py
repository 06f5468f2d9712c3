"""When a report last changed for its reporter, so that programs can ask for what is new."""

from django.db import migrations, models

FILL = """
UPDATE reports_report SET updated_at = greatest(opened_at, resolved_at, closed_at) WHERE updated_at IS NULL
"""


class Migration(migrations.Migration):
    """One column more, and the order of time for lists. What is there already counts from its last known moment."""

    dependencies = [("reports", "0002_arrival")]
    operations = [
        migrations.AddField(
            model_name="report",
            name="updated_at",
            field=models.DateTimeField(
                blank=True, help_text="When something last happened that the reporter is shown", null=True
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="report", index=models.Index(fields=["-opened_at", "-case"], name="reports_by_time")
        ),
        migrations.AddIndex(
            model_name="report", index=models.Index(fields=["-updated_at"], name="reports_by_change")
        ),
    ]
