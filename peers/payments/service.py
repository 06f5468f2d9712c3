"""The gateway's API (for billers) and the act of paying (for everybody)."""

import json
import sqlite3
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aiohttp import web

from peers.base.delivery import Keys, Postman
from peers.base.server import bad_request, read_object, require_key
from peers.base.signing import new_id
from peers.base.switches import Board
from peers.payments.faults import LATE_SECONDS, Faults
from peers.payments.ledger import INITIATED, PAID, Bill, BillConflict, Ledger, Payment, iso

MAX_AMOUNT = 100_000_000_000


@dataclass(frozen=True)
class Options:
    """Everything the gateway needs to run; an empty `notice_url` sends no notices."""

    api_key: str
    signing_key: str
    notice_url: str = ""
    database: str = ":memory:"


class NotPayable(Exception):
    """The bank refuses to take this bill; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Gateway:
    """State and handlers of the gateway."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.board = Board({"gateway": ("up", "down", "slow", "wrong"), "bank": ("up", "down", "slow")})
        self.faults = Faults(set())
        self.notice_url = options.notice_url
        database = sqlite3.connect(options.database, isolation_level=None)
        self.ledger = Ledger(database)
        self.postman = Postman(database, Keys(good=options.signing_key))

    async def background(self, app: web.Application) -> AsyncIterator[None]:
        """Deliver notices while the peer runs."""
        self.postman.start()
        yield
        await self.postman.stop()

    async def create(self, request: web.Request) -> web.StreamResponse:
        """`POST /v1/bills` `{biller_code, bill_number, amount, expires_at, description}`: 201, status initiated."""
        require_key(request, self.options.api_key)
        if await self.board.gate("gateway", request) == "wrong":
            return web.Response(text='{"id": "', content_type="application/json")
        fields = _bill_fields(await read_object(request))
        try:
            bill = self.ledger.create(**fields)
        except BillConflict:
            raise web.HTTPConflict(
                text='{"error": "bill_exists_with_other_terms"}', content_type="application/json"
            ) from None
        return web.json_response(bill.as_json(), status=201)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """`GET /v1/bills/{biller}/{number}`."""
        require_key(request, self.options.api_key)
        if await self.board.gate("gateway", request) == "wrong":
            return web.Response(text='{"id": "', content_type="application/json")
        return web.json_response(self._asked_bill(request).as_json())

    async def expire(self, request: web.Request) -> web.StreamResponse:
        """`POST /v1/bills/{biller}/{number}/expire`: the biller takes an unpaid bill back."""
        require_key(request, self.options.api_key)
        await self.board.gate("gateway", request)
        bill = self._asked_bill(request)
        if bill.status == PAID:
            raise web.HTTPConflict(text='{"error": "bill_is_paid"}', content_type="application/json")
        self.ledger.withdraw(bill)
        return web.json_response(self._asked_bill(request).as_json())

    async def reconcile(self, request: web.Request) -> web.StreamResponse:
        """`GET /v1/reconciliation?date=2026-11-21&biller_code=901`: every payment of that day."""
        require_key(request, self.options.api_key)
        await self.board.gate("gateway", request)
        try:
            day = date.fromisoformat(request.query.get("date", ""))
        except ValueError:
            raise bad_request("date_expected") from None
        biller = request.query.get("biller_code", "")
        items = self.ledger.payments_on(day, biller)
        return web.json_response(
            {
                "date": day.isoformat(),
                "biller_code": biller,
                "count": len(items),
                "total": sum(item.amount for item in items),
                "items": [item.as_json() for item in items],
            }
        )

    def pay(self, bill: Bill, *, asked_faults: list[str], bank: str = "80") -> list[Payment]:
        """Pay at the bank. Raises `NotPayable` (`paid_already`, `expired`); faults act as switched."""
        faults = self.faults.for_payment(asked_faults)
        if bill.status == PAID and "twice" not in faults:
            raise NotPayable("paid_already")
        if bill.status not in (INITIATED, PAID) and "after_expiry" not in faults:
            raise NotPayable("expired")
        times = 2 if "twice" in faults and bill.status != PAID else 1
        payments = [self.ledger.pay(bill, bank=bank) for _ in range(times)]
        if "no_notice" not in faults:
            for payment in payments:
                self._notify(payment, faults)
        return payments

    def _notify(self, payment: Payment, faults: set[str]) -> None:
        if not self.notice_url:
            return
        data = payment.as_json()
        if "wrong_amount" in faults:
            data["amount"] = payment.amount - 100
        notice_id = new_id()
        body = json.dumps(
            {"id": notice_id, "type": "payment_paid", "created_at": iso(time.time()), "data": data},
            separators=(",", ":"),
        ).encode()
        for _ in range(2 if "repeat" in faults else 1):
            self.postman.post(
                url=self.notice_url,
                body=body,
                notice_id=notice_id,
                wrong_key="wrong_key" in faults,
                subject=f"{payment.biller}/{payment.number}",
                after=LATE_SECONDS if "late_notice" in faults else 0.0,
            )

    def _asked_bill(self, request: web.Request) -> Bill:
        bill = self.ledger.find(request.match_info["biller"], request.match_info["number"])
        if bill is None:
            raise web.HTTPNotFound(text='{"error": "unknown_bill"}', content_type="application/json")
        return bill


def _bill_fields(body: dict[str, Any]) -> dict[str, Any]:
    biller, number, amount = body.get("biller_code"), body.get("bill_number"), body.get("amount")
    if not isinstance(biller, str) or not (biller.isascii() and biller.isdigit() and len(biller) == 3):
        raise bad_request("biller_code_is_three_digits")
    if not isinstance(number, str) or not (number.isascii() and number.isdigit() and 6 <= len(number) <= 20):
        raise bad_request("bill_number_is_6_to_20_digits")
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 < amount <= MAX_AMOUNT:
        raise bad_request("amount_is_halalas_above_zero")
    try:
        expires = datetime.fromisoformat(str(body.get("expires_at", "")))
    except ValueError:
        raise bad_request("expires_at_is_iso_8601") from None
    if expires.tzinfo is None:
        raise bad_request("expires_at_needs_a_time_zone")
    return {
        "biller": biller,
        "number": number,
        "amount": amount,
        "description": str(body.get("description", ""))[:200],
        "expires_at": expires.timestamp(),
    }
