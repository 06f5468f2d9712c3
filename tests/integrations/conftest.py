"""Real peers for the adapters, each started once a module on a free port."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings

from diwan.integrations.payments import gateway as payments_gateway
from diwan.integrations.registers.connection import connection
from tests.peers.running import KEY, NOTICE_KEY, Peer, running


def configure(settings: LazySettings, **values: Any) -> None:
    """Change fields of the product's configuration for one test."""
    settings.DIWAN = dataclasses.replace(settings.DIWAN, **values)


@pytest.fixture(scope="module")
def registers_process() -> Iterator[Peer]:
    with running("registers", "--answer-after", "0.3") as found:
        yield found


@pytest.fixture(scope="module")
def payments_process() -> Iterator[Peer]:
    with running("payments") as found:
        yield found


@pytest.fixture(scope="module")
def catcher_process() -> Iterator[Peer]:
    with running("catcher") as found:
        yield found


@pytest.fixture
def registers(registers_process: Peer, settings: LazySettings) -> Iterator[Peer]:
    # The peer calls back only to loopback; nobody listens there in these tests.
    configure(settings, registers_url=registers_process.url, registers_key=KEY, base_url="http://127.0.0.1:9")
    connection.cache_clear()
    yield registers_process
    registers_process.reset()
    connection.cache_clear()


@pytest.fixture
def payments(payments_process: Peer, settings: LazySettings) -> Iterator[Peer]:
    configure(
        settings,
        payments_url=payments_process.url,
        payments_key=KEY,
        payments_notice_key=NOTICE_KEY,
        payments_biller="901",
    )
    payments_gateway.forget_connection()
    yield payments_process
    payments_process.reset()
    payments_gateway.forget_connection()


@pytest.fixture
def catcher(catcher_process: Peer, settings: LazySettings) -> Iterator[Peer]:
    host, port = catcher_process.facts["smtp"].split(":")
    configure(
        settings,
        sms_url=f"{catcher_process.url}/sms",
        sms_key=KEY,
        mail_host=host,
        mail_port=int(port),
        mail_tls=False,
        mail_from="ديوان <diwan@example.org>",
    )
    yield catcher_process
    catcher_process.reset()
    catcher_process.http.delete("/api/messages")
