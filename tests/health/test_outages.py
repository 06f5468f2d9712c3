"""What an officer and a citizen see while a system outside is down, with the real peers switched off."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diwan.cases.models import Case, OpenTask
from diwan.cases.services import service_of
from diwan.documents.models import IssuedDocument
from diwan.health import queries
from diwan.health.calls import ENOUGH, note_call, write_calls
from diwan.health.models import Connector
from diwan.health.registry import report
from diwan.jobs.documents import issue_waiting
from diwan.jobs.machine import run_acts
from diwan.kit.numbers import case_number
from diwan.notify.actions import send_due
from diwan.notify.models import Message
from diwan.people.models import Account
from tests import cast
from tests.apply.browsing import client_of, text_of
from tests.cases import walking
from tests.cases.conftest import registers as registers_in_order
from tests.cases.walking import GROCERY
from tests.desk.signed_in import session_of
from tests.integrations.conftest import configure
from tests.peers.running import Peer

__all__ = ["registers_in_order"]
pytestmark = pytest.mark.usefixtures("city")


def desk(username: str, language: str) -> str:
    """The officer's first page."""
    client = Client(SERVER_NAME="testserver")
    session_of(client, Account.objects.get(username=username))
    client.cookies["diwan_language"] = language
    return client.get("/desk/", follow=True).content.decode()


def test_a_register_is_down_the_citizen_goes_on_and_the_officer_is_told(registers: Peer) -> None:
    registers.switch("leases", "down")
    answers: dict[str, Any] = dict(GROCERY)
    citizen = client_of("maryam")
    for _ in range(3):
        draft = cast.fill_draft(cast.owner("maryam"), cast.INSTANT, **answers)
        assert "lamp-approval" in text_of(citizen.get(reverse("apply:review", args=[draft.pk])))
        assert citizen.post(reverse("apply:review", args=[draft.pk])).status_code == 302
    case = Case.objects.latest("pk")
    while run_acts():
        pass
    assert OpenTask.objects.get(case=case).step == "manual_check"
    write_calls()
    row = Connector.objects.get(name="registers.leases")
    assert row.failing_since is not None and row.failures >= ENOUGH
    queries.forget()
    arabic, english = desk("fahad", "ar"), desk("fahad", "en")
    assert "سجل عقود الإيجار" in arabic and "لا يستجيب منذ" in arabic
    assert "Register of leases" in english and "to be made by hand" in english
    registers.reset()
    note_call("registers.leases", ok=True)
    write_calls()
    queries.forget()
    assert "does not answer since" not in desk("fahad", "en")


def test_mail_and_text_messages_are_down_nothing_is_lost(catcher: Peer) -> None:
    catcher.switch("sms", "down")
    catcher.switch("mail", "down")
    case = cast.submit(cast.owner())
    waiting = Message.objects.filter(case_id=case.pk, channel__in=("sms", "email"))
    assert waiting.exists()
    for _ in range(3):
        Message.objects.filter(state="queued").update(not_before=case.opened_at)
        send_due()
    assert set(waiting.values_list("state", flat=True)) == {"queued"}
    write_calls(every=0)
    queries.forget()
    page = desk("fahad", "ar")
    assert "الرسائل محفوظة" in page
    catcher.reset()
    Message.objects.filter(state="queued").update(not_before=case.opened_at)
    send_due()
    assert set(waiting.values_list("state", flat=True)) <= {"sent", "delivered"}
    assert write_calls(every=0) >= 1
    queries.forget()
    assert "الرسائل محفوظة" not in desk("fahad", "ar")


def test_the_signer_is_down_the_licence_waits_and_says_so(
    registers_in_order: cast.Registers, settings: Any, tmp_path: Any
) -> None:
    configure(settings, signer_socket=tmp_path / "nobody.sock")
    case = walking.paid(walking.billed(cast.owner("maryam")))
    for _ in range(3):
        OpenTask.objects.filter(case=case, kind="document").update(try_at=case.opened_at)
        assert issue_waiting() == 1
    task = OpenTask.objects.get(case=case, kind="document")
    assert task.tries == 3
    write_calls()
    assert next(one for one in report()["queues"] if one.key == "documents").params == {"tries": 3}
    queries.forget()
    assert [one.name for one in queries.outages()] == ["signer"]
    assert "خدمة التوقيع" in desk("fahad", "ar")
    page = text_of(client_of("maryam").get(reverse("portal:case", args=[case_number(case.pk)])))
    assert service_of(case.version_id).public(Case.objects.get(pk=case.pk).stage, "ar") in page
    assert IssuedDocument.objects.get(case_id=case.pk).state == IssuedDocument.State.PENDING
