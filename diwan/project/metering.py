"""Figures of all processes of an installation under one address, for Prometheus.

Counts are kept by `prometheus_client` in files that every web process and the worker map into memory: counting costs
no system call and no statement. What only the database knows (queues, lag) is asked when somebody collects.
"""

import hmac
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from diwan.project.config import Config

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
CONTENT: Final = "text/plain; version=0.0.4; charset=utf-8"


def share_between_processes(config: Config) -> None:
    """Let this process write its figures where the others do; before `kit.metering` is loaded, in web and worker."""
    folder = config.data / "metrics"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ.setdefault(FOLDER, str(folder))


def forget_ended(folder: Path) -> None:
    """Remove the gauges of processes that have ended (what they counted stays)."""
    for path in folder.glob("gauge_live*_*.db"):
        pid = path.stem.rpartition("_")[2]
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists():
            path.unlink(missing_ok=True)


def may_collect(request: HttpRequest) -> bool:
    """By the token of the settings when there is one; else only from this machine and not through a proxy."""
    wanted = settings.DIWAN.metrics_token
    if wanted:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode())
    here = request.META.get("REMOTE_ADDR", "") in ("127.0.0.1", "::1")
    return here and "X-Forwarded-For" not in request.headers and "Forwarded" not in request.headers


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """`GET /metrics`: 404 for whoever may not collect, as for an address that does not exist."""
    if not may_collect(request):
        return HttpResponse("not found\n", status=404, content_type="text/plain")
    return HttpResponse(b"".join(_collected()), content_type=CONTENT)


def _collected() -> Iterable[bytes]:
    # Imported here since the library reads its folder when it is loaded.
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    from diwan.health.figures import DatabaseFigures
    from diwan.kit.metering import REGISTRY

    folder = os.environ.get(FOLDER)
    if folder:
        forget_ended(Path(folder))
        shared = CollectorRegistry()
        MultiProcessCollector(shared, path=folder)  # type: ignore[no-untyped-call]
        yield generate_latest(shared)
    else:
        yield generate_latest(REGISTRY)
    asked = CollectorRegistry()
    asked.register(DatabaseFigures())
    yield generate_latest(asked)
