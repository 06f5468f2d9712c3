"""Move a cluster's transaction counter forward after a restore.

Readers of audit, history and outbox advance by transaction ids stored in the rows. A dump restored into a fresh cluster
brings rows of the old counter, while the new one starts at zero: new rows would lie below what was already read and
sealed. The counter is therefore put beyond every stored id; only its epoch (the upper 32 bits) changes.
"""

import psycopg
from psycopg import sql

from diwan.project.launch import binaries
from diwan.project.launch.cluster import SUPERUSER, Cluster

_COLUMNS = """
SELECT c.table_name, c.column_name FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
JOIN pg_class k ON k.relname = t.table_name AND NOT k.relispartition
WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
  AND c.column_name IN ('xid', 'xid_to') AND c.data_type = 'bigint'
"""


def highest_stored(url: str) -> int:
    """The highest transaction id stored in any row; 0 in an empty database."""
    with psycopg.connect(url) as connection:
        highest = 0
        for table, column in connection.execute(_COLUMNS).fetchall():
            query = sql.SQL("SELECT max({}) FROM {}").format(sql.Identifier(column), sql.Identifier(table))
            row = connection.execute(query).fetchone()
            highest = max(highest, int((row and row[0]) or 0))
    return highest


def current(cluster: Cluster, database: str) -> int:
    """The transaction id that the running server would give next, or has just given."""
    with psycopg.connect(cluster.url(SUPERUSER, database)) as connection:
        row = connection.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
    return int(row[0]) if row else 0


def move_beyond(cluster: Cluster, highest: int) -> None:
    """Put the counter of a stopped cluster beyond `highest`."""
    binaries.run("pg_resetwal", [f"--epoch={(highest >> 32) + 1}", f"--pgdata={cluster.pgdata}"])
