"""A small load generator: one thread and one kept-alive connection each, ready-made requests, nothing parsed twice."""

import socket
import statistics
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

HOST: Final = "127.0.0.1"
_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length:"


class LoadError(Exception):
    """The server answered something that the benchmark did not ask for; the message holds the beginning of it."""


def request(method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"") -> bytes:
    """The bytes of one HTTP/1.1 request on a connection that stays open."""
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {HOST}",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    if method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + _END + body


class Connection:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, raw: bytes) -> tuple[int, bytes]:
        """Send and wait for the whole answer: status and everything that was received."""
        self._socket.sendall(raw)
        received = self._socket.recv(65536)
        while _END not in received:
            received += self._more()
        head = received[: received.index(_END)].lower()
        at = head.find(_LENGTH)
        if at < 0:
            raise LoadError(f"an answer without a length: {received[:300]!r}")
        whole = len(head) + 4 + int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0])
        while len(received) < whole:
            received += self._more()
        return int(received[9:12]), received

    def _more(self) -> bytes:
        more = self._socket.recv(65536)
        if not more:
            raise LoadError("the server closed the connection")
        return more

    def close(self) -> None:
        """Close it."""
        self._socket.close()


@dataclass
class Outcome:
    """What one run gave."""

    requests: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Answered requests a second."""
        return self.requests / self.seconds

    @property
    def p50_ms(self) -> float:
        """The median answer time in milliseconds."""
        return statistics.median(self.latencies) * 1000


class _Worker(threading.Thread):
    def __init__(
        self, port: int, source: Iterator[bytes], lock: threading.Lock, status: int, until: float
    ) -> None:
        super().__init__(daemon=True)
        self.port, self.source, self.lock, self.status, self.until = port, source, lock, status, until
        self.latencies: list[float] = []
        self.ended = 0.0
        self.fault = ""

    def run(self) -> None:
        connection = Connection(self.port)
        try:
            while time.perf_counter() < self.until:
                with self.lock:
                    raw = next(self.source, None)
                if raw is None:
                    break
                began = time.perf_counter()
                status, answer = connection.ask(raw)
                self.latencies.append(time.perf_counter() - began)
                if status != self.status:
                    self.fault = (
                        f"{status} instead of {self.status}: {answer[:1500].decode(errors='replace')}"
                    )
                    break
        except (OSError, LoadError) as error:
            self.fault = str(error)
        finally:
            self.ended = time.perf_counter()
            connection.close()


def run(port: int, source: Iterator[bytes], *, status: int, connections: int, seconds: float) -> Outcome:
    """Send requests from `source` over `connections` for so many seconds, or until there are none left.

    Raises LoadError at the first answer with another status.
    """
    lock, began = threading.Lock(), time.perf_counter()
    workers = [_Worker(port, source, lock, status, began + seconds) for _ in range(connections)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    faults = [worker.fault for worker in workers if worker.fault]
    if faults:
        raise LoadError(faults[0])
    latencies = [took for worker in workers for took in worker.latencies]
    if not latencies:
        raise LoadError("no request was left to send")
    return Outcome(len(latencies), max(worker.ended for worker in workers) - began, latencies)
