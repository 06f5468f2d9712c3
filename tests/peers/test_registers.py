"""The registers answer by number, from the seed or by default, and misbehave when switched to."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.peers.listener import listening
from tests.peers.running import Peer, environment, running

SEED = {
    "people": [
        {
            "national_id": "1010101010",
            "birth_date": "1985-03-02",
            "status": "active",
            "name": {"ar": "هند", "en": "Hind"},
        }
    ],
    "commercial": [{"number": "4030000012", "status": "active", "owners": ["1010101010"]}],
}


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    seed: Path = tmp_path_factory.mktemp("seed") / "city.json"
    seed.write_text(json.dumps(SEED), encoding="utf-8")
    with running("registers", "--seed", str(seed), "--answer-after", "0.3") as found:
        yield found


@pytest.fixture(autouse=True)
def _up(peer: Peer) -> Iterator[None]:
    yield
    peer.reset()


def ask(peer: Peer, register: str, **query: str) -> httpx.Response:
    return peer.http.get(f"/v1/{register}", params=query, headers={"X-Request-Id": "rq-1"})


def test_a_seeded_person_answers_when_the_birth_date_agrees(peer: Peer) -> None:
    answer = ask(peer, "people", national_id="1010101010", birth_date="1985-03-02").json()
    assert answer["found"] is True
    assert answer["record"]["name"]["ar"] == "هند"
    assert answer["request_id"] == "rq-1"
    assert ask(peer, "people", national_id="1010101010", birth_date="1985-03-03").status_code == 404


def test_any_valid_number_has_the_same_record_each_time(peer: Peer) -> None:
    one = ask(peer, "people", national_id="2123456788").json()["record"]
    assert one == ask(peer, "people", national_id="2123456788").json()["record"]
    assert ask(peer, "people", national_id="2123456789").status_code == 404


@pytest.mark.parametrize(
    ("register", "number", "status"),
    [
        ("commercial", "4030123451", "active"),
        ("commercial", "4030123459", "suspended"),
        ("commercial", "4030123458", "expired"),
        ("leases", "10203040501", "active"),
        ("leases", "10203040509", "expired"),
        ("deeds", "320112001234", "active"),
        ("deeds", "320112001239", "cancelled"),
        ("civil_defence", "4400112231", "valid"),
        ("civil_defence", "4400112239", "expired"),
    ],
)
def test_the_last_digit_of_a_number_decides_its_state(
    peer: Peer, register: str, number: str, status: str
) -> None:
    assert ask(peer, register, number=number, party_id="1010101010").json()["record"]["status"] == status


def test_the_party_owns_what_it_names_except_with_a_seven(peer: Peer) -> None:
    assert ask(peer, "commercial", number="4030123451", party_id="1010101010").json()["record"]["owners"] == [
        "1010101010"
    ]
    assert (
        "1010101010"
        not in ask(peer, "commercial", number="4030123457", party_id="1010101010").json()["record"]["owners"]
    )


def test_a_wrong_key_and_a_missing_parameter_are_refused(peer: Peer) -> None:
    assert httpx.get(peer.url + "/v1/people?national_id=1", headers={"X-Api-Key": "other"}).status_code == 401
    assert ask(peer, "people").json()["error"] == "missing_parameter"
    assert ask(peer, "horses", number="1").json()["error"] == "unknown_register"


def test_down_breaks_the_connection_and_is_logged(peer: Peer) -> None:
    peer.switch("people", "down")
    with pytest.raises(httpx.RemoteProtocolError):
        peer.http.get("/v1/people", params={"national_id": "1010101010"}, headers={"X-Request-Id": "rq-down"})
    assert (
        peer.http.get("/control/log", params={"request_id": "rq-down"}).json()["log"][0]["outcome"] == "down"
    )


def test_slow_waits(peer: Peer) -> None:
    peer.switch("people", "slow", seconds=5)
    with pytest.raises(httpx.ReadTimeout):
        peer.http.get("/v1/people", params={"national_id": "1010101010"}, timeout=0.3)


def test_no_changes_the_status_and_can_say_not_found(peer: Peer) -> None:
    peer.switch("commercial", "no")
    assert ask(peer, "commercial", number="4030000012").json()["record"]["status"] == "suspended"
    peer.switch("commercial", "no", options={"status": "expired"})
    assert ask(peer, "commercial", number="4030000012").json()["record"]["status"] == "expired"
    peer.switch("commercial", "no", options={"status": "not_found"})
    assert ask(peer, "commercial", number="4030000012").status_code == 404


@pytest.mark.parametrize("shape", ["html", "cut", "types", "empty"])
def test_wrong_answers_with_something_that_is_no_record(peer: Peer, shape: str) -> None:
    peer.switch("leases", "wrong", options={"shape": shape})
    answer = ask(peer, "leases", number="10203040501")
    assert answer.status_code == 200
    try:
        body = answer.json()
    except ValueError:
        return
    assert not isinstance(body["record"], dict)


def test_a_record_can_be_put_and_dropped(peer: Peer) -> None:
    peer.http.put("/control/records/deeds/999999999991", json={"status": "mortgaged"})
    assert ask(peer, "deeds", number="999999999991").json()["record"]["status"] == "mortgaged"
    peer.http.delete("/control/records/deeds/999999999991?as=not_found")
    assert ask(peer, "deeds", number="999999999991").status_code == 404
    peer.http.delete("/control/records/deeds/999999999991")
    assert ask(peer, "deeds", number="999999999991").json()["record"]["status"] == "active"


def test_a_request_is_acknowledged_then_answered_by_a_signed_notice(peer: Peer) -> None:
    with listening() as inbox:
        acknowledged = peer.http.post(
            "/v1/requests/civil_defence",
            headers={"Idempotency-Key": "case-1"},
            json={"reference": "26000000017", "facts": {"area_m2": 40}, "callback_url": inbox.url},
        )
        assert acknowledged.status_code == 202
        assert acknowledged.json()["status"] == "pending"
        headers, body = inbox.wait_for(1)[0]
    data = json.loads(body)["data"]
    assert data["status"] == "approved"
    assert data["reference"] == "26000000017"
    assert len(headers["X-Notice-Signature"]) == 64
    polled = peer.http.get(f"/v1/requests/civil_defence/{data['id']}").json()
    assert polled["approval_number"] == data["approval_number"]


def test_the_same_request_twice_is_one(peer: Peer) -> None:
    body = {"reference": "r", "facts": {}}
    first = peer.http.post(
        "/v1/requests/supervising_body", headers={"Idempotency-Key": "k"}, json=body
    ).json()
    again = peer.http.post(
        "/v1/requests/supervising_body", headers={"Idempotency-Key": "k"}, json=body
    ).json()
    assert first["id"] == again["id"]


def test_a_silent_body_never_answers_and_a_person_can_reject(peer: Peer) -> None:
    peer.switch("supervising_body_requests", "silent")
    made = peer.http.post("/v1/requests/supervising_body", json={"reference": "s", "facts": {}}).json()
    assert peer.http.get(f"/v1/requests/supervising_body/{made['id']}").json()["status"] == "pending"
    done = peer.http.put(
        f"/control/requests/{made['id']}", json={"state": "rejected", "reason": {"ar": "لا"}}
    )
    assert done.json()["status"] == "rejected"
    assert done.json()["reason"] == {"ar": "لا"}


def test_a_callback_off_the_machine_is_refused(peer: Peer) -> None:
    made = peer.http.post(
        "/v1/requests/civil_defence",
        json={"reference": "x", "facts": {}, "callback_url": "http://example.org/"},
    )
    assert made.json()["error"] == "callback_must_be_on_loopback"


def test_a_seed_with_a_mistake_is_refused_with_its_place(tmp_path: Path) -> None:
    seed = tmp_path / "bad.json"
    seed.write_text('{"people": [{"name": "x"}]}')
    done = subprocess.run(
        [sys.executable, "-m", "peers.registers", "--seed", str(seed)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert "people[0] has no national_id" in done.stderr
