"""Signed notices that are delivered until somebody answers 2xx: kept in SQLite, retried with backoff."""

import asyncio
import logging
import sqlite3
import time
from dataclasses import dataclass

import aiohttp

from peers.base import signing

log = logging.getLogger(__name__)

SCHEMA = """
CREATE TABLE IF NOT EXISTS notice (
    serial INTEGER PRIMARY KEY, notice_id TEXT NOT NULL, url TEXT NOT NULL, body BLOB NOT NULL,
    wrong_key INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'waiting',
    attempts INTEGER NOT NULL DEFAULT 0, due_at REAL NOT NULL, answer TEXT NOT NULL DEFAULT '',
    subject TEXT NOT NULL DEFAULT ''
)
"""
MAX_ATTEMPTS = 24
MAX_WAIT = 300.0
POLL = 0.1


@dataclass(frozen=True)
class Keys:
    """The key notices are signed with, and the one that the `wrong key` switch uses instead."""

    good: str
    wrong: str = "a-key-nobody-agreed-on"


def wait_after(attempts: int) -> float:
    """Seconds before the next try: 0.5, 1, 2, 4 ... 300."""
    return min(0.5 * 2.0 ** max(attempts - 1, 0), MAX_WAIT)


class Postman:
    """Sends what is in the `notice` table, in order of due time, one at a time."""

    def __init__(self, database: sqlite3.Connection, keys: Keys) -> None:
        self._db = database
        self._keys = keys
        self._task: asyncio.Task[None] | None = None
        database.execute(SCHEMA)

    def post(
        self,
        *,
        url: str,
        body: bytes,
        subject: str = "",
        notice_id: str | None = None,
        wrong_key: bool = False,
        after: float = 0.0,
    ) -> str:
        """Queue a notice; returns its id. `after` seconds pass before the first try."""
        name = notice_id or signing.new_id()
        self._db.execute(
            "INSERT INTO notice (notice_id, url, body, wrong_key, due_at, subject) VALUES (?,?,?,?,?,?)",
            (name, url, body, int(wrong_key), time.time() + after, subject),
        )
        self._db.commit()
        return name

    def listing(self, *, subject: str | None = None, limit: int = 200) -> list[dict[str, object]]:
        """Newest notices first, with what was answered."""
        where, values = ("WHERE subject = ?", [subject]) if subject is not None else ("", [])
        rows = self._db.execute(
            "SELECT notice_id, url, state, attempts, answer, subject, wrong_key FROM notice "
            f"{where} ORDER BY serial DESC LIMIT ?",
            (*values, limit),
        ).fetchall()
        return [
            {
                "notice_id": r[0],
                "url": r[1],
                "state": r[2],
                "attempts": r[3],
                "answer": r[4],
                "subject": r[5],
                "wrong_key": bool(r[6]),
            }
            for r in rows
        ]

    def start(self) -> None:
        """Begin delivering in the background."""
        self._task = asyncio.create_task(self._loop())

    async def stop(self) -> None:
        """Stop delivering; what waits stays in the table."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _loop(self) -> None:
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout) as client:
            while True:
                due = self._db.execute(
                    "SELECT serial, notice_id, url, body, wrong_key, attempts FROM notice "
                    "WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at LIMIT 20",
                    (time.time(),),
                ).fetchall()
                for row in due:
                    await self._try(client, *row)
                await asyncio.sleep(POLL)

    async def _try(
        self,
        client: aiohttp.ClientSession,
        serial: int,
        notice_id: str,
        url: str,
        body: bytes,
        wrong_key: int,
        attempts: int,
    ) -> None:
        key = self._keys.wrong if wrong_key else self._keys.good
        headers = signing.headers(key=key, notice_id=notice_id, body=body)
        delivered = False
        try:
            async with client.post(url, data=body, headers=headers, allow_redirects=False) as response:
                answer = f"{response.status} {(await response.text())[:200]}"
                delivered = 200 <= response.status < 300
        except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError) as error:
            answer = type(error).__name__
        attempts += 1
        state = "delivered" if delivered else "waiting" if attempts < MAX_ATTEMPTS else "given up"
        self._db.execute(
            "UPDATE notice SET state=?, attempts=?, answer=?, due_at=? WHERE serial=?",
            (state, attempts, answer, time.time() + wait_after(attempts), serial),
        )
        self._db.commit()
