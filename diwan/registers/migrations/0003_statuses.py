"""Statuses with their history: what may follow what, and that every change is explained, is kept by the database.

Until now a renewal stood in the column `parent`; it moves to `replaces`, and `parent` is the licence a permit hangs on.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
UPDATE registers_registerentry SET replaces_id = parent_id, parent_id = NULL WHERE parent_id IS NOT NULL;

INSERT INTO registers_entrychange
  (entry_id, at, before, after, cause, reasons, article, note, case_id, capacity, actor_ar, actor_en, title_ar,
   title_en, on_behalf_of)
SELECT id, created_at, '', 'active', 'made', '{}', '', '', case_id, 'system:issue', 'النظام', 'The system', '', '', ''
FROM registers_registerentry;

INSERT INTO registers_entrychange
  (entry_id, at, before, after, cause, reasons, article, note, case_id, capacity, actor_ar, actor_en, title_ar,
   title_en, on_behalf_of)
SELECT old.id, old.changed_at, 'active', old.status, CASE old.status WHEN 'replaced' THEN 'renewed' ELSE old.status END,
  '{}', '', '', new.case_id, 'system:issue', 'النظام', 'The system', '', '', ''
FROM registers_registerentry old LEFT JOIN registers_registerentry new ON new.replaces_id = old.id
WHERE old.status <> 'active';

SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

CREATE FUNCTION registers_entry_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
       ('active', 'suspended'), ('active', 'cancelled'), ('active', 'revoked'), ('active', 'replaced'),
       ('suspended', 'active'), ('suspended', 'cancelled'), ('suspended', 'revoked'), ('suspended', 'replaced')) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'register_entry_moves',
      MESSAGE = format('an entry does not go from %s to %s', OLD.status, NEW.status);
  END IF;
  IF (NEW.kind, NEW.number, NEW.case_id, NEW.created_at) IS DISTINCT FROM
     (OLD.kind, OLD.number, OLD.case_id, OLD.created_at) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'register_entry_identity',
      MESSAGE = 'kind, number and case of an entry do not change';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER entry_moves BEFORE UPDATE ON registers_registerentry
  FOR EACH ROW EXECUTE FUNCTION registers_entry_moves();

CREATE FUNCTION registers_entry_explained() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM registers_entrychange c
                 WHERE c.entry_id = NEW.id AND c.after = NEW.status
                   AND c.before = CASE TG_OP WHEN 'INSERT' THEN '' ELSE OLD.status END) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'register_entry_explained',
      MESSAGE = format('entry %s became %s and no row of its history says why', NEW.id, NEW.status);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_made_explained AFTER INSERT ON registers_registerentry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registers_entry_explained();
CREATE CONSTRAINT TRIGGER entry_change_explained AFTER UPDATE OF status ON registers_registerentry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION registers_entry_explained();

REVOKE UPDATE, DELETE, TRUNCATE ON registers_entrychange FROM diwan_app;
REVOKE DELETE, TRUNCATE ON registers_registerentry FROM diwan_app;
"""
BACKWARD = """
GRANT DELETE ON registers_registerentry TO diwan_app;
DROP TRIGGER entry_change_explained ON registers_registerentry;
DROP TRIGGER entry_made_explained ON registers_registerentry;
DROP FUNCTION registers_entry_explained();
DROP TRIGGER entry_moves ON registers_registerentry;
DROP FUNCTION registers_entry_moves();
UPDATE registers_registerentry SET parent_id = replaces_id WHERE replaces_id IS NOT NULL;
"""

STATUSES = [
    ("active", "active"),
    ("suspended", "suspended"),
    ("cancelled", "cancelled"),
    ("revoked", "revoked"),
    ("replaced", "replaced by a renewal or a transfer"),
]
CAUSES = [
    ("made", "entered the register"),
    ("renewed", "a renewal took its place"),
    ("transferred", "passed to another holder"),
    ("cancelled", "cancelled at the holder's request"),
    ("suspended", "suspended by the municipality"),
    ("lifted", "the suspension was lifted"),
    ("revoked", "revoked by the municipality"),
    ("parent", "follows the licence that it hangs on"),
]


def to(model, name, **more):
    return models.ForeignKey(
        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name=name, to=model, **more
    )


class Migration(migrations.Migration):
    dependencies = [("registers", "0002_lists_by_index"), ("documents", "0003_suspended")]

    operations = [
        migrations.AddField("registerentry", "replaces", to("registers.registerentry", "replaced_by")),
        migrations.AlterField(
            "registerentry", "status", models.CharField(choices=STATUSES, default="active", max_length=10)
        ),
        migrations.CreateModel(
            name="EntryChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("at", models.DateTimeField()),
                ("before", models.CharField(blank=True, max_length=10)),
                ("after", models.CharField(choices=STATUSES, max_length=10)),
                ("cause", models.CharField(choices=CAUSES, max_length=12)),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("article", models.CharField(blank=True, max_length=40)),
                ("note", models.TextField(blank=True)),
                (
                    "case_id",
                    models.BigIntegerField(blank=True, help_text="The case that brought it about", null=True),
                ),
                ("account_id", models.BigIntegerField(null=True)),
                ("position_id", models.BigIntegerField(null=True)),
                ("capacity", models.CharField(max_length=80)),
                ("actor_ar", models.CharField(max_length=200)),
                ("actor_en", models.CharField(max_length=200)),
                ("title_ar", models.CharField(blank=True, max_length=200)),
                ("title_en", models.CharField(blank=True, max_length=200)),
                ("on_behalf_of", models.CharField(blank=True, max_length=200)),
                (
                    "because",
                    to(
                        "registers.entrychange",
                        "brought_about",
                        help_text="The change of the parent that brought this about",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="registers.registerentry",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["entry", "id"], name="entry_change_story")]},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
