"""What a backup holds, counted in the very moment of its dump, so that a restore can be compared with it."""

import contextlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

FILE: Final = "manifest.json"
_TABLES: Final = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
"""


@contextlib.contextmanager
def counted(url: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(name of a snapshot, the manifest): the snapshot lives as long as the block, for `pg_dump --snapshot`."""
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        rows = _counts(connection)
        at = datetime.now(UTC).isoformat(timespec="seconds")
        yield str(row[0] if row else ""), {"at": at, "rows": rows}


def count_rows(url: str) -> dict[str, int]:
    """Rows of every table of the product now."""
    with psycopg.connect(url) as connection:
        return _counts(connection)


def read(folder: Path) -> dict[str, Any] | None:
    """The manifest that a restore has left in the data directory; None for a backup from before there were any."""
    try:
        found: dict[str, Any] = json.loads((folder / FILE).read_text())
    except (OSError, ValueError):
        return None
    return found


def _counts(connection: "psycopg.Connection[Any]") -> dict[str, int]:
    found = {}
    for (table,) in connection.execute(_TABLES).fetchall():
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        found[table] = int(row[0]) if row else 0
    return found
