"""The fetching of pictures: what is taken, and what is left where it is."""

import dataclasses
import socket
from collections.abc import Callable
from unittest.mock import Mock

import pytest
from django.conf import LazySettings

from diwan.integrations.webhooks.fetcher import HttpFetcher
from tests.integrations.test_webhooks import PUBLIC, Dialer, serving, strict
from tests.kit.test_outward import CLOSED

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: image/jpeg\r\n"


@pytest.fixture(autouse=True)
def _loopback(settings: LazySettings) -> None:
    settings.DIWAN = dataclasses.replace(settings.DIWAN, webhooks_loopback=True)


def saying(answer: bytes) -> Callable[[socket.socket], None]:
    """A server that says this."""
    return lambda connection: connection.sendall(answer)


def endless(connection: socket.socket) -> None:
    """A server that never comes to an end."""
    connection.sendall(HEAD + b"\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def silent(connection: socket.socket) -> None:
    """A server that waits for more."""
    connection.recv(1)


def test_what_stands_there_is_read_and_nothing_of_ours_is_sent() -> None:
    with serving(saying(HEAD + b"content-length: 5\r\n\r\nphoto")) as (port, heard):
        assert HttpFetcher().get(f"http://127.0.0.1:{port}/a.jpg?b=c", most=5) == b"photo"
    request = heard[0].decode()
    assert request.startswith("GET /a.jpg?b=c HTTP/1.1\r\n")
    assert sorted(line.partition(":")[0].lower() for line in request.strip().splitlines()[1:]) == [
        "accept", "host", "user-agent",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        saying(HEAD + b"content-length: 6\r\n\r\nphotos"),
        saying(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"),
        saying(b"HTTP/1.1 404 Not Found\r\ncontent-length: 5\r\n\r\nphoto"),
        saying(b"SSH-2.0-OpenSSH\r\n"),
        saying(b""),
        silent,
        endless,
    ],
    ids=["too large", "elsewhere", "not there", "another protocol", "nothing", "silence", "endless"],
)
def test_everything_else_is_no_picture(answer: Callable[[socket.socket], None]) -> None:
    with serving(answer) as (port, _heard):
        assert HttpFetcher(total=0.5).get(f"http://127.0.0.1:{port}/", most=5) is None


def test_no_connection_goes_inside_a_network(settings: LazySettings) -> None:
    strict(settings)
    dialer = Dialer(1)
    for address in CLOSED:
        found = [PUBLIC, address]
        inside = HttpFetcher(resolver=Mock(return_value=found), dialer=dialer)
        assert inside.get("https://partner.example/a.jpg", most=5) is None
    for url in (
        "http://partner.example/",
        "https://127.0.0.1/",
        "file:///etc/passwd",
        "https://a:b@x.example/",
        "x",
    ):
        assert HttpFetcher(resolver=lambda host, port: [PUBLIC], dialer=dialer).get(url, most=5) is None
    assert dialer.dialled == []
