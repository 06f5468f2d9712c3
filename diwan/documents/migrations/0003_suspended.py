"""A document whose licence is suspended says so until the suspension is lifted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_immutable")]

    operations = [
        migrations.AddField(
            "issueddocument",
            "suspended_at",
            models.DateTimeField(
                blank=True, help_text="Set while the licence that it proves is suspended", null=True
            ),
        ),
    ]
