import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("catalogue", "0004_calendars"),
        ("people", "0002_resets"),
    ]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.CharField(help_text="Code of the test applicant", max_length=24)),
                ("entry", models.JSONField(default=dict, help_text="What a register is taken to hold of what the service is about")),
                ("values", models.JSONField(default=dict, help_text="Answers as they stand on the form")),
                ("typed", models.JSONField(default=dict, help_text="What was typed and could not be read, by input name")),
                ("papers", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), default=list, help_text="Slots that have a test file", size=None)),
                ("moves", models.JSONField(default=list)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("begun_at", models.DateTimeField(help_text="Where the clock of the run begins")),
                ("changed_at", models.DateTimeField()),
                ("begun_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account")),
                ("version", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.serviceversion")),
            ],
            options={
                "indexes": [models.Index(fields=["version", "-changed_at"], name="sandbox_run_of_version")],
            },
        ),
    ]
