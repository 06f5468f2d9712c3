"""The switches of a peer as JSON (for tests and scripts) and as a form (for people)."""

from typing import Any

from aiohttp import web

from peers.base.server import bad_request, read_object
from peers.base.switches import Board, UnknownSwitch

STATES: dict[str, tuple[str, str]] = {
    "up": ("يعمل", "up"),
    "down": ("متوقف: لا جواب", "down: no answer"),
    "slow": ("بطيء", "slow"),
    "no": ("يجيب بالرفض", "answers no"),
    "wrong": ("جواب فاسد", "malformed answer"),
    "silent": ("يستلم ولا يجيب", "accepts and stays silent"),
    "refuse": ("يرفض الاستلام", "refuses to accept"),
    "cut": ("يستلم ثم ينقطع", "accepts, then the line breaks"),
    "no_receipts": ("بلا إشعار وصول", "no delivery receipts"),
    "busy": ("مشغول: أعد المحاولة لاحقا", "busy: try again later"),
    "gone": ("أُغلق نهائيا", "gone for good"),
    "undelivered": ("لا يصل إلى الجوال", "not delivered to the phone"),
}


def add_control(app: web.Application, board: Board) -> None:
    """Add `/control/switches` (GET), `/control/switches/{name}` (PUT), `/control/reset` (POST), `/switches`."""

    async def show(request: web.Request) -> web.Response:
        return web.json_response({"switches": [switch.as_json() for switch in board.all()]})

    async def put(request: web.Request) -> web.Response:
        body = await read_object(request)
        switch = _turn(board, request.match_info["name"], body)
        return web.json_response(switch)

    async def reset(request: web.Request) -> web.Response:
        board.reset()
        return await show(request)

    async def form(request: web.Request) -> web.Response:
        data = await request.post()
        _turn(
            board,
            str(data.get("name", "")),
            {"state": str(data.get("state", "")), "seconds": str(data.get("seconds", "3"))},
        )
        lang = "en" if request.query.get("lang") == "en" else "ar"
        raise web.HTTPSeeOther(f"/?lang={lang}")

    app.router.add_get("/control/switches", show)
    app.router.add_put("/control/switches/{name}", put)
    app.router.add_post("/control/reset", reset)
    app.router.add_post("/switches", form)


def _turn(board: Board, name: str, body: dict[str, Any]) -> dict[str, Any]:
    try:
        seconds = float(body["seconds"]) if body.get("seconds") not in (None, "") else None
        options = body.get("options") or {}
        if not isinstance(options, dict):
            raise ValueError
        return board.turn(name, state=str(body.get("state", "")), seconds=seconds, options=options).as_json()
    except UnknownSwitch as error:
        raise bad_request("unknown_switch_or_state", detail=str(error.args[0])) from None
    except ValueError:
        raise bad_request("seconds_or_options_not_understood") from None
