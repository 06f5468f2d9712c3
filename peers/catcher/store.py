"""Messages that were caught, in SQLite; a message that comes again with the same key counts as a copy."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, recipient TEXT NOT NULL, sender TEXT NOT NULL,
    subject TEXT NOT NULL, text TEXT NOT NULL, html TEXT NOT NULL, attachments TEXT NOT NULL, reference TEXT NOT NULL,
    received_at TEXT NOT NULL, copies INTEGER NOT NULL DEFAULT 0, UNIQUE (kind, key, recipient)
);
CREATE INDEX IF NOT EXISTS message_recipient ON message (recipient, id);
"""
COLUMNS = "id, kind, key, recipient, sender, subject, text, html, attachments, reference, received_at, copies"


@dataclass(frozen=True)
class Message:
    """One caught message; `copies` counts how often it came again with the same key."""

    id: int
    kind: str
    key: str
    recipient: str
    sender: str
    subject: str
    text: str
    html: str
    attachments: str
    reference: str
    received_at: str
    copies: int

    def as_json(self) -> dict[str, Any]:
        """The message as the JSON API shows it."""
        return {**vars(self), "to": self.recipient, "duplicate": self.copies > 0}


@dataclass(frozen=True)
class Caught:
    """What came in, before it has an id."""

    kind: str
    key: str
    recipient: str
    sender: str
    subject: str = ""
    text: str = ""
    html: str = ""
    attachments: str = ""
    reference: str = ""


def _last_digits(mobile: str) -> str:
    """The nine digits that tell mobiles apart, however they were typed: `05...`, `+9665...`, Arabic digits."""
    return "".join(str(int(sign)) for sign in mobile if sign.isdigit())[-9:]


class Store:
    """The table of messages."""

    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(SCHEMA)

    def add(self, caught: Caught) -> tuple[Message, bool]:
        """Keep a message; the second value is False when it was here before (then `copies` grows)."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        fresh = (
            self._db.execute(
                "INSERT OR IGNORE INTO message (kind, key, recipient, sender, subject, text, html, attachments, "
                "reference, received_at) VALUES (?,?,?,?,?,?,?,?,?,?)",
                (
                    caught.kind,
                    caught.key,
                    caught.recipient,
                    caught.sender,
                    caught.subject,
                    caught.text,
                    caught.html,
                    caught.attachments,
                    caught.reference,
                    now,
                ),
            ).rowcount
            == 1
        )
        where = (caught.kind, caught.key, caught.recipient)
        if not fresh:
            self._db.execute(
                "UPDATE message SET copies = copies + 1 WHERE kind = ? AND key = ? AND recipient = ?", where
            )
        row = self._db.execute(
            f"SELECT {COLUMNS} FROM message WHERE kind = ? AND key = ? AND recipient = ?", where
        ).fetchone()
        return Message(*row), fresh

    def find(self, number: int) -> Message | None:
        """The message of that id, or None."""
        row = self._db.execute(f"SELECT {COLUMNS} FROM message WHERE id = ?", (number,)).fetchone()
        return Message(*row) if row else None

    def listing(
        self, *, to: str = "", kind: str = "", search: str = "", after: int = 0, limit: int = 100
    ) -> list[Message]:
        """Newest first.

        `to` is a mail address or a mobile in any spelling, `search` looks in recipient, subject and text, `after` is
        an id.
        """
        clauses, values = ["id > ?"], [after]
        wanted: list[Any] = list(values)
        if "@" in to:
            clauses.append("recipient = ?")
            wanted.append(to.lower())
        elif to:
            clauses.append("substr(recipient, -9) = ?")
            wanted.append(_last_digits(to))
        if kind:
            clauses.append("kind = ?")
            wanted.append(kind)
        if search:
            clauses.append("instr(recipient || ' ' || subject || ' ' || text, ?) > 0")
            wanted.append(search)
        rows = self._db.execute(
            f"SELECT {COLUMNS} FROM message WHERE {' AND '.join(clauses)} ORDER BY id DESC LIMIT ?",
            (*wanted, limit),
        ).fetchall()
        return [Message(*row) for row in rows]

    def clear(self) -> None:
        """Forget every message."""
        self._db.execute("DELETE FROM message")
