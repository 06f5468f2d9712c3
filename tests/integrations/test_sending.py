"""Messages from their rows to the catcher: once, whatever breaks in between."""

import re
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from django.conf import LazySettings
from django.test import Client

from diwan.kit import clock
from diwan.notify import delivery, registry
from diwan.notify.actions import (
    CannotSendAgain,
    CodeNotSent,
    erase_messages,
    record_receipt,
    send_again,
    send_code,
    send_due,
)
from diwan.notify.actions.send_now import send_now
from diwan.notify.models import Message
from diwan.notify.queries import Notice, Recipient, inbox_of, rows_for, waiting
from diwan.notify.references import read_reference, reference_of
from diwan.notify.templates import Rendered
from diwan.notify.timing import LEASE, MOST_TRIES
from diwan.people.actor import Actor
from tests.integrations.conftest import configure
from tests.peers.listener import listening
from tests.peers.running import Peer

pytestmark = pytest.mark.django_db
CLERK = Actor(account_id=5, capacity="position:9", position_id=9)
OWNER = Recipient(language="ar", mobile="+966500000001", email="owner@example.org", account_id=11)
VALUES = {"number": "260-0000-0017", "service": "رخصة نشاط تجاري", "url": "http://127.0.0.1:8000/t/1/x"}
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=clock.RIYADH)


@pytest.fixture(autouse=True)
def _no_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values come from the row alone."""
    monkeypatch.setattr(registry, "_fill", [])


@pytest.fixture(autouse=True)
def by_day() -> Iterator[None]:
    """It is noon in Riyadh."""
    with clock.frozen(NOON):
        yield


def queue(
    template: str = "RECEIVED", *, to: Recipient = OWNER, channels: str = "sms", **more: Any
) -> list[Message]:
    notice = Notice(
        template,
        to,
        municipality_id=1,
        params=VALUES | more.pop("params", {}),
        channels=frozenset(channels.split()),
    )
    rows = rows_for([notice], at=clock.now(), **more)
    return [Message.objects.create(**row) for row in rows]


def caught(peer: Peer, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = peer.http.get("/api/messages", params=query).json()["messages"]
    return found


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def test_a_notice_goes_to_every_address_in_the_readers_language(catcher: Peer) -> None:
    sms, mail, app = queue(channels="sms email app")
    assert send_due() == 3
    [text] = caught(catcher, to="+966500000001")
    assert "تم استلام طلبكم رخصة نشاط تجاري برقم" in text["text"]
    assert text["sender"] == "DIWAN"
    [letter] = caught(catcher, to="owner@example.org")
    assert letter["subject"] == "تم استلام الطلب رقم \u2066260-0000-0017\u2069"
    assert '<html lang="ar" dir="rtl">' in letter["html"]
    assert 'href="http://127.0.0.1:8000/t/1/x"' in letter["html"]
    assert [state(sms), state(mail), state(app)] == ["sent", "sent", "sent"]
    assert sms.sent_at == clock.now()
    assert "http" not in mail.body
    assert [message.pk for message in inbox_of(11)] == [app.pk]
    assert send_due() == 0


def test_english_for_who_reads_english(catcher: Peer) -> None:
    queue(to=Recipient(language="en", email="reader@example.org"), channels="email")
    send_due()
    [letter] = caught(catcher, to="reader@example.org")
    assert "Request \u2068" not in letter["subject"]
    assert letter["subject"] == "Request 260-0000-0017 received"
    assert 'dir="ltr"' in letter["html"]


def test_what_is_not_due_waits(catcher: Peer) -> None:
    [message] = queue(not_before=clock.now() + timedelta(minutes=10))
    assert send_due() == 0
    with clock.frozen(NOON + timedelta(minutes=10)):
        assert send_due() == 1
    assert state(message) == "sent"


def test_a_reminder_does_not_ring_at_night_but_mail_goes(catcher: Peer) -> None:
    night = datetime(2026, 11, 22, 23, 30, tzinfo=clock.RIYADH)
    with clock.frozen(night):
        queue("RATE")
        send_due()
        assert caught(catcher) == []
    with clock.frozen(datetime(2026, 11, 23, 8, 0, tzinfo=clock.RIYADH)):
        assert send_due() == 1
    with clock.frozen(night):
        queue("RECEIVED")
        send_due()
    assert len(caught(catcher)) == 2


def test_a_channel_that_is_down_costs_no_try_and_the_other_goes_on(
    catcher: Peer, settings: LazySettings
) -> None:
    right = settings.DIWAN.mail_port
    configure(settings, mail_port=9)
    mails = queue(channels="email") + queue(channels="email")
    [text] = queue()
    assert send_due() == 1
    assert state(text) == "sent"
    assert [(state(mail), mail.attempts) for mail in mails] == [("queued", 0), ("queued", 0)]
    configure(settings, mail_port=right)
    with clock.frozen(NOON + timedelta(minutes=1)):
        assert send_due() == 2
    assert [state(mail) for mail in mails] == ["sent", "sent"]


def test_a_provider_that_refuses_for_now_is_asked_again_and_given_up_at_last(catcher: Peer) -> None:
    catcher.switch("mail", "down")
    [mail] = queue(channels="email")
    moment = NOON
    for tries in range(1, MOST_TRIES + 1):
        with clock.frozen(moment):
            send_due()
        assert state(mail) == ("queued" if tries < MOST_TRIES else "failed")
        assert mail.attempts == tries
        assert mail.not_before >= moment
        moment = mail.not_before + timedelta(seconds=1)
    assert waiting() == {"email.failed": 1}


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_a_provider_that_refuses_for_good_is_believed(catcher: Peer, channel: str) -> None:
    catcher.switch({"sms": "sms", "email": "mail"}[channel], "refuse")
    [message] = queue(channels=channel)
    send_due()
    assert state(message) == "failed"
    assert message.error in ("HTTP 400", "SMTP 550")


def test_an_address_that_is_none_is_given_up(catcher: Peer) -> None:
    [message] = queue(to=Recipient(language="ar", email="not an address"), channels="email")
    send_due()
    assert state(message) == "failed"


def test_a_line_that_breaks_after_a_short_message_is_resumed_without_a_second_one(catcher: Peer) -> None:
    catcher.switch("sms", "cut")
    [message] = queue()
    send_due()
    assert state(message) == "queued"
    catcher.reset()
    with clock.frozen(NOON + timedelta(hours=1)):
        send_due()
    assert state(message) == "sent"
    [text] = caught(catcher)
    assert text["copies"] == 1  # asked again under the same key, kept once


def test_a_line_that_breaks_after_a_mail_leaves_it_uncertain_and_never_sends_it_again(catcher: Peer) -> None:
    catcher.switch("mail", "cut")
    [message] = queue(channels="email")
    send_due()
    assert state(message) == "uncertain"
    catcher.reset()
    with clock.frozen(NOON + timedelta(days=1)):
        assert send_due() == 0
    assert len(caught(catcher)) == 1
    assert state(message) == "uncertain"


@pytest.mark.parametrize(("channel", "after", "copies"), [("sms", "sent", 1), ("email", "uncertain", 0)])
def test_a_kill_between_sending_and_marking_doubles_nothing(
    catcher: Peer, monkeypatch: pytest.MonkeyPatch, channel: str, after: str, copies: int
) -> None:
    class Killed(BaseException):
        """The process is gone."""

    def die(*_: object) -> None:
        raise Killed

    [first] = queue(channels=channel)
    [second] = queue(channels=channel, to=Recipient("ar", mobile="+966500000002", email="second@example.org"))
    with monkeypatch.context() as patched:
        patched.setattr(delivery, "mark_sent", die)
        with pytest.raises(Killed):
            send_due()
    assert [state(first), state(second)] == ["sending", "queued"]
    assert send_due() == 0  # both are still held by the process that is gone
    with clock.frozen(NOON + LEASE + timedelta(seconds=1)):
        send_due()
    assert [state(first), state(second)] == [after, "sent"]
    assert sorted(message["copies"] for message in caught(catcher)) == [0, copies]


def test_a_notice_held_back_after_it_was_claimed_is_not_sent(
    catcher: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    [message] = queue()
    render = delivery._render

    def undo_first(*arguments: Any) -> Any:
        Message.objects.filter(state="queued").delete()
        return render(*arguments)

    monkeypatch.setattr(delivery, "_render", undo_first)
    send_due()
    assert caught(catcher) == []
    assert not Message.objects.filter(pk=message.pk).exists()


def test_a_text_with_a_hole_is_never_sent(catcher: Peer) -> None:
    [message] = queue("SECRET")
    send_due()
    assert state(message) == "failed"
    assert message.error == "no value for secret"
    assert caught(catcher) == []


def test_values_of_a_case_are_filled_in_when_it_is_sent(
    catcher: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(case_id: int, language: str) -> dict[str, str]:
        if case_id == 13:
            raise LookupError(case_id)
        return {
            "number": f"no {case_id}",
            "secret": "87654321",
            "url": "http://127.0.0.1/t",
            "service": language,
        }

    monkeypatch.setattr(registry, "_fill", [fill])
    for case_id in (12, 13):
        Message.objects.create(
            created_at=clock.now(),
            municipality_id=1,
            case_id=case_id,
            channel="sms",
            address="+966500000003",
            language="ar",
            template="SECRET",
            not_before=clock.now(),
        )
    assert send_due() == 2
    [text] = caught(catcher)
    assert "87654321" in text["text"]
    kept, failed = Message.objects.order_by("case_id")
    assert "87654321" not in kept.body
    assert kept.params == {}
    assert failed.state == "failed"


def test_a_code_is_sent_at_once_and_written_down_nowhere(catcher: Peer) -> None:
    message = send_code(channel="sms", address="+966500000001", code="482913", language="ar")
    assert "482913" in caught(catcher)[0]["text"]
    assert state(message) == "sent"
    assert "482913" not in str(vars(message))


def test_a_code_is_never_taken_by_who_sends_what_is_due(
    catcher: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process looks for messages between the row of the log and the sending."""

    def meanwhile(*, message: Message, extra: dict[str, str] | None = None) -> str:
        assert send_due() == 0
        return send_now(message=message, extra=extra)

    monkeypatch.setattr(sys.modules["diwan.notify.actions.send_secret"], "send_now", meanwhile)
    message = send_code(channel="sms", address="+966500000001", code="482913", language="ar")
    assert state(message) == "sent"
    assert "482913" in caught(catcher)[0]["text"]


def test_a_code_that_cannot_be_sent_says_so_and_is_not_sent_late(catcher: Peer) -> None:
    catcher.switch("sms", "refuse")
    with pytest.raises(CodeNotSent):
        send_code(channel="sms", address="+966500000001", code="482913", language="ar")
    catcher.switch("sms", "cut")
    with pytest.raises(CodeNotSent):
        send_code(channel="sms", address="+966500000001", code="482914", language="ar")
    catcher.reset()
    with clock.frozen(NOON + timedelta(days=1)):
        assert send_due() == 0


def test_receipts_come_back_signed_and_settle_the_message(catcher: Peer) -> None:
    with listening() as inbox:
        catcher.http.put("/control/receipts", json={"receipt_url": inbox.url})
        [message] = queue()
        send_due()
        [(headers, body)] = inbox.wait_for(1)
        catcher.http.put("/control/receipts", json={"receipt_url": ""})
    kept = {name: value for name, value in headers.items() if name.startswith("X-Notice")}

    def post(content: bytes) -> int:
        return (
            Client(enforce_csrf_checks=True)
            .post("/notify/sms/receipt", data=content, content_type="application/json", headers=kept)
            .status_code
        )

    assert post(body + b" ") == 401
    assert post(body) == 200
    assert state(message) == "delivered"
    assert message.receipt_at is not None
    assert post(body) == 200


def test_a_receipt_of_loss_and_one_that_came_too_early() -> None:
    [lost], [early] = queue(), queue()
    for message in (lost, early):
        Message.objects.filter(pk=message.pk).update(state="sending")
    at = clock.now()
    assert record_receipt(reference=reference_of(lost.pk, lost.created_at), status="undelivered", at=at)
    assert state(lost) == "failed"
    assert record_receipt(reference=reference_of(early.pk, early.created_at), status="delivered", at=at)
    rendered = Rendered(subject="", body="x", kept_body="x")
    delivery.mark_sent(early, rendered, "7")
    assert state(early) == "delivered"
    assert record_receipt(reference=reference_of(early.pk, early.created_at), status="failed", at=at)
    assert state(early) == "delivered"


@pytest.mark.parametrize("reference", ["", "1", "x-y", "999999-1700000000000000", "1-999999999999999999"])
def test_a_receipt_for_a_message_that_is_not_ours(reference: str) -> None:
    assert record_receipt(reference=reference, status="delivered", at=clock.now()) is False


def test_a_reference_finds_its_row() -> None:
    [message] = queue()
    assert read_reference(reference_of(message.pk, message.created_at)) == (message.pk, message.created_at)


def test_sending_again_is_a_new_row(catcher: Peer) -> None:
    [message] = queue()
    with pytest.raises(CannotSendAgain):
        send_again(message=message, by=CLERK)
    send_due()
    copy = send_again(message=message, by=CLERK)
    assert copy.pk != message.pk
    assert send_due() == 1
    assert len(caught(catcher)) == 2
    code = send_code(channel="sms", address="+966500000001", code="1", language="ar")
    with pytest.raises(CannotSendAgain):
        send_again(message=code, by=CLERK)


def test_erasing_keeps_that_and_when_but_not_what_and_where(catcher: Peer) -> None:
    [message] = queue()
    [waits] = queue(not_before=clock.now() + timedelta(days=1))
    send_due()
    assert erase_messages(by=CLERK, account_id=11) == 1
    assert state(message) == "sent"
    assert (message.address, message.body, message.params) == ("", "", {})
    assert message.sent_at is not None
    assert state(waits) == "queued"
    with pytest.raises(ValueError, match="which"):
        erase_messages(by=CLERK)
    with pytest.raises(CannotSendAgain):
        send_again(message=message, by=CLERK)


def test_channels_that_are_not_configured_wait(catcher: Peer, settings: LazySettings) -> None:
    configure(settings, sms_url="", mail_host="")
    messages = queue(channels="sms email")
    assert send_due() == 0
    assert [state(message) for message in messages] == ["queued", "queued"]


def test_a_wrong_key_at_the_gateway_is_the_channels_fault(catcher: Peer, settings: LazySettings) -> None:
    configure(settings, sms_key="another-key-altogether")
    [message] = queue()
    send_due()
    assert (state(message), message.attempts) == ("queued", 0)


def test_a_batch_uses_one_mail_session_and_keeps_lines_that_begin_with_a_dot(catcher: Peer) -> None:
    for number in range(5):
        queue("REJECTED", channels="email", params={"reason": f"\n.{number}"})
    assert send_due() == 5
    letters = caught(catcher)
    assert len(letters) == 5
    assert all(re.search(r"\n\.\d", letter["text"]) for letter in letters)


def test_the_catchers_own_page_shows_what_was_sent(catcher: Peer) -> None:
    queue()
    send_due()
    page = httpx.get(catcher.url, params={"q": "رخصة"}).text
    assert "تم استلام طلبكم" in page
