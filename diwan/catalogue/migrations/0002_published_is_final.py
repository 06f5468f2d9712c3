"""A published version does not change: only its end, its compiled form, and, as a numbered patch, its wording."""

from django.db import migrations

GUARD = """
CREATE FUNCTION catalogue_published_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' AND (
        NEW.state <> 'published' OR NEW.service_id <> OLD.service_id OR NEW.number <> OLD.number
        OR NEW.origin <> OLD.origin OR NEW.valid_from <> OLD.valid_from OR NEW.published_at <> OLD.published_at
        OR ((NEW.definition <> OLD.definition OR NEW.hash <> OLD.hash) AND NEW.patch <> OLD.patch + 1)
    ) THEN
        RAISE EXCEPTION 'a published version of a service does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_is_final BEFORE UPDATE ON catalogue_serviceversion
    FOR EACH ROW EXECUTE FUNCTION catalogue_published_is_final();
"""
UNGUARD = """
DROP TRIGGER published_is_final ON catalogue_serviceversion;
DROP FUNCTION catalogue_published_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
