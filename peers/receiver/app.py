"""The application of the receiver: `POST /events` takes webhooks, `/` shows them."""

import json
from pathlib import Path
from typing import Any

from aiohttp import web

from peers.base.control import STATES, add_control
from peers.base.server import bad_request, new_app, read_object
from peers.base.switches import Board
from peers.base.texts import environment, language, page
from peers.receiver.checking import NotGenuine, check
from peers.receiver.store import Store

ENV = environment(Path(__file__).parent / "templates")
NAMES = {"receiver": ("استلام الأحداث", "Taking events")}
SWITCHES = {"receiver": ("up", "down", "slow", "refuse", "wrong", "busy", "gone")}
ANSWERS = {"refuse": 400, "wrong": 500, "busy": 429, "gone": 410}
SHOWN = 100


class Receiver:
    """State and handlers of the peer."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.board = Board(SWITCHES)

    async def take(self, request: web.Request) -> web.StreamResponse:
        """`POST /events`: 204 for a genuine event, new or not; 401 for any other post; else what the switch says."""
        body = await request.read()
        state = await self.board.gate("receiver", request)
        if state in ANSWERS:
            seconds = str(int(self.board["receiver"].seconds))
            return web.Response(
                status=ANSWERS[state], headers={"Retry-After": seconds} if state == "busy" else {}
            )
        try:
            identity = check(body, request.headers, self.store.secrets)
            event = json.loads(body)
            if (
                not isinstance(event, dict)
                or event.get("specversion") != "1.0"
                or event.get("id") != identity
            ):
                raise NotGenuine("not the CloudEvent that its headers name")
        except (NotGenuine, ValueError) as error:
            self.store.refuse(str(error))
            return web.json_response({"error": "not_genuine"}, status=401)
        self.store.keep(identity, event)
        return web.Response(status=204)

    async def home(self, request: web.Request) -> web.Response:
        """The page: switches, secrets, what came."""
        return page(
            request,
            ENV,
            "receiver.html",
            switches=self.board.all(),
            names=NAMES,
            states=STATES,
            counts=self.store.counts(),
            events=self.store.events(limit=SHOWN),
            refusals=self.store.refusals(limit=10),
            secrets=len(self.store.secrets),
        )

    async def add_secret(self, request: web.Request) -> web.Response:
        """The form: one more secret."""
        data = await request.post()
        self._accept(str(data.get("secret", "")).strip())
        raise web.HTTPSeeOther(f"/?lang={language(request)}")

    async def put_secret(self, request: web.Request) -> web.Response:
        """`POST /control/secrets {"secret": "whsec_..."}`."""
        self._accept(str((await read_object(request)).get("secret", "")))
        return web.json_response({"secrets": len(self.store.secrets)})

    def _accept(self, secret: str) -> None:
        if not secret.startswith("whsec_") or len(secret) > 120:
            raise bad_request("not_a_secret")
        self.store.add_secret(secret)

    async def listing(self, request: web.Request) -> web.Response:
        """`GET /control/events`: what came, in the order in which it first came, with counts."""
        found: list[dict[str, Any]] = [
            {**vars(event), "at": event.first_at}
            for event in self.store.events(limit=int(request.query.get("limit", "1000")), oldest_first=True)
        ]
        return web.json_response({**self.store.counts(), "list": found})

    async def counts(self, request: web.Request) -> web.Response:
        """`GET /control/counts`."""
        return web.json_response(self.store.counts())

    async def forget(self, request: web.Request) -> web.Response:
        """`DELETE /control/events`."""
        self.store.forget()
        return web.json_response(self.store.counts())


def build(store: Store) -> web.Application:
    """The application of the receiver peer."""
    receiver = Receiver(store)
    app = new_app()
    add_control(app, receiver.board)
    app.router.add_post("/events", receiver.take)
    app.router.add_get("/", receiver.home)
    app.router.add_post("/secrets", receiver.add_secret)
    app.router.add_post("/control/secrets", receiver.put_secret)
    app.router.add_get("/control/events", receiver.listing)
    app.router.add_get("/control/counts", receiver.counts)
    app.router.add_delete("/control/events", receiver.forget)
    return app
