"""The registers over HTTP: `GET /v1/{register}` asks, `POST /v1/requests/{body}` asks for a later answer."""

import asyncio
import contextlib
import sqlite3
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from peers.base import guard
from peers.base.delivery import Keys, Postman
from peers.base.server import bad_request, read_object, require_key
from peers.base.switches import Board
from peers.registers.records import KEY_FIELDS, NO_STATUS, Record, Records
from peers.registers.requests import APPROVED, BODIES, REJECTED, REJECTION, Desk

LOOKUP_STATES = ("up", "down", "slow", "no", "wrong")
SWITCHES = {
    **dict.fromkeys(KEY_FIELDS, LOOKUP_STATES),
    "civil_defence_requests": (*LOOKUP_STATES, "silent"),
    "supervising_body_requests": (*LOOKUP_STATES, "silent"),
}
LOG_LENGTH = 500


@dataclass(frozen=True)
class Options:
    """Everything the registers need to run. `answer_after` None: only a person answers requests."""

    key: str
    seed: dict[str, dict[str, Record]] = field(default_factory=dict)
    answer_after: float | None = 5.0
    database: str = ":memory:"


@dataclass(frozen=True)
class Entry:
    """One line of the request log."""

    at: str
    request_id: str
    register: str
    key: str
    outcome: str
    took_ms: int


class Registers:
    """State and handlers of the peer."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.board = Board(SWITCHES)
        self.records = Records(options.seed)
        database = sqlite3.connect(options.database, isolation_level=None)
        self.postman = Postman(database, Keys(good=options.key))
        self.desk = Desk(database, self.postman)
        self.log: deque[Entry] = deque(maxlen=LOG_LENGTH)
        self._wrong = 0

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """`GET /v1/{register}?...`: 200 with the record, 404 with `found: false`."""
        require_key(request, self.options.key)
        register, started = request.match_info["register"], time.monotonic()
        if register not in KEY_FIELDS:
            raise bad_request("unknown_register", known=list(KEY_FIELDS))
        query = {name: value.strip() for name, value in request.query.items()}
        key = query.get(KEY_FIELDS[register], "")
        if not key:
            raise bad_request("missing_parameter", parameter=KEY_FIELDS[register])
        if self.board[register].state != "up":
            self._note(request, register, key, self.board[register].state, started)
        state = await self.board.gate(register, request)
        if state == "wrong":
            return self._malformed(register)
        record = self.records.find(register, query)
        if state == "no":
            record = self._negative(register, record)
        self._note(request, register, key, "found" if record else "not_found", started)
        head = {
            "register": register,
            "request_id": request.headers.get("X-Request-Id", ""),
            "answered_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        if record is None:
            return web.json_response({**head, "found": False}, status=404)
        return web.json_response({**head, "found": True, "record": record})

    def _negative(self, register: str, record: Record | None) -> Record | None:
        status = str(self.board[register].options.get("status", NO_STATUS[register]))
        if record is None or status == "not_found":
            return None
        return {**record, "status": status}

    def _malformed(self, register: str) -> web.Response:
        """Take turns between a page, a cut object, wrong types and an empty body; `shape` fixes one."""
        shapes = {
            "html": ("text/html", "<html><body>Service temporarily unavailable</body></html>"),
            "cut": ("application/json", '{"register": "' + register + '", "found": true, "record": {"numb'),
            "types": ("application/json", '{"found": "yes", "record": ["status", 7]}'),
            "empty": ("application/json", ""),
        }
        self._wrong += 1
        shape = str(self.board[register].options.get("shape", list(shapes)[self._wrong % len(shapes)]))
        kind, text = shapes.get(shape, shapes["html"])
        return web.Response(text=text, content_type=kind)

    def _note(self, request: web.Request, register: str, key: str, outcome: str, started: float) -> None:
        entry = Entry(
            datetime.now(UTC).isoformat(timespec="milliseconds"),
            request.headers.get("X-Request-Id", ""),
            register,
            key,
            outcome,
            int((time.monotonic() - started) * 1000),
        )
        self.log.appendleft(entry)

    async def submit(self, request: web.Request) -> web.StreamResponse:
        """`POST /v1/requests/{body}` with `{reference, facts, callback_url}`: 202 and an id."""
        require_key(request, self.options.key)
        body, started = self._body(request), time.monotonic()
        data = await read_object(request)
        reference, facts = data.get("reference"), data.get("facts", {})
        callback = data.get("callback_url", "")
        if not isinstance(reference, str) or not reference or not isinstance(facts, dict):
            raise bad_request("reference_and_facts_expected")
        if callback and (not isinstance(callback, str) or not guard.is_loopback_url(callback)):
            raise bad_request("callback_must_be_on_loopback")
        state = await self.board.gate(f"{body}_requests", request)
        if state == "wrong":
            return self._malformed(f"{body}_requests")
        stored, fresh = self.desk.take(
            body=body,
            reference=reference,
            facts=facts,
            callback_url=callback,
            idempotency_key=request.headers.get("Idempotency-Key"),
        )
        self._note(request, f"{body}_requests", reference, "accepted" if fresh else "repeated", started)
        return web.json_response(stored.as_json(), status=202)

    async def poll(self, request: web.Request) -> web.StreamResponse:
        """`GET /v1/requests/{body}/{id}`: pending, approved or rejected with a reason."""
        require_key(request, self.options.key)
        body = self._body(request)
        state = await self.board.gate(f"{body}_requests", request)
        if state == "wrong":
            return self._malformed(f"{body}_requests")
        found = self.desk.find(request.match_info["id"])
        if found is None or found.body != body:
            raise web.HTTPNotFound(text='{"error": "unknown_request"}', content_type="application/json")
        return web.json_response(found.as_json())

    @staticmethod
    def _body(request: web.Request) -> str:
        body = request.match_info["body"]
        if body not in BODIES:
            raise bad_request("unknown_body", known=list(BODIES))
        return body

    def answer_due(self) -> None:
        """Answer what has waited long enough, unless the body is down or silent."""
        if self.options.answer_after is None:
            return
        for body in BODIES:
            switch = self.board[f"{body}_requests"]
            if switch.state in ("down", "silent", "wrong"):
                continue
            wait = self.options.answer_after + (switch.seconds if switch.state == "slow" else 0)
            for waiting in self.desk.due(body, time.time() - wait):
                if switch.state == "no":
                    self.desk.answer(waiting, state=REJECTED, reason=REJECTION)
                else:
                    self.desk.answer(waiting, state=APPROVED)

    async def background(self, app: web.Application) -> AsyncIterator[None]:
        """Deliver notices and answer requests while the peer runs."""
        self.postman.start()
        task = asyncio.create_task(self._clock())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await self.postman.stop()

    async def _clock(self) -> None:
        while True:
            self.answer_due()
            await asyncio.sleep(0.2)
