"""Clerks at their windows, a messenger that keeps what it is given, and a visitor with a licence."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from diwan.kit import clock
from diwan.people.models import Account, EstablishmentMember
from diwan.registers.models import RegisterEntry
from diwan.web.counter.models import Slip
from tests import cast
from tests.cases import walking
from tests.cases.conftest import registers
from tests.desk.signed_in import session_of
from tests.signin.transports import MemoryTransport

__all__ = ["registers"]

Window = Callable[..., Client]
HASSAN = "1000000008"
CARD = {"national_id": HASSAN, "mobile": "0501234567"}


@pytest.fixture
def window(city: str, registers: cast.Registers, settings: Any) -> Window:
    """`window("huda")`: a client in which the clerk is signed in; messages are kept in memory."""
    path = "tests.signin.transports.MemoryTransport"
    settings.MESSAGE_TRANSPORTS = {"sms": path, "email": path}
    MemoryTransport.down = False
    MemoryTransport.sent = []
    registers.say("people", {"status": "active", "name": {"ar": "حسن علي الحجار", "en": "Hassan Alhajjar"}})

    def signed_in(username: str) -> Client:
        client = Client(SERVER_NAME="testserver")
        session_of(client, Account.objects.get(username=username))
        return client

    return signed_in


def identified(client: Client, **changed: str) -> Slip:
    """A visitor whose card was read."""
    response = client.post("/counter/", {**CARD, **changed})
    assert response.status_code == 302, response.content.decode()
    return Slip.objects.get(pk=response.headers["Location"].split("/")[2])


def code_on_the_phone() -> str:
    """The newest code that was sent."""
    (code,) = re.findall(r"\b\d{6}\b", MemoryTransport.sent[-1].body)
    return str(code)


def agreed(client: Client, **changed: str) -> Slip:
    """A visitor who has read the code out."""
    slip = identified(client, **changed)
    client.post(f"/counter/{slip.pk}/code")
    given = client.post(f"/counter/{slip.pk}/consent", {"by": "code", "code": code_on_the_phone()})
    assert given.status_code == 302
    slip.refresh_from_db()
    return slip


@pytest.fixture
def licence(registers: cast.Registers, window: Window) -> RegisterEntry:
    """A licence whose owner, by the register, is the visitor."""
    case = walking.issued(walking.billed(cast.owner()))
    registers.say("commercial", {"owners": [HASSAN]})
    RegisterEntry.objects.filter(case=case).update(valid_to=clock.today() + timedelta(days=30))
    ended = clock.today() - timedelta(days=1)
    EstablishmentMember.objects.filter(establishment=case.establishment).update(valid_to=ended)
    return RegisterEntry.objects.get(case=case)
