"""What was approved and numbered does not change: triggers, so that no statement of any program can."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION documents_mandate_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a signing mandate is never deleted';
  END IF;
  IF (to_jsonb(NEW) - 'revoked_at' - 'used_by_document') <> (to_jsonb(OLD) - 'revoked_at' - 'used_by_document')
     OR (OLD.used_by_document IS NOT NULL AND NEW.used_by_document IS DISTINCT FROM OLD.used_by_document)
     OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at) THEN
    RAISE EXCEPTION 'a signing mandate does not change';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mandate_frozen BEFORE UPDATE OR DELETE ON documents_signingmandate
  FOR EACH ROW EXECUTE FUNCTION documents_mandate_frozen();

CREATE FUNCTION documents_document_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER document_frozen BEFORE UPDATE OR DELETE ON documents_issueddocument
  FOR EACH ROW EXECUTE FUNCTION documents_document_frozen();
"""
BACKWARD = """
DROP TRIGGER document_frozen ON documents_issueddocument;
DROP FUNCTION documents_document_frozen();
DROP TRIGGER mandate_frozen ON documents_signingmandate;
DROP FUNCTION documents_mandate_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
