"""The sender of webhooks: where it connects to, how long it waits, what it makes of an answer."""

import dataclasses
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import LazySettings
from django.test import Client

from diwan.integrations.webhooks.sender import HttpSender
from tests.kit.test_outward import CLOSED

PUBLIC = "93.184.215.14"
OK = b"HTTP/1.1 204 No Content\r\n\r\n"


@pytest.fixture(autouse=True)
def _loopback(settings: LazySettings) -> None:
    settings.DIWAN = dataclasses.replace(settings.DIWAN, webhooks_loopback=True)


def strict(settings: LazySettings) -> None:
    settings.DIWAN = dataclasses.replace(settings.DIWAN, webhooks_loopback=False)


@contextmanager
def serving(answer: Callable[[socket.socket], None]) -> Iterator[tuple[int, list[bytes]]]:
    """A TCP server on loopback: its port, and what each connection sent first."""
    server = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def loop() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                try:
                    heard.append(connection.recv(65536))
                    answer(connection)
                except OSError:
                    pass

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1], heard
    finally:
        server.close()


class Dialer(httpcore.SyncBackend):
    """Notes where a connection goes and leads it to a port of this machine."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.dialled: list[tuple[str, int]] = []

    def connect_tcp(self, host: str, port: int, *args: Any, **more: Any) -> httpcore.NetworkStream:
        self.dialled.append((host, port))
        return super().connect_tcp("127.0.0.1", self.port, *args, **more)


def post(sender: HttpSender, url: str) -> Any:
    return sender.post(url, body=b"{}", headers={"content-type": "application/json"})


@pytest.mark.parametrize(
    "address", [address for address in CLOSED if ":" in address or address.count(".") == 3]
)
def test_a_name_that_leads_inside_is_never_dialled(address: str, settings: LazySettings) -> None:
    strict(settings)
    dialer = Dialer(1)
    reply = post(
        HttpSender(resolver=lambda host, port: [PUBLIC, address], dialer=dialer), "https://partner.example/"
    )
    assert (reply.status, reply.error, dialer.dialled) == (0, "blocked", [])


def test_the_connection_goes_to_the_address_that_was_judged(tmp_path: Path, settings: LazySettings) -> None:
    """A name that leads elsewhere at the second look-up (rebinding) is looked up once, and TLS asks for the name."""
    strict(settings)
    answers = [[PUBLIC], ["127.0.0.1"]]
    certificate, trust = _certificate(tmp_path, "partner.example")

    def answer(connection: socket.socket) -> None:
        with certificate.wrap_socket(connection, server_side=True) as secure:
            while not secure.recv(65536).endswith(b"{}"):
                pass
            secure.sendall(OK)

    with _serving_tls(answer) as port:
        dialer = Dialer(port)
        sender = HttpSender(resolver=lambda host, at: answers.pop(0), dialer=dialer, trust=trust)
        assert post(sender, "https://partner.example/in").status == 204
        assert dialer.dialled == [(PUBLIC, 443)]
        assert post(sender, "https://partner.example/in").error == "blocked"
        assert len(dialer.dialled) == 1
        other = HttpSender(resolver=lambda host, at: [PUBLIC], dialer=dialer, trust=trust)
        assert post(other, "https://other.example/in").error == "tls"


def test_a_name_that_leads_nowhere_and_a_door_that_is_shut() -> None:
    assert post(HttpSender(), "https://no-such-name.invalid/").error == "no_name"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert post(HttpSender(), f"http://127.0.0.1:{port}/").error == "silent"


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    def answer(connection: socket.socket) -> None:
        connection.sendall(
            b"HTTP/1.1 307 X\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
        )

    with serving(answer) as (port, heard):
        assert post(HttpSender(), f"http://127.0.0.1:{port}/").status == 307
    assert len(heard) == 1


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        for _ in range(4000):
            connection.sendall(b"x" * 65536)

    with serving(flood) as (port, _):
        assert post(HttpSender(), f"http://127.0.0.1:{port}/").status == 200


def test_a_byte_at_a_time_ends_at_the_deadline() -> None:
    stop = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while not stop.wait(0.05):
            connection.sendall(b"x")

    with serving(drip) as (port, _):
        reply = post(HttpSender(total=0.6), f"http://127.0.0.1:{port}/")
        stop.set()
    assert (reply.status, reply.error) == (0, "silent")


@pytest.mark.parametrize(
    "nonsense", [b"\x00\x01\x02", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\nbroken\r\n\r\n"]
)
def test_nonsense_is_no_answer(nonsense: bytes) -> None:
    with serving(lambda connection: connection.sendall(nonsense + b"\r\n\r\n")) as (port, _):
        reply = post(HttpSender(), f"http://127.0.0.1:{port}/")
    assert (reply.status, reply.error) == (0, "malformed")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("120", 120, 120),
        (format_datetime(datetime.now(UTC) + timedelta(hours=10)), 3600, 36001),
        ("soon", None, None),
    ],
    ids=["seconds", "date", "nonsense"],  # the date is another at every collection
)
def test_retry_after_in_seconds_and_as_a_date(text: str, low: float | None, high: float | None) -> None:
    def answer(connection: socket.socket) -> None:
        connection.sendall(f"HTTP/1.1 503 X\r\nRetry-After: {text}\r\nContent-Length: 0\r\n\r\n".encode())

    with serving(answer) as (port, _):
        wait = post(HttpSender(), f"http://127.0.0.1:{port}/").retry_after
    assert wait is None if low is None or high is None else low <= wait <= high


def test_connections_are_kept() -> None:
    def answer(connection: socket.socket) -> None:
        text = heard[-1]
        while True:
            if text.endswith(b"{}"):
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            text = connection.recv(65536)
            if not text:
                return

    with serving(answer) as (port, heard):
        sender = HttpSender()
        assert [post(sender, f"http://127.0.0.1:{port}/").status for _ in range(5)] == [200] * 5
    assert len(heard) == 1


def test_the_schema_of_an_event_is_open_and_no_other_is(client: Client) -> None:
    found = client.get("/events/cases.case.opened/1.json")
    assert found["Content-Type"] == "application/schema+json"
    assert set(found.json()["properties"]) == {"case", "service", "municipality", "channel"}
    for address in (
        "/events/cases.case.opened/2.json",
        "/events/payments.notice.queued/1.json",
        "/events/x/1.json",
    ):
        assert client.get(address).status_code == 404


@contextmanager
def _serving_tls(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """Like `serving`, for one that speaks first in TLS."""
    server = socket.create_server(("127.0.0.1", 0))

    def loop() -> None:
        while True:
            try:
                connection, _ = server.accept()
                answer(connection)
            except ssl.SSLError:
                continue
            except OSError:
                return

    threading.Thread(target=loop, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        server.close()


def _certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for the name, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=made.public_bytes(serialization.Encoding.PEM).decode())
