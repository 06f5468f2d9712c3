"""The SMS side (`POST /sms`) and delivery receipts for both kinds."""

import json
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from peers.base.delivery import Keys, Postman
from peers.base.server import bad_request, read_object, require_key
from peers.base.switches import Board, break_connection
from peers.catcher.store import Caught, Message, Store

GSM_EXTRA = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉÄÖÑܧ¿äöñüà"


@dataclass(frozen=True)
class Options:
    """Everything the catcher needs to run; an empty `receipt_url` sends no receipts."""

    key: str
    receipt_url: str = ""
    database: str = ":memory:"


def segments(text: str) -> int:
    """SMS parts: 160/153 characters in the GSM alphabet, 70/67 otherwise (Arabic)."""
    plain = all((ord(letter) < 128 and letter != "`") or letter in GSM_EXTRA for letter in text)
    single, joined = (160, 153) if plain else (70, 67)
    length = len(text) if plain else len(text.encode("utf-16-be")) // 2
    return 1 if length <= single else -(-length // joined)


class Catcher:
    """State of the catcher. Receipts are queued here and delivered by the HTTP loop."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.board = Board(
            {
                "mail": ("up", "down", "slow", "refuse", "cut"),
                "sms": ("up", "down", "slow", "refuse", "cut", "undelivered", "no_receipts"),
            }
        )
        self.store = Store(options.database)
        self.receipt_url = options.receipt_url
        post = f"{options.database}-receipts" if options.database != ":memory:" else ":memory:"
        self.postman = Postman(sqlite3.connect(post, isolation_level=None), Keys(good=options.key))

    async def background(self, app: web.Application) -> AsyncIterator[None]:
        """Deliver receipts while the peer runs."""
        self.postman.start()
        yield
        await self.postman.stop()

    def keep(self, caught: Caught) -> tuple[Message, bool]:
        """Store a message that came in."""
        return self.store.add(caught)

    async def take_sms(self, request: web.Request) -> web.StreamResponse:
        """`POST /sms` `{to, sender, text, reference}` and `Idempotency-Key`: 202 and an id."""
        require_key(request, self.options.key)
        body = await read_object(request)
        to, text = body.get("to"), body.get("text")
        if not isinstance(to, str) or not to or not isinstance(text, str) or not text:
            raise bad_request("to_and_text_expected")
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            raise bad_request("idempotency_key_expected")
        state = await self.board.gate("sms", request)
        if state == "refuse":
            raise bad_request("refused_by_switch")
        message, fresh = self.keep(
            Caught(
                kind="sms",
                key=key,
                recipient=to,
                sender=str(body.get("sender", "")),
                text=text,
                reference=str(body.get("reference", "")),
            )
        )
        if fresh and state != "no_receipts":
            self._receipt(message, "undelivered" if state == "undelivered" else "delivered")
        if state == "cut":
            break_connection(request)
        return web.json_response(
            {"id": str(message.id), "status": "accepted", "segments": segments(text), "repeated": not fresh},
            status=202,
        )

    def _receipt(self, message: Message, status: str) -> None:
        if not self.receipt_url:
            return
        body = json.dumps(
            {
                "type": "delivery_receipt",
                "data": {
                    "id": str(message.id),
                    "reference": message.reference,
                    "to": message.recipient,
                    "status": status,
                    "at": datetime.now(UTC).isoformat(timespec="seconds"),
                },
            }
        ).encode()
        self.postman.post(url=self.receipt_url, body=body, subject=message.reference)
