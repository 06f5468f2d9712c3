"""A small organisation: head office and one municipality with a branch of units, posts and people."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from diwan.people.models import Account


@pytest.fixture
def office(db: None) -> SimpleNamespace:
    """Two municipalities (head office 000, 101), units, roles and posts of levels 3, 4, 5 and 6."""
    return build_office()


def build_office() -> SimpleNamespace:
    """The same without the rolled-back test database, for tests with real commits."""
    from diwan.people.actions import define_role  # models can be imported only after this file was read
    from diwan.people.actor import system
    from diwan.people.models import Municipality, Position, Unit

    start = date(2020, 1, 1)
    amanah, city = (
        Municipality.objects.create(
            code=code,
            name_ar=f"بلدية {code}",
            name_en=f"Municipality {code}",
            sort_key=code,
            valid_from=start,
        )
        for code in ("000", "101")
    )

    def unit(code: str, municipality: Municipality, parent: Unit | None = None) -> Unit:
        return Unit.objects.create(
            code=code,
            department="LIC",
            name_ar=f"وحدة {code}",
            name_en=f"Unit {code}",
            sort_key=code,
            municipality=municipality,
            parent=parent,
            valid_from=start,
        )

    units = SimpleNamespace(head=unit("HQ", amanah), city=unit("CITY", city))
    units.licences = unit("LIC", city, units.city)
    units.roads = unit("RDS", amanah, units.head)
    roles = SimpleNamespace(
        officer=define_role(
            code="ROLE-OFFICER",
            name_ar="موظف رخص",
            name_en="Officer",
            permissions=["cases.act"],
            by=system("test"),
        ),
        head=define_role(
            code="ROLE-HEAD",
            name_ar="رئيس البلدية",
            name_en="Head",
            permissions=["cases.act", "documents.sign", "people.delegate", "cases.read_municipality"],
            by=system("test"),
        ),
        admin=define_role(
            code="ROLE-ADMIN",
            name_ar="مدير النظام",
            name_en="Administrator",
            permissions=["people.manage"],
            by=system("test"),
        ),
    )

    def post(code: str, at: Unit, level: int, role: str) -> Position:
        made = Position.objects.create(
            code=code,
            title_ar=f"منصب {code}",
            title_en=f"Post {code}",
            unit=at,
            level=level,
            valid_from=start,
        )
        made.roles.add(getattr(roles, role))
        return made

    posts = SimpleNamespace(
        mayor=post("HEAD-101", units.city, 3, "head"),
        deputy=post("DEP-101", units.licences, 4, "officer"),
        officer=post("OFF-101", units.licences, 6, "officer"),
        roads=post("RDS-1", units.roads, 4, "officer"),
        admin=post("ADM-1", units.head, 4, "admin"),
    )
    return SimpleNamespace(amanah=amanah, city=city, units=units, roles=roles, posts=posts)


@pytest.fixture
def employee(db: None) -> "Callable[[str], Account]":
    """Make an employee's account by user name."""
    return make_employee


def make_employee(username: str) -> "Account":
    """An employee's account."""
    from diwan.people.actions import (
        Person,
        create_account,
    )  # models can be imported only after this file was read
    from diwan.people.actor import system

    return create_account(
        kind="staff",
        username=username,
        person=Person(name_ar=f"موظف {username}", name_en=username.title()),
        by=system("test"),
        password="a long enough password",
    )


def days(count: int) -> date:
    """The date so many days from today."""
    from diwan.kit import clock  # kept beside its only use

    return clock.today() + timedelta(days=count)
