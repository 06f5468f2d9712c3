"""People who sign in: a resident, an officer with two posts, a counter clerk, a user of an outside body."""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from tests.signin.registers import MemoryRegister
from tests.signin.transports import MemoryTransport

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def register(settings: Any) -> Iterator[type[MemoryRegister]]:
    """The people register, up, with one person."""
    settings.REGISTER_CLIENT = "tests.signin.registers.MemoryRegister"
    MemoryRegister.mood = "up"
    MemoryRegister.people = {
        "1098765439": {
            "national_id": "1098765439",
            "birth_date": "1990-05-17",
            "status": "active",
            "name": {"ar": "علي أحمد", "en": "Ali Ahmed"},
        }
    }
    yield MemoryRegister


@pytest.fixture(autouse=True)
def messenger(settings: Any) -> type[MemoryTransport]:
    """Short messages and mail, both up."""
    path = "tests.signin.transports.MemoryTransport"
    settings.MESSAGE_TRANSPORTS = {"sms": path, "email": path}
    MemoryTransport.down = False
    MemoryTransport.sent = []
    return MemoryTransport


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """The people by name."""
    return make_cast()


def make_cast() -> SimpleNamespace:
    """The same without the rolled-back test database."""
    from diwan.people.actions import Person, create_account, enrol_totp, place_holder
    from diwan.people.actor import system
    from diwan.people.models import EntityMember, OutsideEntity
    from tests.people.conftest import build_office, days, make_employee

    by = system("test")
    office = build_office()
    suad = create_account(
        kind="resident",
        username="2123456788",
        person=Person(
            name_ar="سعاد",
            name_en="Suad",
            national_id="2123456788",
            mobile="0512345678",
            email="suad@example.com",
        ),
        by=by,
    )
    fahd = make_employee("fahd")
    fahd.national_id = "1012345672"
    fahd.mobile = "+966555555555"
    fahd.save()
    place_holder(account=fahd, position=office.posts.officer, by=by)
    place_holder(account=fahd, position=office.posts.mayor, kind="acting", by=by)
    huda = make_employee("huda")
    place_holder(account=huda, position=office.posts.deputy, by=by)
    defence = OutsideEntity.objects.create(
        code="civil_defence", name_ar="الدفاع", name_en="Defence", sort_key="d"
    )
    officer = create_account(
        kind="entity", username="cd", person=Person(name_ar="م", name_en="M"), by=by, password=PASSWORD
    )
    EntityMember.objects.create(account=officer, entity=defence, valid_from=days(-1))
    for account in (fahd, huda, officer):
        enrol_totp(account=account, by=by)
    return SimpleNamespace(office=office, suad=suad, fahd=fahd, huda=huda, entity=officer)


def latest_code() -> str:
    """The newest code that was handed to a messenger."""
    (code,) = re.findall(r"\b\d{6}\b", MemoryTransport.sent[-1].body)
    return str(code)


def as_staff(client: Client, account: Any, **extra: str) -> Any:
    """Sign an employee in; the last response."""
    from diwan.people.actions import totp_code

    client.post("/sign-in/staff", {"username": account.username, "password": PASSWORD, **extra})
    return client.post("/sign-in/staff/code", {"code": totp_code(account=account)})


def as_resident(client: Client, account: Any, **extra: str) -> Any:
    """Sign a resident in; the last response."""
    client.post("/sign-in/", {"login": account.national_id, **extra})
    return client.post("/sign-in/code", {"code": latest_code()})
