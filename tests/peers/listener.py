"""A small HTTP server that remembers what was posted to it, as the product's notice address would."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Inbox:
    """What arrived: (headers, body) in order; `answers` are the statuses to give, the last one for good."""

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [200])
    arrived: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, count: int, seconds: float = 15.0) -> list[tuple[dict[str, str], bytes]]:
        """The first `count` arrivals, or an assertion when they do not come."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.arrived) >= count, seconds), (
                f"{len(self.arrived)} of {count} arrived"
            )
            return list(self.arrived)


@contextmanager
def listening() -> Iterator[Inbox]:
    """An `Inbox` on a free loopback port."""
    inbox = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with inbox.changed:
                status = inbox.answers.pop(0) if len(inbox.answers) > 1 else inbox.answers[0]
                inbox.arrived.append((dict(self.headers.items()), body))
                inbox.changed.notify_all()
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    inbox.url = f"http://127.0.0.1:{server.server_address[1]}/notice"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield inbox
    finally:
        server.shutdown()
        server.server_close()
