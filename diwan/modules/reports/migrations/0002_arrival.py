"""A crew says "we are here"."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One table more."""

    dependencies = [("reports", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("task_id", models.BigIntegerField(help_text="The open task of the work", unique=True)),
                ("at", models.DateTimeField()),
                ("account_id", models.BigIntegerField(null=True)),
                (
                    "distance",
                    models.FloatField(help_text="Metres of the device from the place of the report", null=True),
                ),
                ("accuracy", models.FloatField(help_text="Metres, as the device says", null=True)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="arrivals", to="reports.report"
                    ),
                ),
            ],
        )
    ]
