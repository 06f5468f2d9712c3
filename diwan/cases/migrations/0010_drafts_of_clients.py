from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_sides"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(
                condition=models.Q(("client_id__isnull", False)),
                fields=["client_id", "-created_at", "-id"],
                name="draft_client",
            ),
        ),
    ]
