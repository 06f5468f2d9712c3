"""The page with the messages, newest first, and the JSON API that tests read."""

import re
from pathlib import Path

from aiohttp import web

from peers.base.control import STATES
from peers.base.guard import is_loopback_url
from peers.base.server import bad_request, read_object
from peers.base.texts import environment, page
from peers.catcher.service import Catcher, segments
from peers.catcher.store import Message

ENV = environment(Path(__file__).parent / "templates")
NAMES = {"mail": ("البريد", "Mail"), "sms": ("الرسائل القصيرة", "SMS")}
LINK = re.compile(r"https?://[^\s<>\"]+")


def links(message: Message) -> list[str]:
    """Addresses in the text that lead to this machine, to be clicked on the page."""
    return [
        found.rstrip(".,)") for found in LINK.findall(message.text) if is_loopback_url(found.rstrip(".,)"))
    ]


def add_pages(app: web.Application, catcher: Catcher) -> None:
    """Add `/`, `/messages/{id}/html`, `/api/messages` and the control of the receipt address."""

    async def home(request: web.Request) -> web.Response:
        found = _listing(request, catcher)
        return page(
            request,
            ENV,
            "catcher.html",
            messages=found,
            to=request.query.get("to", ""),
            search=request.query.get("q", ""),
            switches=catcher.board.all(),
            names=NAMES,
            states=STATES,
            segments=segments,
            links=links,
        )

    async def body(request: web.Request) -> web.Response:
        message = _asked(request, catcher)
        return web.Response(
            text=message.html or "<p></p>",
            content_type="text/html",
            headers={
                "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
                "X-Content-Type-Options": "nosniff",
            },
        )

    async def api(request: web.Request) -> web.Response:
        found = _listing(request, catcher)
        return web.json_response({"count": len(found), "messages": [message.as_json() for message in found]})

    async def one(request: web.Request) -> web.Response:
        return web.json_response(_asked(request, catcher).as_json())

    async def clear(request: web.Request) -> web.Response:
        catcher.store.clear()
        return web.json_response({"count": 0})

    async def receipts(request: web.Request) -> web.Response:
        return web.json_response(
            {
                "receipt_url": catcher.receipt_url,
                "notices": catcher.postman.listing(subject=request.query.get("reference")),
            }
        )

    async def put_receipts(request: web.Request) -> web.Response:
        url = (await read_object(request)).get("receipt_url", "")
        if not isinstance(url, str) or (url and not is_loopback_url(url)):
            raise bad_request("receipt_url_must_be_on_loopback")
        catcher.receipt_url = url
        return web.json_response({"receipt_url": url})

    app.router.add_get("/", home)
    app.router.add_get("/messages/{id}/html", body)
    app.router.add_get("/api/messages", api)
    app.router.add_get("/api/messages/{id}", one)
    app.router.add_delete("/api/messages", clear)
    app.router.add_get("/control/receipts", receipts)
    app.router.add_put("/control/receipts", put_receipts)


def _listing(request: web.Request, catcher: Catcher) -> list[Message]:
    query = request.query
    try:
        after, limit = int(query.get("after", 0)), min(int(query.get("limit", 100)), 1000)
    except ValueError:
        raise bad_request("after_and_limit_are_numbers") from None
    to = query.get("to", "").strip()
    return catcher.store.listing(
        to=to,
        kind=query.get("kind", ""),
        search=query.get("q", "").strip(),
        after=after,
        limit=limit,
    )


def _asked(request: web.Request, catcher: Catcher) -> Message:
    number = request.match_info["id"]
    message = catcher.store.find(int(number)) if number.isdigit() else None
    if message is None:
        raise web.HTTPNotFound(text='{"error": "unknown_message"}', content_type="application/json")
    return message
