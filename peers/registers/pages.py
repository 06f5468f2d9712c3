"""The page of the registers (switches, waiting requests, log) and its JSON twin under `/control/`."""

from pathlib import Path

from aiohttp import web

from peers.base.control import STATES
from peers.base.server import bad_request, read_object
from peers.base.texts import environment, language, page
from peers.registers.records import KEY_FIELDS
from peers.registers.requests import APPROVED, REJECTED, REJECTION
from peers.registers.service import Registers

ENV = environment(Path(__file__).parent / "templates")
NAMES = {
    "people": ("سجل الأفراد", "People register"),
    "commercial": ("السجل التجاري", "Commercial register"),
    "leases": ("عقود الإيجار", "Leases"),
    "deeds": ("الصكوك", "Deeds"),
    "civil_defence": ("تصاريح السلامة (الدفاع المدني)", "Safety permits (civil defence)"),
    "building_permits": ("رخص البناء", "Building permits"),
    "sanctions": ("قوائم الحظر", "Sanctions lists"),
    "civil_defence_requests": ("طلبات الدفاع المدني", "Civil defence requests"),
    "supervising_body_requests": ("طلبات الجهة المشرفة", "Supervising body requests"),
}


def add_pages(app: web.Application, registers: Registers) -> None:
    """Add `/`, `/answer` and the JSON control of records, requests and the log."""

    async def home(request: web.Request) -> web.Response:
        return page(
            request,
            ENV,
            "registers.html",
            switches=registers.board.all(),
            names=NAMES,
            states=STATES,
            counts={name: registers.records.count(name) for name in KEY_FIELDS},
            requests=registers.desk.listing(),
            log=list(registers.log)[:40],
        )

    async def answer(request: web.Request) -> web.Response:
        data = await request.post()
        _answer(registers, str(data.get("id", "")), str(data.get("state", "")), None)
        raise web.HTTPSeeOther(f"/?lang={language(request)}")

    async def answer_json(request: web.Request) -> web.Response:
        body = await read_object(request)
        reason = body.get("reason")
        return web.json_response(
            _answer(
                registers,
                request.match_info["id"],
                str(body.get("state", "")),
                reason if isinstance(reason, dict) else None,
            )
        )

    async def put_record(request: web.Request) -> web.Response:
        register, key = _record_place(request)
        registers.records.put(register, key, await read_object(request))
        return web.json_response({"register": register, "key": key})

    async def drop_record(request: web.Request) -> web.Response:
        register, key = _record_place(request)
        if request.query.get("as") == "not_found":
            registers.records.put(register, key, None)
        else:
            registers.records.drop(register, key)
        return web.json_response({"register": register, "key": key})

    async def listing(request: web.Request) -> web.Response:
        reference = request.query.get("reference")
        return web.json_response(
            {
                "requests": [
                    item.as_json()
                    for item in registers.desk.listing(500)
                    if reference in (None, item.reference)
                ]
            }
        )

    async def log(request: web.Request) -> web.Response:
        wanted = request.query.get("request_id")
        return web.json_response(
            {"log": [vars(entry) for entry in registers.log if wanted in (None, entry.request_id)]}
        )

    app.router.add_get("/", home)
    app.router.add_post("/answer", answer)
    app.router.add_get("/control/requests", listing)
    app.router.add_put("/control/requests/{id}", answer_json)
    app.router.add_put("/control/records/{register}/{key}", put_record)
    app.router.add_delete("/control/records/{register}/{key}", drop_record)
    app.router.add_get("/control/log", log)


def _record_place(request: web.Request) -> tuple[str, str]:
    register = request.match_info["register"]
    if register not in KEY_FIELDS:
        raise bad_request("unknown_register", known=list(KEY_FIELDS))
    return register, request.match_info["key"]


def _answer(registers: Registers, name: str, state: str, reason: dict[str, str] | None) -> dict[str, object]:
    waiting = registers.desk.find(name)
    if waiting is None or state not in (APPROVED, REJECTED):
        raise bad_request("unknown_request_or_state")
    final = registers.desk.answer(
        waiting, state=state, reason=(reason or REJECTION) if state == REJECTED else None
    )
    return final.as_json()
