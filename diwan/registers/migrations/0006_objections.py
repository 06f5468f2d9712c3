"""The way back from a revocation: only by an objection, whose case the history names, or with the licence above."""

import django.db.models.deletion
from django.db import migrations, models

MOVES = """
CREATE OR REPLACE FUNCTION registers_entry_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
       ('active', 'suspended'), ('active', 'cancelled'), ('active', 'revoked'), ('active', 'replaced'),
       ('suspended', 'active'), ('suspended', 'cancelled'), ('suspended', 'revoked'), ('suspended', 'replaced')%s) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'register_entry_moves',
      MESSAGE = format('an entry does not go from %%s to %%s', OLD.status, NEW.status);
  END IF;
  IF (NEW.kind, NEW.number, NEW.case_id, NEW.created_at) IS DISTINCT FROM
     (OLD.kind, OLD.number, OLD.case_id, OLD.created_at) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'register_entry_identity',
      MESSAGE = 'kind, number and case of an entry do not change';
  END IF;
  RETURN NEW;
END $$;
"""
EXPLAINED = """
CREATE OR REPLACE FUNCTION registers_entry_explained() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM registers_entrychange c
                 WHERE c.entry_id = NEW.id AND c.after = NEW.status
                   AND c.before = CASE TG_OP WHEN 'INSERT' THEN '' ELSE OLD.status END%s) THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'register_entry_explained',
      MESSAGE = format('entry %%s became %%s and no row of its history says why', NEW.id, NEW.status);
  END IF;
  RETURN NULL;
END $$;
"""
BACK = """
                   AND (TG_OP = 'INSERT' OR OLD.status <> 'revoked' OR c.because_id IS NOT NULL
                        AND (c.case_id IS NOT NULL AND c.cause IN ('stayed', 'undone', 'eased')
                             OR c.case_id IS NULL AND c.cause IN ('parent', 'suspended')))"""
FORWARD = MOVES % ", ('revoked', 'active'), ('revoked', 'suspended')" + EXPLAINED % BACK
BACKWARD = MOVES % "" + EXPLAINED % ""

CAUSES = [
    ("made", "entered the register"),
    ("renewed", "a renewal took its place"),
    ("transferred", "passed to another holder"),
    ("corrected", "corrected under a new number"),
    ("cancelled", "cancelled at the holder's request"),
    ("suspended", "suspended by the municipality"),
    ("lifted", "the suspension was lifted"),
    ("revoked", "revoked by the municipality"),
    ("parent", "follows the licence that it hangs on"),
    ("stayed", "the effect rests until the objection is decided"),
    ("resumed", "the stay ended and the decision has its effect again"),
    ("undone", "the decision was taken back on an objection"),
    ("eased", "the revocation became a suspension on an objection"),
]


class Migration(migrations.Migration):
    dependencies = [("registers", "0005_corrected"), ("documents", "0004_reinstated")]

    operations = [
        migrations.AlterField("entrychange", "cause", models.CharField(choices=CAUSES, max_length=12)),
        migrations.AlterField(
            "entrychange",
            "because",
            models.ForeignKey(
                blank=True,
                help_text="The change that brought this about: of the parent, or the decision that an objection is about",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="brought_about",
                to="registers.entrychange",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
