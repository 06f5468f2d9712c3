"""Signing in by code, by password and authenticator; registering; capacities; signing out."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from diwan.audit.models import AuditRow
from diwan.kit import clock
from diwan.kit.digits import to_arabic_indic
from diwan.notify.models import Message
from diwan.people.actions import totp_code
from diwan.people.models import Account, Holding, StepUp
from tests.signin.conftest import PASSWORD, as_resident, as_staff, latest_code
from tests.signin.registers import MemoryRegister
from tests.signin.transports import MemoryTransport

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.signin.urls")]
BORN = {
    "birth_date-day": "17",
    "birth_date-month": "5",
    "birth_date-year": "1990",
    "birth_date-calendar": "gregorian",
}
ALI = {"national_id": "١٠٩٨٧٦٥٤٣٩", "mobile": "٠٥٥٥٥٥٥٥٥٦", "email": "", **BORN}


@pytest.fixture
def en(client: Client) -> Client:
    """A browser that reads English."""
    client.cookies["diwan_language"] = "en"
    return client


def who(client: Client) -> dict[str, str]:
    answer: dict[str, str] = client.get("/t/who").json()
    return answer


def test_a_resident_signs_in_with_arabic_digits(
    client: Client, cast: SimpleNamespace, messenger: type[MemoryTransport]
) -> None:
    assert client.get("/sign-in/").status_code == 200
    first = client.post("/sign-in/", {"login": "٢١٢٣٤٥٦٧٨٨", "next": "/t/who"})
    assert first["Location"] == "/sign-in/code"
    assert [outgoing.to for outgoing in messenger.sent] == ["+966512345678", "suad@example.com"]
    assert latest_code() not in str(list(Message.objects.values()))
    assert client.get("/sign-in/code").status_code == 200
    done = client.post("/sign-in/code", {"code": to_arabic_indic(latest_code())})
    assert done["Location"] == "/t/who"
    assert who(client)["capacity"] == "self" and who(client)["label"] == f"account:{cast.suad.pk}"
    assert AuditRow.objects.filter(action="people.session.opened", object_id=str(cast.suad.pk)).exists()


def test_a_resident_signs_in_by_mail(client: Client, cast: SimpleNamespace) -> None:
    client.post("/sign-in/", {"login": " Suad@Example.com"})
    client.post("/sign-in/code", {"code": latest_code()})
    assert who(client)["label"] == f"account:{cast.suad.pk}"


@pytest.mark.parametrize(
    ("login", "said"),
    [
        ("", "Enter the number"),
        ("2123456789", "A digit of the id number"),
        ("212345678", "one digit short"),
        ("suad@", "name@example.com"),
    ],
)
def test_a_login_that_cannot_be_right_says_what_to_do(
    en: Client, cast: SimpleNamespace, login: str, said: str
) -> None:
    answer = en.post("/sign-in/", {"login": login})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Message.objects.exists()


def test_the_pages_do_not_tell_whether_an_account_exists(en: Client, cast: SimpleNamespace) -> None:
    known, unknown = Client(), Client()
    known.cookies["diwan_language"] = unknown.cookies["diwan_language"] = "en"
    first = known.post("/sign-in/", {"login": "2123456788"})
    second = unknown.post("/sign-in/", {"login": "1100000015"})
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    pages = []
    for browser in (known, unknown):
        page = browser.post("/sign-in/code", {"code": "000000"}).content.decode()
        pages.append(page[page.index("<form") : page.rindex("</form>")].split("csrfmiddlewaretoken")[-1][80:])
    assert pages[0] == pages[1]
    assert Message.objects.filter(template="OTP").count() == 2


def test_wrong_codes_are_counted_and_then_wait(en: Client, cast: SimpleNamespace) -> None:
    en.post("/sign-in/", {"login": "2123456788"})
    wrong = "000000" if latest_code() != "000000" else "111111"
    assert "4 attempts are left" in en.post("/sign-in/code", {"code": wrong}).content.decode()
    for _ in range(4):
        page = en.post("/sign-in/code", {"code": wrong}).content.decode()
    assert "Try again after 15 min" in page
    assert en.post("/sign-in/code", {"code": latest_code()}).status_code == 422
    assert who(en)["label"] == "anonymous"


def test_when_no_message_can_leave_the_person_is_told(
    en: Client, cast: SimpleNamespace, messenger: type[MemoryTransport]
) -> None:
    messenger.down = True
    answer = en.post("/sign-in/", {"login": "2123456788"})
    assert answer.status_code == 422 and "could not be sent" in answer.content.decode()


def test_a_code_is_worth_nothing_in_another_browser(client: Client, cast: SimpleNamespace) -> None:
    client.post("/sign-in/", {"login": "2123456788"})
    code = latest_code()
    other = Client()
    assert other.post("/sign-in/code", {"code": code})["Location"] == "/sign-in/"
    other.post("/sign-in/", {"login": "2123456788"})
    assert other.post("/sign-in/code", {"code": code}).status_code == 422


def test_another_code_can_be_asked_for_after_a_pause(
    en: Client, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    en.post("/sign-in/", {"login": "2123456788"})
    assert "Wait" in en.post("/sign-in/code/again").content.decode()
    later = clock.real_now() + timedelta(seconds=31)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    assert "on its way" in en.post("/sign-in/code/again").content.decode()
    en.post("/sign-in/code", {"code": latest_code()})
    assert who(en)["capacity"] == "self"
    assert Client().post("/sign-in/code/again")["Location"] == "/sign-in/"


def test_a_new_resident_registers(client: Client, cast: SimpleNamespace) -> None:
    assert client.get("/sign-in/register").status_code == 200
    assert client.post("/sign-in/register", {**ALI, "next": "/t/who"})["Location"] == "/sign-in/register/code"
    assert not Account.objects.filter(national_id="1098765439").exists()
    assert client.get("/sign-in/register/code").status_code == 200
    assert client.post("/sign-in/register/code", {"code": latest_code()})["Location"] == "/t/who"
    made = Account.objects.get(national_id="1098765439")
    assert (made.name_ar, made.mobile, str(made.birth_date)) == ("علي أحمد", "+966555555556", "1990-05-17")
    assert who(client)["label"] == f"account:{made.pk}"


def test_a_hijri_birth_date_is_the_same_day(client: Client, cast: SimpleNamespace) -> None:
    hijri = {
        "birth_date-day": "22",
        "birth_date-month": "10",
        "birth_date-year": "1410",
        "birth_date-calendar": "hijri",
    }
    assert client.post("/sign-in/register", {**ALI, **hijri}).status_code == 302


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"birth_date-day": "18"}, "match the register"),
        ({"national_id": "1100000015"}, "match the register"),
        ({"national_id": "10987"}, "digits short"),
        ({"national_id": ""}, "ten digits of the identity card"),
        ({"mobile": ""}, "Enter the mobile number"),
        ({"birth_date-day": "", "birth_date-month": "", "birth_date-year": ""}, "day, month and year"),
        ({"mobile": "12"}, "id_mobile-error"),
        ({"birth_date-month": "13"}, "id_birth_date-error"),
        ({"email": "x"}, "name@example.com"),
    ],
)
def test_what_a_registration_refuses(
    en: Client, cast: SimpleNamespace, change: dict[str, str], said: str
) -> None:
    answer = en.post("/sign-in/register", {**ALI, **change})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Message.objects.exists()


def test_a_silent_register_and_an_identity_not_in_force(
    en: Client, cast: SimpleNamespace, register: type[MemoryRegister]
) -> None:
    for mood in ("silent", "malformed"):
        register.mood = mood
        assert "does not answer now" in en.post("/sign-in/register", ALI).content.decode()
    register.mood = "up"
    register.people["1098765439"]["status"] = "suspended"
    assert "not in force" in en.post("/sign-in/register", ALI).content.decode()


def test_who_has_an_account_is_told_only_after_the_register_agreed(
    en: Client, cast: SimpleNamespace, register: type[MemoryRegister]
) -> None:
    suad = {
        "national_id": "2123456788",
        "birth_date": "1990-05-17",
        "status": "active",
        "name": {"ar": "س", "en": "S"},
    }
    register.people["2123456788"] = suad
    assert (
        "already an account"
        in en.post("/sign-in/register", {**ALI, "national_id": "2123456788"}).content.decode()
    )


def test_guessing_birth_dates_is_slowed(en: Client, cast: SimpleNamespace) -> None:
    for day in range(1, 6):
        en.post("/sign-in/register", {**ALI, "birth_date-day": str(day)})
    assert "Too many attempts" in en.post("/sign-in/register", ALI).content.decode()


def test_an_employee_signs_in_by_password_and_authenticator(client: Client, cast: SimpleNamespace) -> None:
    assert client.get("/sign-in/staff").status_code == 200
    assert as_staff(client, cast.fahd, next="/t/who")["Location"] == "/t/who"
    assert who(client)["capacity"] == f"position:{cast.office.posts.officer.pk}"
    assert as_staff(Client(), cast.entity).status_code == 302


def test_the_password_alone_opens_nothing(client: Client, cast: SimpleNamespace) -> None:
    client.post("/sign-in/staff", {"username": "fahd", "password": PASSWORD})
    assert client.get("/sign-in/staff/code").status_code == 200
    assert who(client)["label"] == "anonymous"
    assert client.post("/sign-in/staff/code", {"code": ""}).status_code == 422
    assert Client().get("/sign-in/staff/code")["Location"] == "/sign-in/staff"


@pytest.mark.parametrize(
    "typed", [{"username": "fahd", "password": "x"}, {"username": "nobody", "password": "x"}, {}]
)
def test_a_wrong_name_or_password_gets_the_same_words(
    en: Client, cast: SimpleNamespace, typed: dict[str, str]
) -> None:
    answer = en.post("/sign-in/staff", typed)
    assert answer.status_code == 422
    assert "user name or the password is not right" in answer.content.decode()


def test_passwords_are_slowed_after_five(en: Client, cast: SimpleNamespace) -> None:
    for _ in range(5):
        en.post("/sign-in/staff", {"username": "fahd", "password": "x"})
    answer = en.post("/sign-in/staff", {"username": "fahd", "password": PASSWORD})
    assert "Too many attempts" in answer.content.decode()


def test_a_code_of_the_authenticator_is_refused_the_second_time(en: Client, cast: SimpleNamespace) -> None:
    code = totp_code(account=cast.fahd)
    en.post("/sign-in/staff", {"username": "fahd", "password": PASSWORD})
    assert en.post("/sign-in/staff/code", {"code": code}).status_code == 302
    other = Client()
    other.cookies["diwan_language"] = "en"
    other.post("/sign-in/staff", {"username": "fahd", "password": PASSWORD})
    answer = other.post("/sign-in/staff/code", {"code": code})
    assert "already used" in answer.content.decode()


def test_a_resident_has_no_password_way_and_an_outside_body_no_code_way(
    en: Client, cast: SimpleNamespace
) -> None:
    assert en.post("/sign-in/staff", {"username": "2123456788", "password": "x"}).status_code == 422
    cast.entity.email = "cd@example.com"
    cast.entity.save()
    en.post("/sign-in/", {"login": "cd@example.com"})
    assert not Message.objects.exists()


def test_an_employee_who_signs_in_by_code_acts_for_himself_only(
    client: Client, cast: SimpleNamespace
) -> None:
    as_resident(client, cast.fahd)
    assert who(client)["capacity"] == "self"
    page = client.post("/sign-in/capacity", {"capacity": f"position:{cast.office.posts.officer.pk}"})
    assert page.status_code == 422
    assert who(client)["capacity"] == "self"


def test_capacities_are_changed_without_signing_out(en: Client, cast: SimpleNamespace) -> None:
    as_staff(en, cast.fahd)
    before = who(en)
    page = en.get("/sign-in/capacity").content.decode()
    assert "Post OFF-101" in page and "Post HEAD-101" in page and "Myself" in page
    mayor = f"position:{cast.office.posts.mayor.pk}"
    assert en.post("/sign-in/capacity", {"capacity": mayor, "next": "/t/who"})["Location"] == "/t/who"
    after = who(en)
    assert after["capacity"] == mayor and after["session"] == before["session"]
    assert AuditRow.objects.filter(action="people.capacity.chosen", capacity=mayor).exists()
    assert Client().get("/sign-in/capacity")["Location"].startswith("/sign-in/?next=")


def test_a_post_that_ended_is_left_at_the_next_request(client: Client, cast: SimpleNamespace) -> None:
    as_staff(client, cast.huda)
    yesterday = clock.today() - timedelta(days=1)
    Holding.objects.filter(account=cast.huda).update(valid_to=yesterday, valid_from=yesterday)
    assert who(client)["capacity"] == "none"
    assert client.get("/t/staff").status_code == 403
    assert client.get("/sign-in/capacity").status_code == 200


def test_a_disabled_account_is_out_at_once(client: Client, cast: SimpleNamespace) -> None:
    as_staff(client, cast.fahd)
    Account.objects.filter(pk=cast.fahd.pk).update(is_active=False)
    assert who(client)["label"] == "anonymous"


def test_signing_out_ends_the_session_and_leaves_nothing_to_go_back_to(
    client: Client, cast: SimpleNamespace
) -> None:
    as_staff(client, cast.fahd)
    assert client.get("/t/nothing")["Cache-Control"] == "no-store"
    assert client.get("/sign-in/out").status_code == 405
    answer = client.post("/sign-in/out")
    assert answer.status_code == 302 and answer["Clear-Site-Data"] == '"cache"'
    assert who(client)["label"] == "anonymous"
    assert AuditRow.objects.filter(action="people.session.closed").exists()


def test_the_session_key_changes_at_sign_in(client: Client, cast: SimpleNamespace) -> None:
    client.post("/sign-in/", {"login": "2123456788"})
    before = client.cookies["diwan_session"].value
    client.post("/sign-in/code", {"code": latest_code()})
    assert client.cookies["diwan_session"].value != before
    assert client.cookies["diwan_session"]["httponly"]


def test_anonymous_pages_ask_the_database_nothing(client: Client, cast: SimpleNamespace) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get("/t/who")
        client.get("/t/nothing")
    assert len(queries) == 0
    assert "Cache-Control" not in client.get("/t/nothing")


@pytest.mark.parametrize(("name", "statements"), [("suad", 2), ("fahd", 3)])
def test_the_actor_costs_few_statements(
    client: Client, cast: SimpleNamespace, name: str, statements: int
) -> None:
    person = getattr(cast, name)
    (as_resident if name == "suad" else as_staff)(client, person)
    with CaptureQueriesContext(connection) as queries:
        client.get("/t/who")
    assert len(queries) == statements


def test_the_language_is_kept_for_browser_and_person(client: Client, cast: SimpleNamespace) -> None:
    as_resident(client, cast.suad)
    assert client.post("/sign-in/language", {"language": "en", "next": "/t/who"})["Location"] == "/t/who"
    assert who(client)["language"] == "en"
    cast.suad.refresh_from_db()
    assert cast.suad.language == "en"
    client.post("/sign-in/language", {"language": "xx"})
    assert who(client)["language"] == "en"


def test_addresses_of_others_are_not_gone_on_to(client: Client, cast: SimpleNamespace) -> None:
    assert as_resident(client, cast.suad, next="https://example.com/")["Location"].startswith("/")
    assert client.post("/sign-in/language", {"language": "en", "next": "//example.com"})["Location"] == "/"


def test_a_step_up_is_made_in_the_session(en: Client, cast: SimpleNamespace) -> None:
    as_staff(en, cast.fahd)
    assert en.get("/sign-in/step-up").status_code == 200
    assert en.post("/sign-in/step-up", {"code": "12"}).status_code == 422
    fetch = {"X-Requested-With": "fetch"}
    assert "not right" in en.post("/sign-in/step-up", {"code": "12"}, headers=fetch).json()["message"]
    answer = en.post("/sign-in/step-up", {"code": totp_code(account=cast.fahd)}, headers=fetch)
    assert "until" in answer.json()
    assert StepUp.objects.get().session == who(en)["session"]
    assert Client().get("/sign-in/step-up")["Location"].startswith("/sign-in/staff")


def test_guards(client: Client, cast: SimpleNamespace) -> None:
    for path in ("/t/account", "/t/staff", "/t/act"):
        assert client.get(path).status_code == 302
    as_resident(client, cast.suad)
    assert [client.get(path).status_code for path in ("/t/account", "/t/staff", "/t/act")] == [200, 403, 403]
    other = Client()
    as_staff(other, cast.entity)
    assert [other.get(path).status_code for path in ("/t/account", "/t/staff", "/t/act")] == [200, 200, 403]


def test_forms_without_a_token_are_refused(cast: SimpleNamespace) -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in (
        "",
        "code",
        "register",
        "staff",
        "staff/code",
        "switch-user",
        "out",
        "lock",
        "unlock",
        "language",
    ):
        assert strict.post(f"/sign-in/{path}").status_code == 403, path
