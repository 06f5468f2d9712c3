"""Questions to the registers: every misbehaviour of the peer becomes an answer, none an exception."""

import time
import uuid
from datetime import date

import pytest
from django.conf import LazySettings

from diwan.integrations.registers.client import HttpRegisters
from diwan.integrations.registers.connection import connection
from diwan.integrations.registers.requests import HttpRequests
from diwan.kit.ports import Answer, RegisterClient, RequestClient
from tests.integrations.conftest import configure
from tests.peers.running import Peer

CLIENT: RegisterClient = HttpRegisters()
BODIES: RequestClient = HttpRequests()


def ask(register: str = "people", *, timeout: float = 3.0, request_id: str = "rq", **query: object) -> Answer:
    return CLIENT.ask(
        register, query or {"national_id": "2123456788"}, request_id=request_id, timeout=timeout
    )


def test_a_record_is_answered_and_the_request_id_is_seen_at_the_other_end(registers: Peer) -> None:
    request_id = uuid.uuid4().hex
    answer = ask("commercial", number="4030123451", party_id="1010101010", request_id=request_id)
    assert answer.status == "answered"
    assert answer.data["status"] == "active"
    assert answer.data["owners"] == ["1010101010"]
    assert answer.asked_at.tzinfo is not None
    [entry] = registers.http.get("/control/log", params={"request_id": request_id}).json()["log"]
    assert entry["outcome"] == "found"


def test_dates_and_numbers_are_spelled_as_the_register_reads_them(registers: Peer) -> None:
    registers.http.put(
        "/control/records/people/1010101010", json={"birth_date": "1985-03-02", "status": "active"}
    )
    assert ask(national_id="1010101010", birth_date=date(1985, 3, 2)).status == "answered"
    assert ask(national_id="1010101010", birth_date=date(1985, 3, 3)).status == "not_found"


def test_an_unknown_number_is_not_found(registers: Peer) -> None:
    assert ask(national_id="2123456789").status == "not_found"


def test_down_is_silent_and_after_five_times_the_register_is_left_alone(registers: Peer) -> None:
    registers.switch("people", "down")
    for _ in range(5):
        assert ask().status == "silent"
    registers.switch("people", "up")
    asked = len(registers.http.get("/control/log").json()["log"])
    assert ask().status == "silent"
    assert len(registers.http.get("/control/log").json()["log"]) == asked
    assert ask("deeds", number="320112001234").status == "answered"
    connection().breakers["people"].succeeded()
    assert ask().status == "answered"


def test_slow_is_silent_within_the_time_allowed(registers: Peer) -> None:
    registers.switch("people", "slow", seconds=8)
    started = time.monotonic()
    assert ask(timeout=0.4).status == "silent"
    assert time.monotonic() - started < 4


@pytest.mark.parametrize("shape", ["html", "cut", "types", "empty"])
def test_nonsense_is_malformed(registers: Peer, shape: str) -> None:
    registers.switch("leases", "wrong", options={"shape": shape})
    assert ask("leases", number="10203040501").status == "malformed"


def test_a_wrong_key_and_a_missing_address_are_silent(registers: Peer, settings: LazySettings) -> None:
    configure(settings, registers_key="another-key-altogether")
    connection.cache_clear()
    assert ask().status == "silent"
    configure(settings, registers_url="")
    assert ask().status == "silent"


def test_no_connection_at_all_is_silent(registers: Peer, settings: LazySettings) -> None:
    configure(settings, registers_url="http://127.0.0.1:9")
    connection.cache_clear()
    assert ask().status == "silent"


def test_connections_are_kept_open(registers: Peer) -> None:
    pool = connection().http
    for _ in range(3):
        ask()
    assert connection().http is pool


def test_a_request_is_sent_once_acknowledged_and_answered(registers: Peer) -> None:
    reference = f"26{uuid.uuid4().int % 10**9:09d}-civil_defence"
    sent = BODIES.submit(
        "civil_defence", reference=reference, facts={"area_m2": 40}, request_id="rq", timeout=3
    )
    assert sent is not None
    assert (sent.status, sent.reference) == ("pending", reference)
    again = BODIES.submit("civil_defence", reference=reference, facts={}, request_id="rq", timeout=3)
    assert again is not None
    assert again.id == sent.id
    state = sent
    for _ in range(50):
        found = BODIES.poll("civil_defence", sent.id, request_id="rq", timeout=3)
        assert found is not None
        state = found
        if state.status != "pending":
            break
        time.sleep(0.1)
    assert state.status == "approved"
    assert state.approval_number


def test_a_refusal_has_its_reason(registers: Peer) -> None:
    registers.switch("supervising_body_requests", "silent")
    sent = BODIES.submit("supervising_body", reference=uuid.uuid4().hex, facts={}, request_id="rq", timeout=3)
    assert sent is not None
    registers.http.put(f"/control/requests/{sent.id}", json={"state": "rejected"})
    found = BODIES.poll("supervising_body", sent.id, request_id="rq", timeout=3)
    assert found is not None
    assert found.status == "rejected"
    assert "السلامة" in found.reason["ar"]


@pytest.mark.parametrize("state", ["down", "wrong"])
def test_a_body_that_is_down_or_talks_nonsense_is_silent(registers: Peer, state: str) -> None:
    registers.switch("civil_defence_requests", state)
    for _ in range(3):
        assert BODIES.submit("civil_defence", reference="r", facts={}, request_id="rq", timeout=3) is None
    assert BODIES.poll("civil_defence", "nothing", request_id="rq", timeout=3) is None
