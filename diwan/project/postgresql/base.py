"""The engine of `DATABASES`: after a restart or a crash of the database the first request is answered as any other.

A connection that waits in the pool has nothing to be read but the end of its server, or the server's word that it
ends. Looking for that is one system call on each checkout and no question to the server.
"""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base


def still_there(connection: "psycopg.Connection[Any]") -> None:
    """The pool's check of a connection that it is about to give out: closes a dead one and raises OperationalError."""
    waiting = select.poll()
    waiting.register(connection.pgconn.socket, select.POLLIN)
    if waiting.poll(0):
        connection.close()
        raise psycopg.OperationalError("the server has closed this connection while it was idle")


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's; its pool looks at a connection before giving it out."""

    @property
    def pool(self) -> Any:
        """The pool of this process, or None. Django offers only a check that asks the server each time."""
        found: Any = super().pool
        if found is not None:
            found._check = still_there
        return found
