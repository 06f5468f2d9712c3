"""What was issued and what was revoked: one SQLite table."""

import datetime as dt
import sqlite3
from dataclasses import dataclass
from pathlib import Path

REASONS = (
    "key_compromise",
    "affiliation_changed",
    "superseded",
    "cessation_of_operation",
    "privilege_withdrawn",
    "unspecified",
)


@dataclass(frozen=True)
class Entry:
    """One certificate: serial, subject as text, PEM, and since when and why it is revoked (None = it is not)."""

    serial: int
    subject: str
    profile: str
    pem: str
    revoked_at: dt.datetime | None
    reason: str


class Ledger:
    """The table of issued certificates, in a file of the data folder."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS issued (serial TEXT PRIMARY KEY, subject TEXT NOT NULL, profile TEXT NOT NULL,"
            " pem TEXT NOT NULL, issued_at TEXT NOT NULL, revoked_at TEXT, reason TEXT NOT NULL DEFAULT '')"
        )
        self._db.execute("CREATE TABLE IF NOT EXISTS crl (id INTEGER PRIMARY KEY AUTOINCREMENT)")

    def add(self, *, serial: int, subject: str, profile: str, pem: str) -> None:
        """Record a certificate before it is handed out."""
        self._db.execute(
            "INSERT INTO issued (serial, subject, profile, pem, issued_at) VALUES (?, ?, ?, ?, ?)",
            (str(serial), subject, profile, pem, _now().isoformat()),
        )

    def revoke(self, *, serial: int, reason: str) -> Entry | None:
        """Mark a certificate as revoked now; asked again, the first time and reason stay. None: unknown serial."""
        self._db.execute(
            "UPDATE issued SET revoked_at = ?, reason = ? WHERE serial = ? AND revoked_at IS NULL",
            (_now().isoformat(), reason, str(serial)),
        )
        return self.find(serial)

    def find(self, serial: int) -> Entry | None:
        """The entry of a serial number."""
        row = self._db.execute(f"{_SELECT} WHERE serial = ?", (str(serial),)).fetchone()
        return _entry(row) if row else None

    def all(self) -> list[Entry]:
        """Everything issued, newest first."""
        return [_entry(row) for row in self._db.execute(f"{_SELECT} ORDER BY issued_at DESC")]

    def revoked(self) -> list[Entry]:
        """Everything revoked."""
        return [
            _entry(row)
            for row in self._db.execute(f"{_SELECT} WHERE revoked_at IS NOT NULL ORDER BY revoked_at")
        ]

    def next_crl_number(self) -> int:
        """A number larger than that of every CRL before."""
        return int(self._db.execute("INSERT INTO crl DEFAULT VALUES").lastrowid or 0)


_SELECT = "SELECT serial, subject, profile, pem, revoked_at, reason FROM issued"


def _entry(row: tuple[str, str, str, str, str | None, str]) -> Entry:
    serial, subject, profile, pem, revoked_at, reason = row
    since = dt.datetime.fromisoformat(revoked_at) if revoked_at else None
    return Entry(int(serial), subject, profile, pem, since, reason)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
