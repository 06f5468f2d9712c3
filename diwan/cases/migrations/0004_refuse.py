"""The function by which a statement refuses itself, when what it was to take along is no longer as it was read.

And ids of drafts are random and never looked up by a pattern, for which Django adds a second index to a key of text.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION diwan_refuse(what text) RETURNS text LANGUAGE plpgsql VOLATILE AS $body$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'DW001', MESSAGE = what;
END
$body$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_lists_by_index"),
    ]

    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION diwan_refuse(text)"),
        migrations.RunSQL(
            "DROP INDEX IF EXISTS cases_draft_id_b095c5a9_like",
            "CREATE INDEX cases_draft_id_b095c5a9_like ON cases_draft (id varchar_pattern_ops)",
        ),
    ]
