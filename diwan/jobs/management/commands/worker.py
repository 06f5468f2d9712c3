"""`diwan worker`: runs every sweep and the schedules until it is told to stop."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection

from diwan.jobs.schedules import run_due
from diwan.jobs.sweeps import SWEEPS, Sweep

log = logging.getLogger("diwan.jobs")


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
        stop.wait()
        for thread in threads:
            thread.join(timeout=20)


def _repeat(sweep: Sweep, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            close_old_connections()
            if sweep.run():
                continue
        except Exception:
            log.exception("sweep %s failed", sweep.name)
            connection.close()
        stop.wait(sweep.pause)
    connection.close()
