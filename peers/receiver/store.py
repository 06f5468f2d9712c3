"""What the receiver keeps: its secrets, and each event once with how often it came."""

import json
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS secret (text TEXT PRIMARY KEY, added_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS event (
    place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, subject TEXT NOT NULL,
    sequence TEXT NOT NULL, body TEXT NOT NULL, first_at REAL NOT NULL, times INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS refused (at REAL NOT NULL, why TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Event:
    """One event as kept; `times` counts how often it came."""

    id: str
    type: str
    subject: str
    sequence: str
    body: dict[str, Any]
    first_at: float
    times: int


class Store:
    """The receiver's memory; a restart forgets nothing when it has a file."""

    def __init__(self, database: str) -> None:
        self._db = sqlite3.connect(database, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)
        self._secrets = [row[0] for row in self._db.execute("SELECT text FROM secret")]

    @property
    def secrets(self) -> list[str]:
        """Every secret that is accepted."""
        return self._secrets

    def add_secret(self, text: str) -> None:
        """Accept one more; the ones before stay good, as while a partner changes over."""
        self._db.execute("INSERT OR IGNORE INTO secret VALUES (?, ?)", (text, time.time()))
        self._secrets = [row[0] for row in self._db.execute("SELECT text FROM secret")]

    def keep(self, identity: str, body: dict[str, Any]) -> None:
        """Keep an event, or count it when it came before."""
        self._db.execute(
            "INSERT INTO event (id, type, subject, sequence, body, first_at, times) VALUES (?, ?, ?, ?, ?, ?, 1) "
            "ON CONFLICT (id) DO UPDATE SET times = times + 1",
            (
                identity,
                str(body.get("type", "")),
                str(body.get("subject", "")),
                str(body.get("sequence", "")),
                json.dumps(body, ensure_ascii=False),
                time.time(),
            ),
        )

    def refuse(self, why: str) -> None:
        """Note that something came that was not signed as it should be."""
        self._db.execute("INSERT INTO refused VALUES (?, ?)", (time.time(), why))

    def events(self, *, limit: int, oldest_first: bool = False) -> list[Event]:
        """The events, newest first or in the order in which they first came."""
        order = "ASC" if oldest_first else "DESC"
        rows = self._db.execute(
            "SELECT id, type, subject, sequence, body, first_at, times FROM event "
            f"ORDER BY place {order} LIMIT ?",
            (limit,),
        ).fetchall()
        return [Event(row[0], row[1], row[2], row[3], json.loads(row[4]), row[5], row[6]) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many events there are, how often one came again, how many posts were refused."""
        (events, again) = self._db.execute(
            "SELECT count(*), coalesce(sum(times - 1), 0) FROM event"
        ).fetchone()
        (refused,) = self._db.execute("SELECT count(*) FROM refused").fetchone()
        return {"events": events, "again": again, "refused": refused}

    def refusals(self, *, limit: int) -> list[tuple[float, str]]:
        """When and why the newest posts were refused."""
        rows = self._db.execute("SELECT at, why FROM refused ORDER BY at DESC LIMIT ?", (limit,)).fetchall()
        return [(row[0], row[1]) for row in rows]

    def forget(self) -> None:
        """Forget what came; the secrets stay."""
        self._db.execute("DELETE FROM event")
        self._db.execute("DELETE FROM refused")
