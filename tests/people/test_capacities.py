"""In what capacities a person may act, and the actor each of them makes."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diwan.people.actions import (
    Person,
    create_account,
    create_establishment,
    delegate,
    end_membership,
    grant_membership,
    place_holder,
    revoke_delegation,
    vacate_post,
)
from diwan.people.actor import ANONYMOUS, system
from diwan.people.models import Account, EntityMember, OutsideEntity
from diwan.people.queries import CapacityNotHeld, actor_for, capacities, default_capacity, holders
from tests.people.conftest import days

SYSTEM = system("test")
Employee = Callable[[str], Account]


@pytest.fixture
def owner(db: None) -> Account:
    return create_account(
        kind="resident",
        username="1012345672",
        person=Person(name_ar="سعاد", name_en="Suad", national_id="1012345672", mobile="0512345678"),
        by=SYSTEM,
    )


def test_a_resident_acts_for_herself_and_her_establishments(owner: Account) -> None:
    shop = create_establishment(
        unified_number="7001234567", cr_number="1010123456", name_ar="مخبز", name_en="Bakery", by=SYSTEM
    )
    member = grant_membership(account=owner, establishment=shop, capacity="owner", by=SYSTEM)
    assert [held.code for held in capacities(owner)] == ["self", f"establishment:{shop.pk}"]
    actor = actor_for(owner, f"establishment:{shop.pk}", session="s", request_id="r", language="en")
    assert (actor.establishment_id, actor.title_en, actor.account_id) == (shop.pk, "Bakery", owner.pk)
    assert not actor.is_staff and actor.permissions == frozenset()
    assert actor_for(owner, "self").title_ar == ""
    end_membership(member=member, by=SYSTEM)
    with pytest.raises(CapacityNotHeld):
        actor_for(owner, f"establishment:{shop.pk}")


def test_a_post_gives_roles_permissions_and_scope(office: SimpleNamespace, employee: Employee) -> None:
    fahd = employee("fahd")
    place_holder(account=fahd, position=office.posts.officer, by=SYSTEM)
    code = f"position:{office.posts.officer.pk}"
    with CaptureQueriesContext(connection) as queries:
        actor = actor_for(fahd, code)
    assert len(queries) == 1
    assert actor.roles == {"ROLE-OFFICER"} and actor.permissions == {"cases.act"}
    assert actor.unit_id == office.units.licences.pk and actor.position_ids == {office.posts.officer.pk}
    assert actor.municipality_ids == frozenset({office.city.pk})
    assert actor.reaches(office.city.pk) and not actor.reaches(office.amanah.pk)
    assert actor.wording == "holder"
    found = default_capacity(fahd)
    assert found is not None and found.code == code


def test_a_post_of_the_head_office_reaches_every_municipality(
    office: SimpleNamespace, employee: Employee
) -> None:
    saleh = employee("saleh")
    place_holder(account=saleh, position=office.posts.roads, by=SYSTEM)
    assert actor_for(saleh, f"position:{office.posts.roads.pk}").municipality_ids is None


def test_an_assignment_gives_the_full_powers_of_the_post(office: SimpleNamespace, employee: Employee) -> None:
    fahd = employee("fahd")
    place_holder(account=fahd, position=office.posts.officer, by=SYSTEM)
    place_holder(account=fahd, position=office.posts.mayor, kind="acting", valid_to=days(10), by=SYSTEM)
    assert [held.wording for held in capacities(fahd)] == ["holder", "acting"]
    assert actor_for(fahd, f"position:{office.posts.mayor.pk}").can("people.delegate")


def test_a_delegate_acts_with_the_wording_both_names_and_no_reserved_power(
    office: SimpleNamespace, employee: Employee
) -> None:
    head, deputy = employee("head"), employee("deputy")
    place_holder(account=head, position=office.posts.mayor, by=SYSTEM)
    place_holder(account=deputy, position=office.posts.deputy, by=SYSTEM)
    lent = delegate(
        delegator=office.posts.mayor,
        receiver=office.posts.deputy,
        kind="powers",
        decision_number="1448/77",
        valid_from=days(0),
        valid_to=days(30),
        services=["CL-002"],
        by=SYSTEM,
    )
    actor = actor_for(deputy, f"delegation:{lent.pk}")
    assert actor.title_ar == "منصب HEAD-101 (بالتفويض)" and actor.title_en == "Post HEAD-101 (by delegation)"
    assert actor.on_behalf_of == "موظف head | Head"
    assert actor.position_id == office.posts.mayor.pk and actor.wording == "powers"
    assert actor.can("documents.sign") and not actor.can("people.delegate")
    assert actor.covers("CL-002") and not actor.covers("CL-001")
    revoke_delegation(delegation=lent, by=SYSTEM)
    with pytest.raises(CapacityNotHeld):
        actor_for(deputy, f"delegation:{lent.pk}")


def test_a_deputy_in_absence_signs_on_behalf(office: SimpleNamespace, employee: Employee) -> None:
    deputy = employee("deputy")
    place_holder(account=deputy, position=office.posts.deputy, by=SYSTEM)
    lent = delegate(
        delegator=office.posts.mayor,
        receiver=office.posts.deputy,
        kind="absence",
        decision_number="1448/78",
        valid_from=days(0),
        valid_to=days(3),
        by=SYSTEM,
    )
    assert actor_for(deputy, f"delegation:{lent.pk}").title_ar == "نيابة عن منصب HEAD-101"


def test_what_has_not_begun_or_has_ended_is_no_capacity(office: SimpleNamespace, employee: Employee) -> None:
    fahd = employee("fahd")
    place_holder(account=fahd, position=office.posts.officer, valid_from=days(1), by=SYSTEM)
    assert capacities(fahd) == []
    holding = place_holder(account=fahd, position=office.posts.deputy, by=SYSTEM)
    assert len(capacities(fahd)) == 1
    vacate_post(holding=holding, by=SYSTEM)
    assert capacities(fahd) == []
    assert default_capacity(fahd) is None


def test_nobody_takes_a_capacity_that_is_not_his(
    office: SimpleNamespace, employee: Employee, owner: Account
) -> None:
    fahd = employee("fahd")
    for code in (
        f"position:{office.posts.officer.pk}",
        "establishment:1",
        "entity:1",
        "delegation:1",
        "",
        "system:x",
    ):
        with pytest.raises(CapacityNotHeld):
            actor_for(fahd, code)
        with pytest.raises(CapacityNotHeld):
            actor_for(owner, code)


def test_a_disabled_account_has_no_actor(owner: Account) -> None:
    owner.is_active = False
    with pytest.raises(CapacityNotHeld):
        actor_for(owner, "self")


def test_a_user_of_an_outside_body_acts_for_it_only(db: None) -> None:
    defence = OutsideEntity.objects.create(
        code="civil_defence", name_ar="الدفاع المدني", name_en="CD", sort_key="x"
    )
    user = create_account(
        kind="entity", username="cd.user", person=Person(name_ar="مستخدم", name_en="User"), by=SYSTEM
    )
    EntityMember.objects.create(account=user, entity=defence, valid_from=days(-1))
    assert [held.code for held in capacities(user)] == [f"entity:{defence.pk}"]
    actor = actor_for(user, f"entity:{defence.pk}")
    assert (actor.entity_id, actor.entity_code, actor.is_staff) == (defence.pk, "civil_defence", False)
    with pytest.raises(CapacityNotHeld):
        actor_for(user, "self")


def test_holders_of_a_role(office: SimpleNamespace, employee: Employee) -> None:
    place_holder(account=employee("fahd"), position=office.posts.officer, by=SYSTEM)
    place_holder(account=employee("saleh"), position=office.posts.roads, by=SYSTEM)
    assert {found.name_en for found in holders(role="ROLE-OFFICER")} == {"Fahd", "Saleh"}
    assert [found.name_en for found in holders(role="ROLE-OFFICER", municipality_id=office.city.pk)] == [
        "Fahd"
    ]
    assert holders(role="ROLE-OFFICER", unit_id=office.units.city.pk) == []
    assert not ANONYMOUS.can("cases.act")
