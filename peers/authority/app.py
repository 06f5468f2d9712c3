"""The authority over HTTP: enrolment and revocation with a key, status and time for everybody."""

import json
from collections.abc import Callable
from pathlib import Path

from aiohttp import web
from cryptography.hazmat.primitives.serialization import Encoding

from peers.authority.authority import Authority, Refusal
from peers.base.control import add_control
from peers.base.server import bad_request, new_app, read_object, require_key
from peers.base.switches import Board

SWITCHES = dict.fromkeys(("enrol", "ocsp", "crl", "tsa"), ("up", "down", "slow"))


class Service:
    """Handlers of the peer."""

    def __init__(self, folder: Path, *, base: str, key: str) -> None:
        self.authority = Authority(folder, base=base)
        self.board = Board(SWITCHES)
        self._key = key

    async def enrol(self, request: web.Request) -> web.StreamResponse:
        """`POST /enrol {"csr": PEM, "profile": "position"|"seal"}` -> 201 certificate, chain, serial."""
        require_key(request, self._key)
        await self.board.gate("enrol", request)
        body = await read_object(request)
        try:
            pem, chain = self.authority.enrol(
                request_pem=str(body.get("csr", "")).encode(), profile=str(body.get("profile", ""))
            )
        except Refusal as refusal:
            raise bad_request(str(refusal)) from None
        return web.json_response({"certificate": pem, "chain": chain}, status=201)

    async def revoke(self, request: web.Request) -> web.StreamResponse:
        """`POST /revoke {"serial": "decimal", "reason": ...}` -> 200 with the time of revocation."""
        require_key(request, self._key)
        body = await read_object(request)
        serial = str(body.get("serial", ""))
        if not serial.isdigit():
            raise bad_request("serial_is_not_a_number")
        try:
            entry = self.authority.revoke(serial=int(serial), reason=str(body.get("reason", "unspecified")))
        except Refusal as refusal:
            raise bad_request(str(refusal)) from None
        assert entry.revoked_at is not None
        return web.json_response(
            {"serial": serial, "revoked_at": entry.revoked_at.isoformat(), "reason": entry.reason}
        )

    async def certificates(self, request: web.Request) -> web.StreamResponse:
        """`GET /certificates`: everything issued, newest first."""
        require_key(request, self._key)
        rows = [
            {
                "serial": str(item.serial),
                "subject": item.subject,
                "profile": item.profile,
                "revoked_at": item.revoked_at.isoformat() if item.revoked_at else None,
                "reason": item.reason,
            }
            for item in self.authority.ledger.all()
        ]
        return web.json_response({"certificates": rows})

    async def ocsp(self, request: web.Request) -> web.StreamResponse:
        """`POST /ocsp` (RFC 6960)."""
        await self.board.gate("ocsp", request)
        return _binary(self.authority.ocsp, await request.read(), "application/ocsp-response")

    async def tsa(self, request: web.Request) -> web.StreamResponse:
        """`POST /tsa` (RFC 3161)."""
        await self.board.gate("tsa", request)
        return _binary(self.authority.stamp, await request.read(), "application/timestamp-reply")

    async def crl(self, request: web.Request) -> web.StreamResponse:
        """`GET /root.crl`, `GET /issuing.crl`."""
        await self.board.gate("crl", request)
        return web.Response(
            body=self.authority.crl(request.match_info["name"]), content_type="application/pkix-crl"
        )

    async def certificate(self, request: web.Request) -> web.StreamResponse:
        """`GET /root.pem`, `/issuing.pem` (PEM) and `.crt` (DER)."""
        member = getattr(self.authority.members, request.match_info["name"])
        if request.match_info["form"] == "pem":
            pem = member.certificate.public_bytes(Encoding.PEM)
            return web.Response(body=pem, content_type="application/x-pem-file")
        der = member.certificate.public_bytes(Encoding.DER)
        return web.Response(body=der, content_type="application/pkix-cert")


def _binary(act: Callable[[bytes], bytes], body: bytes, content_type: str) -> web.Response:
    try:
        return web.Response(body=act(body), content_type=content_type)
    except (ValueError, TypeError):
        raise web.HTTPBadRequest(
            text=json.dumps({"error": "unreadable"}), content_type="application/json"
        ) from None


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok", "peer": "authority"})


def build(folder: Path, *, base: str, key: str) -> web.Application:
    """The application of one authority."""
    service = Service(folder, base=base, key=key)
    app = new_app()
    add_control(app, service.board)
    app.router.add_get("/healthz", _health)
    app.router.add_post("/enrol", service.enrol)
    app.router.add_post("/revoke", service.revoke)
    app.router.add_get("/certificates", service.certificates)
    app.router.add_post("/ocsp", service.ocsp)
    app.router.add_post("/tsa", service.tsa)
    app.router.add_get("/{name:root|issuing}.crl", service.crl)
    app.router.add_get("/{name:root|issuing}.{form:pem|crt}", service.certificate)
    return app
