"""`diwan signer`: the process that holds the signing keys."""

import fcntl
import signal
import sys
import threading
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from diwan.documents.signer.keys import UnsafeFolder
from diwan.documents.signer.service import Server, Signer


class Command(BaseCommand):
    """Listen on the socket until SIGTERM or SIGINT."""

    help = "Hold the signing keys and sign documents that were approved; runs as a process of its own."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Open keys and socket, say so, serve."""
        config = settings.DIWAN
        if len(config.signer_key) < 16:
            raise CommandError("DIWAN_SIGNER_KEY is missing or shorter than 16 characters.")
        folder = config.data / "signer"
        try:
            signer = Signer(folder)
        except UnsafeFolder as error:
            raise CommandError(str(error)) from error
        with (folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CommandError("Another signer runs on this data directory.") from None
            path = config.under_data(config.signer_socket)
            with Server(path, signer) as server:
                _stop_on_signal(server)
                self.stdout.write(f"signer ready: {path}")
                sys.stdout.flush()
                server.serve_forever(poll_interval=0.2)
            path.unlink(missing_ok=True)


def _stop_on_signal(server: Server) -> None:
    """Stop serving on SIGTERM and SIGINT; `shutdown` must not run on the serving thread."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
