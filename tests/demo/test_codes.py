"""`diwan code NAME`: what the person would be asked for now."""

import dataclasses
from collections.abc import Iterator

import pytest
from django.conf import settings

from diwan.demo.codes import NoCode, code_of
from diwan.demo.plan.people import society
from diwan.kit import clock
from diwan.people.actions import enrol_totp, totp_code
from diwan.people.actor import system
from diwan.people.models import Account
from tests.peers.running import Peer, running


@pytest.fixture
def catcher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    """A real catcher, to which the product sends its short messages."""
    with running("catcher", "--port", "0", "--smtp-port", "0") as peer:
        monkeypatch.setattr(settings, "DIWAN", dataclasses.replace(settings.DIWAN, sms_url=f"{peer.url}/sms"))
        yield peer


def _send(catcher: Peer, number: int, text: str) -> None:
    body = {
        "id": f"message-{number}",
        "to": society().humans["salem"].mobile,
        "text": text,
        "sender": "DIWAN",
    }
    answer = catcher.http.post("/sms", json=body, headers={"Idempotency-Key": f"key-{number}"})
    assert answer.status_code < 300, answer.text


def test_the_newest_code_that_came_to_a_resident(catcher: Peer) -> None:
    with pytest.raises(NoCode, match="No message"):
        code_of("salem")
    _send(catcher, 1, "رمز الدخول 123456 صالح لخمس دقائق")
    _send(catcher, 2, "رمز الدخول ٦٥٤٣٢١ صالح لخمس دقائق")
    _send(catcher, 3, "وصل طلبكم رقم 260-0000-1234")
    assert code_of("salem").code == "654321"
    assert code_of(society().humans["salem"].national_id).code == "654321"
    assert code_of(society().humans["salem"].email).code == "654321"


def test_a_catcher_that_is_down_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        settings, "DIWAN", dataclasses.replace(settings.DIWAN, sms_url="http://127.0.0.1:9/sms")
    )
    with pytest.raises(NoCode, match="does not answer"):
        code_of("salem")


@pytest.mark.django_db
def test_a_name_with_a_dot_is_found() -> None:
    account = Account.objects.create(
        username="fda.hind", name_ar="هند", name_en="Hind", kind=Account.Kind.ENTITY, created_at=clock.now()
    )
    enrol_totp(account=account, by=system("test"))
    assert code_of(" fda.hind ").code == totp_code(account=account)
