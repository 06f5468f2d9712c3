"""Ids of uploads are random and never looked up by a pattern, for which Django adds a second index to a key of text.

Each paper writes one entry less, when it comes and again when it is handed over to its case.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "DROP INDEX IF EXISTS files_upload_id_f17224b8_like",
            "CREATE INDEX files_upload_id_f17224b8_like ON files_upload (id varchar_pattern_ops)",
        ),
    ]
