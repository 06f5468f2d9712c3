from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="late_level",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="Rungs done of the whole's ladder of lateness"
            ),
        ),
    ]
