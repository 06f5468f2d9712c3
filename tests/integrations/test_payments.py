"""Bills to the payment system and its notices back, over the real protocol."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import cast

import httpx
import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client

from diwan.integrations.payments.gateway import HttpGateway
from diwan.kit import clock
from diwan.payments.models import PaymentNotice
from diwan.payments.ports import (
    AlreadyPaid,
    BillToPresent,
    GatewayDown,
    GatewayRefused,
    PaymentGateway,
)
from peers.base import signing
from tests.integrations.conftest import configure
from tests.peers.listener import Inbox, listening
from tests.peers.running import NOTICE_KEY, Peer

GATEWAY: PaymentGateway = HttpGateway()


def bill(number: str, *, amount: int = 34500, biller: str = "901", days: int = 7) -> BillToPresent:
    moment = datetime.now(UTC).replace(microsecond=0, minute=0) + timedelta(days=days)
    return BillToPresent(biller=biller, number=number, amount=amount, expires_at=moment, description="رخصة")


def pay(peer: Peer, number: str, *faults: str) -> httpx.Response:
    return peer.http.post(
        "/bank/pay", json={"biller_code": "901", "bill_number": number, "faults": list(faults)}
    )


def test_a_bill_is_presented_and_the_same_again_is_the_same(payments: Peer) -> None:
    reference = GATEWAY.present(bill("1000000001"))
    assert GATEWAY.present(bill("1000000001")) == reference
    assert payments.http.get("/v1/bills/901/1000000001").json()["amount"] == 34500


def test_other_terms_and_bad_bills_are_refused_for_good(payments: Peer) -> None:
    GATEWAY.present(bill("1000000002"))
    with pytest.raises(GatewayRefused, match="bill_exists_with_other_terms"):
        GATEWAY.present(bill("1000000002", amount=1))
    with pytest.raises(GatewayRefused, match="biller_code"):
        GATEWAY.present(bill("1000000003", biller="9"))


def test_a_bill_is_taken_back_unless_it_is_paid(payments: Peer) -> None:
    GATEWAY.present(bill("1000000004"))
    GATEWAY.take_back(biller="901", number="1000000004")
    assert pay(payments, "1000000004").status_code == 409
    GATEWAY.take_back(biller="901", number="9999999999")
    GATEWAY.present(bill("1000000005"))
    pay(payments, "1000000005")
    with pytest.raises(AlreadyPaid):
        GATEWAY.take_back(biller="901", number="1000000005")


def test_the_list_of_a_day(payments: Peer) -> None:
    GATEWAY.present(bill("1000000006", amount=700))
    pay(payments, "1000000006", "no_notice")
    listed = GATEWAY.payments_on(datetime.now(clock.RIYADH).date(), biller="901")
    assert [paid.amount for paid in listed if paid.bill_number == "1000000006"] == [700]
    assert all(paid.paid_at.tzinfo for paid in listed)


@pytest.mark.parametrize("state", ["down", "wrong"])
def test_down_or_nonsense_is_down(payments: Peer, state: str) -> None:
    payments.switch("gateway", state)
    with pytest.raises(GatewayDown):
        GATEWAY.present(bill("1000000007"))


def test_after_five_failures_the_system_is_left_alone(payments: Peer) -> None:
    payments.switch("gateway", "down")
    for _ in range(5):
        with pytest.raises(GatewayDown):
            GATEWAY.present(bill("1000000008"))
    payments.switch("gateway", "up")
    with pytest.raises(GatewayDown, match="left alone"):
        GATEWAY.present(bill("1000000008"))


def test_a_wrong_key_is_no_reason_to_give_a_bill_up(payments: Peer, settings: LazySettings) -> None:
    configure(settings, payments_url="")
    with pytest.raises(GatewayDown):
        GATEWAY.present(bill("1000000009"))


class Door:
    """The product's notice address: what the peer really posted, handed to the view."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox

    def answers(self, count: int) -> list[HttpResponse]:
        """The product's answers to the first `count` notices."""
        return [post(body, headers) for headers, body in self.inbox.wait_for(count)[:count]]


def post(body: bytes, headers: dict[str, str]) -> HttpResponse:
    kept = {name: value for name, value in headers.items() if name.startswith("X-Notice")}
    answer = Client(enforce_csrf_checks=True).post(
        "/payments/notice", data=body, content_type="application/json", headers=kept
    )
    return cast(HttpResponse, answer)


@pytest.fixture
def door(payments: Peer) -> Iterator[Door]:
    with listening() as inbox:
        payments.http.put("/control/payments", json={"notice_url": inbox.url, "faults": []})
        yield Door(inbox)
        payments.http.put("/control/payments", json={"notice_url": "", "faults": []})


@pytest.mark.django_db
def test_a_notice_is_recorded_once(payments: Peer, door: Door) -> None:
    GATEWAY.present(bill("1000000011"))
    pay(payments, "1000000011", "repeat")
    first, second = door.answers(2)
    assert (first.status_code, second.status_code) == (200, 200)
    row = PaymentNotice.objects.get()
    assert (row.bill_number, row.amount, row.outcome) == ("1000000011", 34500, "unknown_bill")


@pytest.mark.django_db
def test_a_notice_signed_with_a_wrong_key_is_refused(payments: Peer, door: Door) -> None:
    GATEWAY.present(bill("1000000012"))
    pay(payments, "1000000012", "wrong_key")
    [answer] = door.answers(1)
    assert answer.status_code == 401
    assert not PaymentNotice.objects.exists()


@pytest.mark.django_db
def test_two_payments_are_two_notices(payments: Peer, door: Door) -> None:
    GATEWAY.present(bill("1000000013"))
    pay(payments, "1000000013", "twice")
    assert [answer.status_code for answer in door.answers(2)] == [200, 200]
    assert PaymentNotice.objects.count() == 2


def _notice(**change: object) -> dict[str, object]:
    data = {
        "payment_id": "p1", "biller_code": "901", "bill_number": "1000000014", "amount": 34500, "currency": "SAR",
        "paid_at": "2026-11-21T10:00:00+00:00",
    }  # fmt: skip
    return {"id": "notice-0001", "type": "payment_paid", "data": {**data, **change}}


def _send(body: bytes, *, age: int = 0, key: str = NOTICE_KEY) -> HttpResponse:
    sent_at = int(clock.real_now().timestamp()) - age
    return post(body, signing.headers(key=key, notice_id="notice-0001", body=body, sent_at=sent_at))


@pytest.mark.django_db
def test_an_old_notice_is_refused_though_its_signature_holds(payments: Peer) -> None:
    body = json.dumps(_notice()).encode()
    assert _send(body, age=301).status_code == 401
    assert _send(body, age=10).status_code == 200


@pytest.mark.django_db
def test_a_notice_whose_id_inside_differs_is_refused(payments: Peer) -> None:
    assert _send(json.dumps({**_notice(), "id": "another-notice"}).encode()).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"amount": "34500"},
        {"amount": True},
        {"amount": -1},
        {"currency": "USD"},
        {"paid_at": "yesterday"},
        {"paid_at": "2026-11-21T10:00:00"},
        {"bill_number": ""},
        {"payment_id": None},
        {"bill_number": "1" * 81},
    ],
)
def test_a_signed_notice_that_is_no_payment_is_refused(payments: Peer, change: dict[str, object]) -> None:
    assert _send(json.dumps(_notice(**change)).encode()).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"type": 1}', b"\xff\xfe", b"{" * 2000])
def test_signed_nonsense_is_refused(payments: Peer, body: bytes) -> None:
    assert _send(body).status_code == 400


@pytest.mark.django_db
def test_without_a_key_nothing_is_taken_and_get_is_not_allowed(
    payments: Peer, settings: LazySettings
) -> None:
    configure(settings, payments_notice_key="")
    assert _send(json.dumps(_notice()).encode(), key="").status_code == 401
    assert Client().get("/payments/notice").status_code == 405
