"""Closing an account with open work, and a lost authenticator replaced by two people."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from diwan.audit.models import AuditRow
from diwan.cases.actions.assign import WrongPost, claim
from diwan.cases.actions.disable_person import DisablingReason, TasksOpen, disable_person
from diwan.cases.models import History, OpenTask
from diwan.cases.queries import takers_of_person
from diwan.notify.actions import send_due
from diwan.notify.models import Message
from diwan.people.actions import (
    LinkOver,
    NoAuthenticatorNeeded,
    OwnReset,
    ReasonMissing,
    ResetOver,
    ResetWaits,
    SamePerson,
    WrongTotp,
    ask_reset,
    confirm_reset,
    end_sessions,
    enrol_totp,
    finish_enrolment,
    new_generator,
    renew_link,
    set_active,
    set_password,
    verify_totp,
    withdraw_reset,
)
from diwan.people.actions.totp import NoAuthenticator
from diwan.people.actor import system
from diwan.people.errors import NotAllowed
from diwan.people.models import Account, Position, SecondFactorReset, SignIn, TotpDevice
from diwan.people.queries import holdings_of
from tests import cast
from tests.cases.conftest import registers
from tests.desk.conftest import to_review
from tests.desk.signed_in import session_of
from tests.health.conftest import catcher, catcher_process
from tests.peers.running import Peer

__all__ = ["catcher", "catcher_process", "registers"]
pytestmark = pytest.mark.usefixtures("city")
WHY = "called back on the number of the personnel file"


def signed_in(username: str, *, lang: str = "ar") -> Client:
    """A browser with the person's session."""
    client = Client(SERVER_NAME="testserver")
    session_of(client, Account.objects.get(username=username))
    client.cookies["diwan_language"] = lang
    return client


def fahad() -> Account:
    """An officer with an authenticator."""
    account = Account.objects.get(username="fahad")
    if not TotpDevice.objects.filter(account=account).exists():
        enrol_totp(account=account, by=system("tests"))
    return account


def seconded(account: Account) -> str:
    """A reset that sara asked for and omar confirmed: the token of its link."""
    reset = ask_reset(account=account, reason=WHY, by=cast.actor("it.sara"))
    return confirm_reset(reset_id=reset.pk, by=cast.actor("it.omar")).token


def test_two_people_reset_a_lost_authenticator_on_the_screens(catcher: Peer) -> None:
    person = fahad()
    person.mobile = "+966500000077"
    person.save(update_fields=["mobile"])
    set_password(account=person, password="a-long-password-of-fahad", by=system("tests"))
    officer, sara, omar = signed_in("fahad"), signed_in("it.sara"), signed_in("it.omar", lang="en")
    assert officer.get("/desk/").status_code == 200
    page = f"/console/people/{person.pk}"
    assert sara.post(f"{page}/reset", {"reset_reason": "short"}).status_code == 422
    assert sara.post(f"{page}/reset", {"reset_reason": WHY}).status_code == 302
    reset = SecondFactorReset.objects.get(account=person)
    assert WHY in omar.get("/console/people").content.decode()
    # The one who asked sees no button and is refused in words.
    assert f"/console/resets/{reset.pk}/confirm" not in sara.get(page).content.decode()
    sara.post(f"/console/resets/{reset.pk}/confirm")
    assert TotpDevice.objects.filter(account=person).exists()
    assert officer.get("/desk/").status_code == 200
    done = omar.post(f"/console/resets/{reset.pk}/confirm", follow=True)
    assert "no longer works" in done.content.decode()
    # At once: the old generator is gone, the session has ended.
    with pytest.raises(NoAuthenticator):
        verify_totp(account=person, code="123456")
    assert officer.get("/desk/").status_code == 302
    # The link went to the known number and stands in no row; the notice about the question goes as well.
    sent = [
        one["text"] for one in catcher.http.get("/api/messages").json()["messages"] if one["kind"] == "sms"
    ]
    link = next(
        found[0] for text in sent if (found := re.search(r"http://testserver\S+authenticator/\S+", text))
    )
    token = link.rpartition("/")[2]
    assert not Message.objects.filter(params__icontains=token).exists()
    assert not Message.objects.filter(body__icontains=token).exists()
    send_due()
    assert Message.objects.filter(template="TOTP_RESET_ASKED", account_id=person.pk, state="sent").exists()
    # The person: password, picture, first code.
    phone = Client(SERVER_NAME="testserver")
    path = link.removeprefix("http://testserver")
    assert "data:image" not in phone.get(path).content.decode()
    assert phone.post(path, {"password": "something else"}).status_code == 422
    assert phone.post(path, {"password": "a-long-password-of-fahad"}).status_code == 302
    shown = phone.get(path).content.decode()
    assert "data:image/svg+xml" in shown
    seed = re.search(r'translate="no">([A-Z2-7 ]+)<', shown)
    assert seed is not None
    assert phone.post(path, {"code": "000000"}).status_code == 422
    code = pyotp.TOTP(seed[1].replace(" ", "")).now()
    assert phone.post(path, {"code": code}).status_code == 200
    assert TotpDevice.objects.filter(account=person).exists()
    # Once only.
    assert phone.get(path).status_code == 404
    actions = set(
        AuditRow.objects.filter(object_type="account", object_id=str(person.pk)).values_list(
            "action", flat=True
        )
    )
    assert {
        "people.reset.asked", "people.reset.confirmed", "people.sessions.ended", "people.authenticator.registered",
    } <= actions  # fmt: skip


def test_a_reset_is_refused_to_the_same_to_oneself_too_late_and_twice() -> None:
    person, sara, omar = fahad(), cast.actor("it.sara"), cast.actor("it.omar")
    with pytest.raises(NotAllowed):
        ask_reset(account=person, reason=WHY, by=cast.actor("nora"))
    with pytest.raises(OwnReset):
        ask_reset(account=Account.objects.get(username="it.sara"), reason=WHY, by=sara)
    with pytest.raises(ReasonMissing):
        ask_reset(account=person, reason="  lost  ", by=sara)
    with pytest.raises(NoAuthenticatorNeeded):
        ask_reset(account=Account.objects.get(username=cast.IDS["maryam"]), reason=WHY, by=sara)
    reset = ask_reset(account=person, reason=WHY, by=sara)
    with pytest.raises(ResetWaits):
        ask_reset(account=person, reason=WHY, by=omar)
    with pytest.raises(SamePerson):
        confirm_reset(reset_id=reset.pk, by=sara)
    with pytest.raises(NotAllowed):
        confirm_reset(reset_id=reset.pk, by=cast.actor("nora"))
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondFactorReset.objects.filter(pk=reset.pk).update(confirmed_by_id=sara.account_id)
    SecondFactorReset.objects.filter(pk=reset.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(ResetOver):
        confirm_reset(reset_id=reset.pk, by=omar)
    assert TotpDevice.objects.filter(account=person).exists()
    again = ask_reset(account=person, reason=WHY, by=sara)
    confirm_reset(reset_id=again.pk, by=omar)
    with pytest.raises(ResetOver):
        confirm_reset(reset_id=again.pk, by=omar)
    with pytest.raises(ResetOver):
        withdraw_reset(reset_id=again.pk, by=sara)
    # One about an administrator needs two others.
    own = ask_reset(account=Account.objects.get(username="it.omar"), reason=WHY, by=sara)
    with pytest.raises(OwnReset):
        confirm_reset(reset_id=own.pk, by=omar)
    withdraw_reset(reset_id=own.pk, by=sara)
    with pytest.raises(ResetOver):
        confirm_reset(reset_id=own.pk, by=replace(sara, account_id=person.pk))


def test_a_link_works_once_within_a_day_and_only_with_a_code_that_fits() -> None:
    person = fahad()
    first = seconded(person)
    reset = SecondFactorReset.objects.get(account=person)
    assert first not in (reset.link_digest, reset.seed)
    token = renew_link(reset_id=reset.pk, by=cast.actor("it.sara")).token
    with pytest.raises(LinkOver):
        new_generator(token=first, issuer="Diwan")
    made = new_generator(token=token, issuer="Diwan")
    assert new_generator(token=token, issuer="Diwan").seed == made.seed
    assert made.address.startswith("otpauth://totp/Diwan:fahad?secret=")
    SecondFactorReset.objects.update(link_expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(LinkOver):
        new_generator(token=token, issuer="Diwan")


def test_an_authenticator_that_is_there_is_replaced_by_two_only() -> None:
    with pytest.raises(NotAllowed):
        enrol_totp(account=fahad(), by=cast.actor("it.sara"))


def test_an_account_with_open_work_is_closed_only_when_somebody_takes_it(registers: cast.Registers) -> None:
    case = to_review()
    claim(case_id=case.pk, task_id=cast.waiting(case, "review").pk, by=cast.actor("fahad"))
    person, sara = fahad(), cast.actor("it.sara")
    officer, screen = signed_in("fahad"), signed_in("it.sara")
    page = f"/console/people/{person.pk}"
    text = screen.get(page).content.decode()
    takers = takers_of_person(person.pk)
    assert takers and all(str(post.title_ar) in text for post in takers)
    refused = screen.post(f"{page}/disable", {"reason": "left the amanah"})
    assert refused.status_code == 422
    assert "مهمة مفتوحة" in refused.content.decode()
    with pytest.raises(TasksOpen):
        disable_person(account=person, reason="left the amanah", by=sara)
    with pytest.raises(DisablingReason):
        disable_person(account=person, reason=" ", by=sara, hand_over_to=takers[0].pk)
    stranger = Position.objects.get(code="000-AUD-1")
    with pytest.raises(WrongPost):
        disable_person(account=person, reason="left the amanah", by=sara, hand_over_to=stranger.pk)
    own = holdings_of(person.pk)[0]
    with pytest.raises(WrongPost):
        disable_person(account=person, reason="left the amanah", by=sara, hand_over_to=own.position_id)
    with pytest.raises(NotAllowed):
        disable_person(account=person, reason="left the amanah", by=cast.actor("nora"))
    with pytest.raises(NotAllowed):
        disable_person(account=Account.objects.get(username="it.sara"), reason="left the amanah", by=sara)
    assert Account.objects.get(pk=person.pk).is_active
    assert officer.get("/desk/").status_code == 200
    done = screen.post(
        f"{page}/disable", {"reason": "left the amanah", "receiver": takers[0].pk}, follow=True
    )
    assert done.status_code == 200
    assert OpenTask.objects.get(case=case, step="review").assignee_id == takers[0].pk
    row = History.objects.filter(case=case, act="assigned").latest("id")
    assert (row.outcome, row.note) == (takers[0].code, "left the amanah")
    assert not Account.objects.get(pk=person.pk).is_active
    assert officer.get("/desk/").status_code == 302
    assert AuditRow.objects.filter(action="people.account.disabled", object_id=str(person.pk)).exists()
    assert screen.post(f"{page}/enable").status_code == 302
    assert Account.objects.get(pk=person.pk).is_active
    assert officer.get("/desk/").status_code == 302


def test_sessions_are_seen_and_ended_and_begin_anew() -> None:
    person = fahad()
    officer = signed_in("fahad")
    SignIn.objects.create(account=person, session="0" * 64, opened_at=timezone.now())
    screen = signed_in("it.sara", lang="en")
    assert "Signed in" in screen.get(f"/console/people/{person.pk}").content.decode()
    assert screen.post(f"/console/people/{person.pk}/end-sessions").status_code == 302
    assert officer.get("/desk/").status_code == 302
    assert not SignIn.objects.filter(account=person, ended_at__isnull=True).exists()
    assert signed_in("fahad").get("/desk/").status_code == 200
    with pytest.raises(NotAllowed):
        end_sessions(account=person, by=cast.actor("nora"))
    with pytest.raises(NotAllowed):
        set_active(account=person, active=False, by=cast.actor("nora"))


def test_people_are_found_and_others_do_not_get_in() -> None:
    screen = signed_in("it.sara")
    for typed in ("fahad", "فهد", "FAHAD@"):
        assert "fahad" in screen.get("/console/people", {"q": typed}).content.decode()
    assert screen.get("/console/people", {"q": "زززز"}).status_code == 200
    resident: Any = Account.objects.get(username=cast.IDS["maryam"])
    assert screen.get(f"/console/people/{resident.pk}").status_code == 404
    for address in ("/console/", "/console/people", f"/console/people/{fahad().pk}"):
        assert signed_in("nora").get(address).status_code == 403
        assert Client().get(address).status_code == 302


def test_the_page_of_health_tells_the_report_in_both_languages() -> None:
    for lang, words in (
        ("ar", ("حالة النظام", "يحتاج تدخلًا", "المعالج")),
        ("en", ("State of the system", "Worker")),
    ):
        page = signed_in("it.sara", lang=lang).get("/console/")
        assert page.status_code == 200
        assert all(word in page.content.decode() for word in words)


def test_a_wrong_first_code_registers_nothing() -> None:
    person = fahad()
    token = seconded(person)
    new_generator(token=token, issuer="Diwan")
    with pytest.raises(LinkOver):
        finish_enrolment(token="no-such-token", code="123456")
    assert not TotpDevice.objects.filter(account=person).exists()
    assert WrongTotp is not None
