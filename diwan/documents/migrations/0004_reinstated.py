"""A revocation that was stayed or taken back: the document counts again, and a later revocation has a time of its own."""

from django.db import migrations, models

FORWARD = """
CREATE OR REPLACE FUNCTION documents_document_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an issued document is never deleted';
  END IF;
  IF (OLD.number IS NOT NULL AND NEW.number IS DISTINCT FROM OLD.number)
     OR (OLD.state <> 'pending' AND NEW.state IS DISTINCT FROM OLD.state)
     OR (OLD.file_id IS NOT NULL AND NEW.file_id IS DISTINCT FROM OLD.file_id)
     OR (OLD.revoked_at IS NOT NULL AND OLD.reinstated_at IS NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at)
     OR (NEW.reinstated_at IS NOT NULL AND NEW.revoked_at IS NULL)
     OR (NEW.mandate_id, NEW.case_id, NEW.municipality_id, NEW.template, NEW.data, NEW.valid_from, NEW.created_at)
        IS DISTINCT FROM
        (OLD.mandate_id, OLD.case_id, OLD.municipality_id, OLD.template, OLD.data, OLD.valid_from, OLD.created_at)
     OR NEW.valid_to IS DISTINCT FROM OLD.valid_to OR NEW.verify_token <> OLD.verify_token THEN
    RAISE EXCEPTION 'an issued document does not change';
  END IF;
  RETURN NEW;
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION documents_document_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an issued document is never deleted';
  END IF;
  IF (OLD.number IS NOT NULL AND NEW.number IS DISTINCT FROM OLD.number)
     OR (OLD.state <> 'pending' AND NEW.state IS DISTINCT FROM OLD.state)
     OR (OLD.file_id IS NOT NULL AND NEW.file_id IS DISTINCT FROM OLD.file_id)
     OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at)
     OR (NEW.mandate_id, NEW.case_id, NEW.municipality_id, NEW.template, NEW.data, NEW.valid_from, NEW.created_at)
        IS DISTINCT FROM
        (OLD.mandate_id, OLD.case_id, OLD.municipality_id, OLD.template, OLD.data, OLD.valid_from, OLD.created_at)
     OR NEW.valid_to IS DISTINCT FROM OLD.valid_to OR NEW.verify_token <> OLD.verify_token THEN
    RAISE EXCEPTION 'an issued document does not change';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_suspended")]

    operations = [
        migrations.AddField(
            "issueddocument",
            "reinstated_at",
            models.DateTimeField(
                blank=True, help_text="Set while its revocation is stayed, or since it was taken back", null=True
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
