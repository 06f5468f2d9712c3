"""The gateway takes bills, the bank takes money, the notice is signed and comes until it is taken."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.peers.listener import Inbox, listening
from tests.peers.running import NOTICE_KEY, Peer, running


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with running("payments") as found:
        yield found


@pytest.fixture
def inbox(peer: Peer) -> Iterator[Inbox]:
    with listening() as found:
        peer.http.put("/control/payments", json={"notice_url": found.url, "faults": []})
        yield found
        peer.reset()
        peer.http.put("/control/payments", json={"notice_url": "", "faults": []})


def bill(peer: Peer, number: str, *, amount: int = 34500, days: int = 7) -> httpx.Response:
    expires = (datetime.now(UTC).replace(microsecond=0, hour=20) + timedelta(days=days)).isoformat()
    return peer.http.post(
        "/v1/bills",
        json={
            "biller_code": "901",
            "bill_number": number,
            "amount": amount,
            "expires_at": expires,
            "description": "رخصة نشاط تجاري",
        },
    )


def pay(peer: Peer, number: str, *faults: str) -> httpx.Response:
    return peer.http.post(
        "/bank/pay", json={"biller_code": "901", "bill_number": number, "faults": list(faults)}
    )


def test_a_bill_is_created_paid_and_noticed(peer: Peer, inbox: Inbox) -> None:
    made = bill(peer, "2600000001")
    assert made.status_code == 201
    assert made.json()["status"] == "initiated"
    assert made.json()["source"]["sadad_number"] == "2600000001"
    assert pay(peer, "2600000001").status_code == 200
    headers, body = inbox.wait_for(1)[0]
    signed = hmac.new(NOTICE_KEY.encode(), headers["X-Notice-Time"].encode() + b"." + body, hashlib.sha256)
    assert hmac.compare_digest(signed.hexdigest(), headers["X-Notice-Signature"])
    notice = json.loads(body)
    assert notice["id"] == headers["X-Notice-Id"]
    assert notice["data"]["amount"] == 34500
    assert peer.http.get("/v1/bills/901/2600000001").json()["status"] == "paid"


def test_the_same_bill_again_is_the_same_and_other_terms_conflict(peer: Peer) -> None:
    assert bill(peer, "2600000002").json()["id"] == bill(peer, "2600000002").json()["id"]
    assert bill(peer, "2600000002", amount=1).status_code == 409


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"biller_code": "9"}, "biller_code_is_three_digits"),
        ({"bill_number": "abc"}, "bill_number_is_6_to_20_digits"),
        ({"amount": 0}, "amount_is_halalas_above_zero"),
        ({"amount": 1.5}, "amount_is_halalas_above_zero"),
        ({"expires_at": "soon"}, "expires_at_is_iso_8601"),
        ({"expires_at": "2026-12-01"}, "expires_at_needs_a_time_zone"),
    ],
)
def test_a_bill_that_makes_no_sense_is_refused(peer: Peer, change: dict[str, object], error: str) -> None:
    body = {
        "biller_code": "901",
        "bill_number": "2600000003",
        "amount": 100,
        "expires_at": "2030-01-01T00:00:00+03:00",
        **change,
    }
    answer = peer.http.post("/v1/bills", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"] == error


def test_notices_are_sent_until_taken(peer: Peer, inbox: Inbox) -> None:
    inbox.answers = [503, 500, 200]
    bill(peer, "2600000004")
    pay(peer, "2600000004")
    arrived = inbox.wait_for(3)
    assert len({headers["X-Notice-Id"] for headers, _ in arrived}) == 1


def test_twice_gives_two_payments_and_two_notices(peer: Peer, inbox: Inbox) -> None:
    bill(peer, "2600000005")
    assert len(pay(peer, "2600000005", "twice").json()["payments"]) == 2
    arrived = inbox.wait_for(2)
    assert len({headers["X-Notice-Id"] for headers, _ in arrived}) == 2


def test_repeat_gives_the_same_notice_twice(peer: Peer, inbox: Inbox) -> None:
    bill(peer, "2600000006")
    pay(peer, "2600000006", "repeat")
    arrived = inbox.wait_for(2)
    assert len({headers["X-Notice-Id"] for headers, _ in arrived}) == 1


def test_wrong_amount_and_wrong_key(peer: Peer, inbox: Inbox) -> None:
    bill(peer, "2600000007")
    pay(peer, "2600000007", "wrong_amount", "wrong_key")
    headers, body = inbox.wait_for(1)[0]
    assert json.loads(body)["data"]["amount"] == 34400
    signed = hmac.new(NOTICE_KEY.encode(), headers["X-Notice-Time"].encode() + b"." + body, hashlib.sha256)
    assert not hmac.compare_digest(signed.hexdigest(), headers["X-Notice-Signature"])


def test_no_notice_leaves_it_to_the_reconciliation_list(peer: Peer, inbox: Inbox) -> None:
    bill(peer, "2600000008", amount=700)
    pay(peer, "2600000008", "no_notice")
    today = datetime.now(ZoneInfo("Asia/Riyadh")).date().isoformat()
    listed = peer.http.get("/v1/reconciliation", params={"date": today, "biller_code": "901"}).json()
    assert [item["amount"] for item in listed["items"] if item["bill_number"] == "2600000008"] == [700]
    assert listed["total"] == sum(item["amount"] for item in listed["items"])
    assert inbox.arrived == []


def test_the_bank_refuses_paid_expired_withdrawn_and_unknown_bills(peer: Peer, inbox: Inbox) -> None:
    bill(peer, "2600000009")
    pay(peer, "2600000009")
    assert pay(peer, "2600000009").json()["error"] == "paid_already"
    bill(peer, "2600000010", days=-2)
    assert pay(peer, "2600000010").json()["error"] == "expired"
    assert pay(peer, "2600000010", "after_expiry").status_code == 200
    bill(peer, "2600000011")
    assert peer.http.post("/v1/bills/901/2600000011/expire").json()["status"] == "expired"
    assert pay(peer, "2600000011").status_code == 409
    assert pay(peer, "0000000000").status_code == 404


def test_the_bank_page_takes_arabic_digits_and_pays(peer: Peer, inbox: Inbox) -> None:
    bill(peer, "2600000012")
    page = peer.http.get("/bank", params={"biller_code": "٩٠١", "bill_number": "٢٦٠٠٠٠٠٠١٢"})
    assert "345.00" in page.text
    assert "نظام تجريبي" in page.text
    done = peer.http.post(
        "/bank/pay", data={"biller_code": "901", "bill_number": "2600000012"}, follow_redirects=True
    )
    assert "تم السداد" in done.text
    again = peer.http.post("/bank/pay", data={"biller_code": "901", "bill_number": "2600000012"})
    assert again.status_code == 422
    assert "مسددة من قبل" in again.text
    assert inbox.wait_for(1)


def test_down_and_a_wrong_key(peer: Peer, inbox: Inbox) -> None:
    assert httpx.get(peer.url + "/v1/bills/901/2600000001").status_code == 401
    peer.switch("gateway", "down")
    with pytest.raises(httpx.RemoteProtocolError):
        bill(peer, "2600000013")


def test_bills_and_waiting_notices_survive_a_restart(tmp_path: str) -> None:
    with listening() as inbox:
        inbox.answers = [503]
        with running("payments", "--data", str(tmp_path), "--notice-url", inbox.url) as first:
            bill(first, "2600000014")
            pay(first, "2600000014")
            inbox.wait_for(1)
        inbox.answers = [200]
        with running("payments", "--data", str(tmp_path)) as second:
            assert second.http.get("/v1/bills/901/2600000014").json()["status"] == "paid"
            inbox.wait_for(2)
