"""Bills and payments of the gateway, in SQLite. Amounts are integer halalas, moments unix seconds."""

import sqlite3
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

RIYADH = ZoneInfo("Asia/Riyadh")
INITIATED, PAID, EXPIRED, FAILED = "initiated", "paid", "expired", "failed"
SCHEMA = """
CREATE TABLE IF NOT EXISTS bill (
    biller TEXT NOT NULL, number TEXT NOT NULL, id TEXT NOT NULL UNIQUE, amount INTEGER NOT NULL,
    description TEXT NOT NULL, created_at REAL NOT NULL, expires_at REAL NOT NULL, withdrawn INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (biller, number)
);
CREATE TABLE IF NOT EXISTS payment (
    id TEXT PRIMARY KEY, biller TEXT NOT NULL, number TEXT NOT NULL, amount INTEGER NOT NULL,
    paid_at REAL NOT NULL, bank TEXT NOT NULL
);
"""


class BillConflict(Exception):
    """The same biller and number was created before with another amount or expiry."""


@dataclass(frozen=True)
class Bill:
    """A bill as the gateway knows it; `paid_count` above 1 means paid twice."""

    biller: str
    number: str
    id: str
    amount: int
    description: str
    created_at: float
    expires_at: float
    withdrawn: bool
    paid_count: int

    @property
    def status(self) -> str:
        """initiated, paid or expired."""
        if self.paid_count:
            return PAID
        return EXPIRED if self.withdrawn or self.expires_at <= time.time() else INITIATED

    def as_json(self) -> dict[str, Any]:
        """The bill in the shape of the gateway's API."""
        return {
            "id": self.id,
            "status": self.status,
            "amount": self.amount,
            "currency": "SAR",
            "description": self.description,
            "created_at": iso(self.created_at),
            "source": {
                "type": "sadadbill",
                "biller_code": self.biller,
                "sadad_number": self.number,
                "expired_at": iso(self.expires_at),
            },
        }


@dataclass(frozen=True)
class Payment:
    """One payment at a bank."""

    id: str
    biller: str
    number: str
    amount: int
    paid_at: float
    bank: str

    def as_json(self) -> dict[str, Any]:
        """The payment as a notice and the reconciliation list carry it."""
        return {
            "payment_id": self.id,
            "biller_code": self.biller,
            "bill_number": self.number,
            "amount": self.amount,
            "currency": "SAR",
            "paid_at": iso(self.paid_at),
            "bank": self.bank,
            "channel": "internet",
        }


def iso(moment: float) -> str:
    """Unix seconds as ISO 8601 in UTC."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")


class Ledger:
    """The tables and the few statements on them."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database
        database.executescript(SCHEMA)

    def create(self, *, biller: str, number: str, amount: int, description: str, expires_at: float) -> Bill:
        """A new bill, or the same one again when asked twice; `BillConflict` when the two differ."""
        self._db.execute(
            "INSERT OR IGNORE INTO bill (biller, number, id, amount, description, created_at, expires_at) "
            "VALUES (?,?,?,?,?,?,?)",
            (biller, number, uuid.uuid4().hex, amount, description, time.time(), expires_at),
        )
        bill = self.find(biller, number)
        assert bill is not None
        if bill.amount != amount or abs(bill.expires_at - expires_at) > 1:
            raise BillConflict
        return bill

    def find(self, biller: str, number: str) -> Bill | None:
        """The bill, or None."""
        rows = self._bills("WHERE bill.biller = ? AND bill.number = ?", biller, number)
        return rows[0] if rows else None

    def latest(self, limit: int = 30) -> list[Bill]:
        """Newest bills first."""
        return self._bills("ORDER BY created_at DESC LIMIT ?", limit)

    def withdraw(self, bill: Bill) -> None:
        """The biller takes the bill back: it can no longer be paid."""
        self._db.execute(
            "UPDATE bill SET withdrawn = 1 WHERE biller=? AND number=?", (bill.biller, bill.number)
        )

    def pay(self, bill: Bill, *, bank: str) -> Payment:
        """Record one payment of the full amount."""
        payment = Payment(uuid.uuid4().hex, bill.biller, bill.number, bill.amount, time.time(), bank)
        self._db.execute(
            "INSERT INTO payment VALUES (?,?,?,?,?,?)",
            (payment.id, payment.biller, payment.number, payment.amount, payment.paid_at, payment.bank),
        )
        return payment

    def payments_on(self, day: date, biller: str) -> list[Payment]:
        """Payments of one day (Riyadh) for one biller, oldest first: the reconciliation list."""
        start = datetime(day.year, day.month, day.day, tzinfo=RIYADH)
        rows = self._db.execute(
            "SELECT id, biller, number, amount, paid_at, bank FROM payment "
            "WHERE biller = ? AND paid_at >= ? AND paid_at < ? ORDER BY paid_at, id",
            (biller, start.timestamp(), (start + timedelta(days=1)).timestamp()),
        ).fetchall()
        return [Payment(*row) for row in rows]

    def _bills(self, clause: str, *values: object) -> list[Bill]:
        rows = self._db.execute(
            "SELECT bill.biller, bill.number, bill.id, bill.amount, description, created_at, expires_at, withdrawn, "
            "(SELECT count(*) FROM payment p WHERE p.biller = bill.biller AND p.number = bill.number) "
            f"FROM bill {clause}",
            values,
        ).fetchall()
        return [
            Bill(
                biller=row[0],
                number=row[1],
                id=row[2],
                amount=row[3],
                description=row[4],
                created_at=row[5],
                expires_at=row[6],
                withdrawn=bool(row[7]),
                paid_count=row[8],
            )
            for row in rows
        ]
