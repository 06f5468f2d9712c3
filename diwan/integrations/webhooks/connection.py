"""Connections that go only where `kit.outward` allows: the name is resolved once, every address it has is judged, and
the connection goes to an address that was judged. Nothing looks the name up a second time.

All reading and writing of a request ends at one deadline, however slowly the other side gives a byte at a time.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Collection, Iterable
from time import monotonic
from typing import Any

import httpcore
from django.conf import settings

from diwan.kit.outward import Target, is_open, read_target

Resolver = Callable[[str, int], list[str]]


class Blocked(Exception):
    """The name leads to an address, or the request to a port, that is not open."""


class NoName(Exception):
    """The name leads nowhere."""


class Deadline(threading.local):
    """The moment (monotonic seconds) at which the request of this thread ends."""

    at: float = 0.0

    def left(self, most: float | None) -> float:
        """Seconds that an operation may still take, at most `most`. Raises httpcore.ReadTimeout when none is left."""
        remaining = self.at - monotonic()
        if remaining <= 0:
            raise httpcore.ReadTimeout("the deadline of the request has passed")
        return remaining if most is None else min(most, remaining)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name. Raises NoName."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoName(host) from error
    return list(dict.fromkeys(str(row[4][0]) for row in found))


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections for a pool, or raises Blocked, NoName or an error of httpcore."""

    def __init__(
        self,
        *,
        ports: Collection[int],
        loopback: bool,
        deadline: Deadline,
        resolver: Resolver = resolve,
        dialer: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._ports = frozenset(ports)
        self._loopback = loopback
        self._deadline = deadline
        self._resolver = resolver
        self._dialer = dialer or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address that answers; every address must be open."""
        addresses = self._resolver(host, port)
        if not addresses:
            raise NoName(host)
        for address in addresses:
            at_home = self._loopback and is_open(address, loopback=True) and not is_open(address)
            if not is_open(address, loopback=self._loopback) or not (at_home or port in self._ports):
                raise Blocked(f"{host} leads to {address}, port {port}")
        failure: Exception = httpcore.ConnectError("no address")
        for address in addresses:
            try:
                stream = self._dialer.connect_tcp(
                    address,
                    port,
                    timeout=self._deadline.left(timeout),
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Never: no partner lives on this machine's file system."""
        raise Blocked(path)

    def sleep(self, seconds: float) -> None:
        """Part of the interface; used by retries, of which there are none."""
        threading.Event().wait(seconds)


def guarded_pool(
    *,
    deadline: Deadline,
    resolver: Resolver,
    dialer: httpcore.NetworkBackend | None,
    trust: ssl.SSLContext | None,
    **kept: Any,
) -> httpcore.ConnectionPool:
    """A pool whose connections are guarded by the settings of the installation; `kept` says how it keeps them."""
    backend = GuardedBackend(
        ports=settings.DIWAN.webhooks_ports,
        loopback=settings.DIWAN.webhooks_loopback,
        deadline=deadline,
        resolver=resolver,
        dialer=dialer,
    )
    return httpcore.ConnectionPool(ssl_context=trust, network_backend=backend, **kept)


def allowed_target(url: str) -> Target:
    """Where an address leads, if the settings of the installation let us go there. Raises InvalidValue."""
    config = settings.DIWAN
    return read_target(url, ports=config.webhooks_ports, loopback=config.webhooks_loopback)


def address_of(target: Target) -> tuple[httpcore.URL, str]:
    """The address of a request, and its Host header (with the port where it is not the usual one)."""
    address = httpcore.URL(
        scheme=target.scheme.encode(),
        host=target.host.encode(),
        port=target.port,
        target=target.path.encode(),
    )
    name = f"[{target.host}]" if ":" in target.host else target.host
    usual = 443 if target.scheme == "https" else 80
    return address, name if target.port == usual else f"{name}:{target.port}"


class _Stream(httpcore.NetworkStream):
    """A connection whose every operation ends at the deadline of its thread's request."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
