"""Requests to bodies that answer later: acknowledged at once, answered finally by a signed notice or on asking.

Bodies: `civil_defence` (safety of premises) and `supervising_body` (the ministry that supervises an activity).
"""

import json
import sqlite3
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from peers.base.delivery import Postman

BODIES = ("civil_defence", "supervising_body")
PENDING, APPROVED, REJECTED = "pending", "approved", "rejected"

SCHEMA = """
CREATE TABLE IF NOT EXISTS request (
    id TEXT PRIMARY KEY, body TEXT NOT NULL, reference TEXT NOT NULL, facts TEXT NOT NULL,
    callback_url TEXT NOT NULL, received_at REAL NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '{}',
    answered_at REAL, idempotency_key TEXT UNIQUE
)
"""
REJECTION = {"ar": "اشتراطات السلامة غير مكتملة في الموقع", "en": "Safety requirements are not met on site"}


@dataclass(frozen=True)
class Request:
    """One request as stored."""

    id: str
    body: str
    reference: str
    facts: dict[str, Any]
    callback_url: str
    received_at: float
    state: str
    reason: dict[str, str]
    answered_at: float | None

    def as_json(self) -> dict[str, Any]:
        """The request as its sender sees it."""
        shown: dict[str, Any] = {
            "id": self.id,
            "body": self.body,
            "reference": self.reference,
            "status": self.state,
            "received_at": _iso(self.received_at),
        }
        if self.answered_at is not None:
            shown["answered_at"] = _iso(self.answered_at)
            shown["reason"] = self.reason
            if self.state == APPROVED:
                shown["approval_number"] = str(int(self.id[:10], 16)).zfill(13)[:12]
        return shown


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")


class Desk:
    """The desk of the bodies: takes requests, answers them when time is up or when a person decides."""

    def __init__(self, database: sqlite3.Connection, postman: Postman) -> None:
        self._db = database
        self._postman = postman
        database.execute(SCHEMA)

    def take(
        self,
        *,
        body: str,
        reference: str,
        facts: dict[str, Any],
        callback_url: str,
        idempotency_key: str | None,
    ) -> tuple[Request, bool]:
        """Store a request; the same idempotency key gives the first one back (second value False)."""
        if idempotency_key:
            row = self._db.execute(
                "SELECT id FROM request WHERE idempotency_key = ?", (idempotency_key,)
            ).fetchone()
            if row:
                found = self.find(row[0])
                assert found is not None
                return found, False
        name = uuid.uuid4().hex
        self._db.execute(
            "INSERT INTO request (id, body, reference, facts, callback_url, received_at, state, idempotency_key) "
            "VALUES (?,?,?,?,?,?,?,?)",
            (name, body, reference, json.dumps(facts), callback_url, time.time(), PENDING, idempotency_key),
        )
        self._db.commit()
        stored = self.find(name)
        assert stored is not None
        return stored, True

    def find(self, name: str) -> Request | None:
        """The request of that id, or None."""
        rows = self._rows("WHERE id = ?", name)
        return rows[0] if rows else None

    def listing(self, limit: int = 50) -> list[Request]:
        """Waiting requests first, then the newest answered."""
        return self._rows("ORDER BY state != 'pending', received_at DESC LIMIT ?", limit)

    def due(self, body: str, older_than: float) -> list[Request]:
        """Requests of `body` that wait since before `older_than` (unix seconds)."""
        return self._rows("WHERE state = 'pending' AND body = ? AND received_at <= ?", body, older_than)

    def answer(self, request: Request, *, state: str, reason: dict[str, str] | None = None) -> Request:
        """Give the final answer and send the signed notice. An answer may be changed: a new notice goes out."""
        self._db.execute(
            "UPDATE request SET state=?, reason=?, answered_at=? WHERE id=?",
            (state, json.dumps(reason or {}), time.time(), request.id),
        )
        self._db.commit()
        final = self.find(request.id)
        assert final is not None
        if final.callback_url:
            body = json.dumps({"type": "request_answered", "data": final.as_json()}).encode()
            self._postman.post(url=final.callback_url, body=body, subject=final.id)
        return final

    def _rows(self, clause: str, *values: object) -> list[Request]:
        rows = self._db.execute(
            "SELECT id, body, reference, facts, callback_url, received_at, state, reason, answered_at "
            f"FROM request {clause}",
            values,
        ).fetchall()
        return [
            Request(r[0], r[1], r[2], json.loads(r[3]), r[4], r[5], r[6], json.loads(r[7]), r[8])
            for r in rows
        ]
