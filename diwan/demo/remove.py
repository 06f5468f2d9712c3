"""Emptying the database of a demo: all rows but those of catalogue, roles and reference data.

The app role can neither delete history nor audit rows, so the command works as the owner of the tables; the command
line sees to that. Files, anchors of the audit chain and the demo's own files go with the rows that they belong to.
"""

import shutil
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.db import connection, transaction

from diwan.demo.load.keys import people_file, registers_file
from diwan.demo.load.receiver import receiver_file
from diwan.demo.refusals import demo_mark, refuse_production

#: Tables that an empty product keeps: what migrations and `diwan catalogue load` wrote, and the organisation's seal.
KEPT: Final = frozenset(
    {
        "django_migrations", "django_content_type", "auth_permission", "catalogue_service", "catalogue_serviceversion",
        "catalogue_lookuprow", "catalogue_workingcalendar", "catalogue_holiday", "people_role",
        "documents_certificate", "partition_plan",
    }
)  # fmt: skip
_TABLES: Final = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname
"""
_SERIALS: Final = "SELECT relname FROM pg_class WHERE relkind = 'S' AND relname LIKE 'case_serial_%'"
#: Folders of the data directory whose content belongs to removed rows.
_FOLDERS: Final = ("files", "audit")


def remove_demo() -> Iterator[str]:
    """Empty the database and the files that belong to it, saying what went. Raises NotInProduction, NotADemo."""
    refuse_production()
    with transaction.atomic():
        demo_mark()
        with connection.cursor() as cursor:
            cursor.execute(_TABLES)
            tables = [row[0] for row in cursor.fetchall() if row[0] not in KEPT]
            names = ", ".join(connection.ops.quote_name(name) for name in tables)
            cursor.execute(f"TRUNCATE {names} RESTART IDENTITY")
            cursor.execute("DELETE FROM documents_certificate WHERE position_code <> ''")
            cursor.execute(_SERIALS)
            for (name,) in cursor.fetchall():
                cursor.execute(f"ALTER SEQUENCE {connection.ops.quote_name(name)} RESTART")
    yield f"Emptied {len(tables)} tables; the catalogue, its lists and calendars and the roles stay."
    for name in _FOLDERS:
        shutil.rmtree(settings.DIWAN.data / name, ignore_errors=True)
    for path in (people_file(), registers_file(), receiver_file()):
        path.unlink(missing_ok=True)
    yield "Removed the stored files and the demo people's keys. Restart Diwan so that nothing is remembered."
