"""Start-up shared by the peers: options, the HTTP server, the line that says it is ready."""

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from peers.base import guard

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
STATIC = Path(__file__).parent / "static"
ORIGIN_FREE = ("GET", "HEAD", "OPTIONS")


def parser(name: str, description: str) -> argparse.ArgumentParser:
    """Options of every peer: `--host`, `--port` (0 takes a free one), `--data` (a folder it may write)."""
    options = argparse.ArgumentParser(prog=f"python -m peers.{name}", description=description)
    options.add_argument("--host", default="127.0.0.1", help="loopback address to listen on")
    options.add_argument("--port", type=int, default=0, help="0 takes a free port")
    options.add_argument("--data", type=Path, default=None, help="folder for what must survive a restart")
    return options


def database_path(data: Path | None, name: str) -> str:
    """Where a peer keeps its SQLite file; in memory when no folder was given."""
    if data is None:
        return ":memory:"
    data.mkdir(parents=True, exist_ok=True)
    return str(data / f"{name}.sqlite3")


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse foreign Host names (rebinding) and foreign pages that post here."""
    host = urlsplit(f"//{request.host}").hostname or ""
    if not guard.is_loopback(host):
        raise web.HTTPMisdirectedRequest(text="demo system: loopback only")
    origin = request.headers.get("Origin")
    if origin and request.method not in ORIGIN_FREE and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="demo system: this page may not post here")
    return await handler(request)


def require_key(request: web.Request, key: str) -> None:
    """401 unless the caller shows the API key."""
    if request.headers.get("X-Api-Key") != key:
        raise web.HTTPUnauthorized(
            text=json.dumps({"error": "unknown_api_key"}), content_type="application/json"
        )


async def read_object(request: web.Request) -> dict[str, Any]:
    """The JSON object of the body, else 400."""
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise bad_request("body_is_not_a_json_object")
    return body


def bad_request(code: str, **details: Any) -> web.HTTPBadRequest:
    """A 400 with a machine-readable code."""
    return web.HTTPBadRequest(text=json.dumps({"error": code, **details}), content_type="application/json")


def new_app() -> web.Application:
    """An application with the shared guard and style sheet."""
    app = web.Application(middlewares=[loopback_only], client_max_size=8 * 1024 * 1024)
    app.router.add_static("/static/", STATIC)
    app.router.add_get("/healthz", healthy)
    return app


async def healthy(request: web.Request) -> web.Response:
    """`GET /healthz`: the process answers, whatever its switches say."""
    return web.json_response({"status": "ok"})


async def serve(
    app: web.Application, *, name: str, host: str, port: int, facts: Callable[[], dict[str, Any]] = dict
) -> None:
    """Serve until SIGTERM or SIGINT; prints one JSON line `{"ready": address, ...}` when listening."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    bound = runner.addresses[0][1]
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    address = f"http://[{host}]:{bound}" if ":" in host else f"http://{host}:{bound}"
    print(json.dumps({"ready": address, "peer": name, "pid": os.getpid(), **facts()}), flush=True)
    await stop.wait()
    await runner.cleanup()


def run(main: Awaitable[None]) -> None:
    """Run a peer with logs on stderr."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(name)s %(message)s")
    asyncio.run(_as_coroutine(main))


async def _as_coroutine(main: Awaitable[None]) -> None:
    await main
