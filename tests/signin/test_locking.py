"""The idle lock: the page stays, the session waits, what was typed is sent after unlocking; change of user."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from diwan.kit import clock
from diwan.people.actions import totp_code
from tests.signin.conftest import PASSWORD, as_resident, as_staff

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.signin.urls")]
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def staff(client: Client, cast: SimpleNamespace) -> Client:
    """Fahd at his desk, reading English."""
    client.cookies["diwan_language"] = "en"
    as_staff(client, cast.fahd)
    return client


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> "Wait":
    return Wait(monkeypatch)


class Wait:
    """Moves real time on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = clock.real_now()
        monkeypatch.setattr(clock, "real_now", lambda: self.now)

    def minutes(self, count: float) -> None:
        """Let so many minutes pass."""
        self.now += timedelta(minutes=count)


def test_the_page_locks_and_unlocks_by_script(staff: Client) -> None:
    assert staff.post("/sign-in/lock", headers=FETCH).status_code == 204
    refused = staff.get("/t/who", headers=FETCH)
    assert refused.status_code == 423 and refused.json()["locked"]
    assert staff.get("/t/who")["Location"] == "/sign-in/unlock?next=%2Ft%2Fwho"
    wrong = staff.post("/sign-in/unlock", {"password": "x"}, headers=FETCH)
    assert wrong.status_code == 422 and "not right" in wrong.json()["message"]
    right = staff.post("/sign-in/unlock", {"password": PASSWORD}, headers=FETCH)
    assert right.status_code == 200 and right.json()["csrf"]
    assert staff.get("/t/who").json()["label"].startswith("account:")


def test_it_unlocks_without_script_and_by_authenticator(staff: Client, cast: SimpleNamespace) -> None:
    assert staff.post("/sign-in/lock")["Location"] == "/sign-in/unlock"
    assert staff.get("/sign-in/unlock?next=/t/who").status_code == 200
    assert staff.post("/sign-in/unlock", {"password": "x"}).status_code == 422
    answer = staff.post("/sign-in/unlock", {"code": totp_code(account=cast.fahd), "next": "/t/who"})
    assert answer["Location"] == "/t/who"
    assert staff.get("/t/who").status_code == 200


def test_fifteen_idle_minutes_lock_on_the_server(staff: Client, wait: Wait) -> None:
    wait.minutes(15.5)
    assert staff.get("/t/who").status_code == 200
    for _ in range(3):
        wait.minutes(10)
        assert staff.get("/t/who").status_code == 200, "work keeps it open"
    wait.minutes(16.5)
    assert staff.get("/t/who").status_code == 302


def test_polling_is_no_activity(staff: Client, wait: Wait) -> None:
    for _ in range(4):
        wait.minutes(5)
        answer = staff.get("/t/who", headers={"X-Diwan-Background": "1"})
    assert answer.status_code == 302


def test_a_form_sent_too_late_is_kept_and_sent_after_the_password(staff: Client, wait: Wait) -> None:
    wait.minutes(20)
    page = staff.post("/t/who", {"note": "كتبت كثيرا", "many": ["1", "2"]})
    shown = page.content.decode()
    assert page.status_code == 423
    assert 'name="note" value="كتبت كثيرا"' in shown and shown.count('name="many"') == 2
    assert 'action="/t/who"' in shown
    again = staff.post("/t/who", {"note": "كتبت كثيرا", "unlock-password": "x"})
    assert again.status_code == 423 and "not right" in again.content.decode()
    done = staff.post("/t/who", {"note": "كتبت كثيرا", "unlock-password": PASSWORD})
    assert done.status_code == 200 and done.json()["note"] == "كتبت كثيرا"


def test_five_wrong_passwords_end_the_session(staff: Client) -> None:
    staff.post("/sign-in/lock")
    for _ in range(5):
        staff.post("/sign-in/unlock", {"password": "x"})
    staff.post("/sign-in/unlock", {"password": "x"})
    assert staff.get("/t/who").json()["label"] == "anonymous"


def test_a_locked_session_can_only_be_unlocked_left_or_handed_over(staff: Client) -> None:
    staff.post("/sign-in/lock")
    assert staff.get("/sign-in/capacity").status_code == 302
    assert staff.get("/sign-in/step-up").status_code == 302
    assert staff.get("/sign-in/switch-user").status_code == 200
    assert staff.post("/sign-in/out").status_code == 302
    assert staff.get("/t/who").json()["label"] == "anonymous"


def test_residents_are_not_locked(client: Client, cast: SimpleNamespace, wait: Wait) -> None:
    as_resident(client, cast.suad)
    client.post("/sign-in/lock")
    wait.minutes(60)
    assert client.get("/t/who").status_code == 200
    assert client.get("/sign-in/unlock")["Location"] == "/sign-in/staff"
    assert client.post("/sign-in/unlock", headers=FETCH).status_code == 403


def test_another_employee_takes_over_on_one_page(staff: Client, cast: SimpleNamespace) -> None:
    staff.post("/sign-in/lock")
    before = staff.cookies["diwan_session"].value
    typed = {"username": "huda", "password": PASSWORD, "code": totp_code(account=cast.huda), "next": "/t/who"}
    assert staff.post("/sign-in/switch-user", {**typed, "password": "x"}).status_code == 422
    assert staff.post("/sign-in/switch-user", {**typed, "code": ""}).status_code == 422
    assert staff.post("/sign-in/switch-user", typed)["Location"] == "/t/who"
    assert staff.get("/t/who").json()["label"] == f"account:{cast.huda.pk}"
    old = Client()
    old.cookies["diwan_session"] = before
    assert old.get("/t/who").json()["label"] == "anonymous"
