"""The catcher keeps mail and SMS, counts copies, sends receipts and misbehaves when switched to."""

import json
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import httpx
import pytest

from tests.peers.listener import listening
from tests.peers.running import Peer, running


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with running("catcher") as found:
        yield found


@pytest.fixture(autouse=True)
def _empty(peer: Peer) -> Iterator[None]:
    yield
    peer.reset()
    peer.http.delete("/api/messages")


def mail(peer: Peer, to: str = "Owner@example.org", key: str = "<one@diwan>") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "diwan@example.org", to, "تم استلام طلبكم"
    message["Message-ID"] = key
    message.set_content("رقم الطلب 260-0000-0017. المتابعة: http://127.0.0.1:8000/track/1")
    message.add_alternative("<p dir=rtl>رقم الطلب</p>", subtype="html")
    host, port = peer.facts["smtp"].split(":")
    with smtplib.SMTP(host, int(port)) as client:
        client.send_message(message)


def sms(
    peer: Peer, text: str = "رمز التحقق 123456", key: str = "k1", to: str = "966500000001"
) -> httpx.Response:
    return peer.http.post(
        "/sms",
        headers={"Idempotency-Key": key},
        json={"to": to, "text": text, "sender": "DIWAN", "reference": "77"},
    )


def caught(peer: Peer, **query: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = peer.http.get("/api/messages", params=query).json()["messages"]
    return found


def test_mail_is_kept_apart_and_shown(peer: Peer) -> None:
    mail(peer)
    [message] = caught(peer, to="owner@example.org")
    assert message["subject"] == "تم استلام طلبكم"
    assert "260-0000-0017" in str(message["text"])
    page = peer.http.get("/", params={"q": "0017"}).text
    assert "تم استلام طلبكم" in page
    assert 'href="http://127.0.0.1:8000/track/1"' in page
    html = peer.http.get(f"/messages/{message['id']}/html")
    assert html.headers["Content-Security-Policy"].startswith("sandbox")


def test_the_same_message_id_is_one_message_marked_as_come_again(peer: Peer) -> None:
    mail(peer)
    mail(peer)
    [message] = caught(peer)
    assert message["duplicate"] is True
    assert "وصلت مكررة" in peer.http.get("/").text


def test_sms_is_accepted_once_for_a_key_and_counted_in_parts(peer: Peer) -> None:
    assert sms(peer, "ا" * 70).json()["segments"] == 1
    assert sms(peer, "ا" * 71, key="k2").json()["segments"] == 2
    again = sms(peer, "ا" * 70)
    assert again.status_code == 202
    assert again.json()["repeated"] is True
    assert len(caught(peer, kind="sms")) == 2


def test_newest_first_and_search(peer: Peer) -> None:
    sms(peer, "الأولى", key="a")
    sms(peer, "الثانية", key="b", to="966500000002")
    assert [message["text"] for message in caught(peer)] == ["الثانية", "الأولى"]
    assert [message["text"] for message in caught(peer, to="966500000001")] == ["الأولى"]
    for spelling in ("0500000001", "+966500000001", "٠٥٠٠٠٠٠٠٠١"):
        assert [message["text"] for message in caught(peer, to=spelling)] == ["الأولى"]
    assert [message["text"] for message in caught(peer, q="الثان")] == ["الثانية"]


def test_a_signed_receipt_comes_back(peer: Peer) -> None:
    with listening() as inbox:
        peer.http.put("/control/receipts", json={"receipt_url": inbox.url})
        sms(peer)
        peer.switch("sms", "undelivered")
        sms(peer, key="k2")
        bodies = [json.loads(body)["data"] for _, body in inbox.wait_for(2)]
        peer.http.put("/control/receipts", json={"receipt_url": ""})
    assert [body["status"] for body in bodies] == ["delivered", "undelivered"]
    assert bodies[0]["reference"] == "77"


def test_sms_without_key_or_text_is_refused(peer: Peer) -> None:
    assert httpx.post(peer.url + "/sms", json={"to": "1", "text": "x"}).status_code == 401
    assert peer.http.post("/sms", json={"to": "1", "text": "x"}).json()["error"] == "idempotency_key_expected"
    assert sms(peer, text="").json()["error"] == "to_and_text_expected"


def test_cut_keeps_the_message_but_breaks_the_line(peer: Peer) -> None:
    peer.switch("sms", "cut")
    peer.switch("mail", "cut")
    with pytest.raises(httpx.RemoteProtocolError):
        sms(peer)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        mail(peer)
    assert len(caught(peer)) == 2


def test_mail_can_be_down_or_refused(peer: Peer) -> None:
    for state, code in (("down", 421), ("refuse", 550)):
        peer.switch("mail", state)
        with pytest.raises(smtplib.SMTPDataError) as error:
            mail(peer)
        assert error.value.smtp_code == code
    assert caught(peer) == []
