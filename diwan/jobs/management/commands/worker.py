"""`diwan worker`: runs every sweep and the schedules until it is told to stop."""

import logging
import signal
import threading
import time
from contextlib import suppress
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection

from diwan.health.actions import beat, say_farewell
from diwan.health.calls import write_calls
from diwan.jobs.schedules import run_due
from diwan.jobs.sweeps import SWEEPS, Sweep
from diwan.kit import clock
from diwan.kit.metering import JOBS, JOBS_DONE, JOBS_FAILED

log = logging.getLogger("diwan.jobs")
BEAT_SECONDS: Final = 15.0
_ended: dict[str, str] = {}


class Command(BaseCommand):
    """The worker process: one thread a sweep, so that a slow register never delays a message."""

    help = "Runs background work until SIGTERM or SIGINT."

    def handle(self, *args: Any, **options: Any) -> None:
        """Start the threads, wait for a signal, let each finish what it holds."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        sweeps = (*SWEEPS, Sweep("schedules", run_due, 30.0))
        threads = [
            threading.Thread(target=_repeat, args=(sweep, stop), name=sweep.name, daemon=True)
            for sweep in sweeps
        ]
        for thread in threads:
            thread.start()
        log.info("worker started: %s", ", ".join(sweep.name for sweep in sweeps))
        _live(stop)
        for thread in threads:
            thread.join(timeout=20)


def _live(stop: threading.Event) -> None:
    """Until told to stop, say every few seconds that this process lives and when each sweep last ended a round."""
    began = clock.real_now()
    while True:
        try:
            close_old_connections()
            beat(part="worker", began_at=began, facts=dict(_ended))
        except Exception:
            log.exception("no sign of life could be given")
            connection.close()
        if stop.wait(BEAT_SECONDS):
            break
    with suppress(Exception):
        say_farewell(part="worker")
    connection.close()


def _repeat(sweep: Sweep, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            close_old_connections()
            if _round(sweep):
                continue
        except Exception:
            log.exception("sweep %s failed", sweep.name)
            JOBS_FAILED.labels(sweep.name).inc()
            connection.close()
        stop.wait(sweep.pause)
    if sweep.close is not None:
        try:
            sweep.close()
        except Exception:
            log.exception("sweep %s did not end well", sweep.name)
    connection.close()


def _round(sweep: Sweep) -> int:
    """One round: count what was taken up, write down how calls to the outside went."""
    began = time.perf_counter()
    try:
        done = sweep.run()
    finally:
        _ended[sweep.name] = clock.real_now().isoformat()
        write_calls()
    if done:
        JOBS.labels(sweep.name).observe(time.perf_counter() - began)
        JOBS_DONE.labels(sweep.name).inc(done)
    return done
