"""Accounts, establishments, posts and delegations: each works, then each refusal."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from diwan.audit.models import AuditRow
from diwan.kit.errors import InvalidValue
from diwan.people.actions import (
    AlreadyRevoked,
    DecisionMissing,
    EstablishmentExists,
    NotAnEmployee,
    NotTheOwner,
    OtherBranch,
    Person,
    TooLong,
    WrongLevel,
    create_account,
    create_establishment,
    define_role,
    delegate,
    grant_membership,
    place_holder,
    register_resident,
    revoke_delegation,
    set_language,
    set_password,
)
from diwan.people.actor import ANONYMOUS, Actor, system
from diwan.people.errors import AccountExists, NotAllowed, UnknownPermission
from diwan.people.models import Account, Delegation, Holding
from diwan.people.queries import account_by_login, actor_for
from diwan.people.registry import declare_permission, permissions
from tests.people.conftest import days

SYSTEM = system("test")
SUAD = Person(
    name_ar="سعاد", name_en="Suad", national_id="١٠١٢٣٤٥٦٧٢", mobile="٠٥١٢٣٤٥٦٧٨", email="Suad@Example.COM"
)
Employee = Callable[[str], Account]


@pytest.mark.django_db
def test_a_resident_registers_and_is_found_by_id_and_mail() -> None:
    made = register_resident(person=SUAD, by=ANONYMOUS)
    assert (made.national_id, made.mobile, made.email) == ("1012345672", "+966512345678", "suad@example.com")
    assert not made.has_usable_password()
    assert account_by_login("1012345672") == account_by_login("SUAD@example.com") == made
    row = AuditRow.objects.get(action="people.account.made")
    assert "1012345672" not in str(vars(row)) and row.digest


@pytest.mark.django_db
def test_the_same_identity_twice_is_refused() -> None:
    register_resident(person=SUAD, by=ANONYMOUS)
    with pytest.raises(AccountExists):
        register_resident(person=SUAD, by=ANONYMOUS)


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"national_id": "1012345673"}, {"mobile": "123"}])
def test_identities_that_cannot_be_right_are_refused(change: dict[str, str]) -> None:
    fields: dict[str, Any] = {
        "name_ar": "س",
        "name_en": "S",
        "national_id": "1012345672",
        "mobile": "0512345678",
    }
    fields.update(change)
    with pytest.raises(InvalidValue):
        register_resident(person=Person(**fields), by=ANONYMOUS)


@pytest.mark.django_db
def test_a_resident_without_mobile_cannot_register() -> None:
    with pytest.raises(NotAllowed):
        register_resident(person=Person(name_ar="س", name_en="S", national_id="1012345672"), by=ANONYMOUS)


@pytest.mark.django_db
def test_only_administrators_make_accounts_roles_and_holders(
    office: SimpleNamespace, employee: Employee
) -> None:
    fahd = employee("fahd")
    for by in (ANONYMOUS, Actor(account_id=1, capacity="self"), Actor(account_id=1, capacity="position:1")):
        with pytest.raises(NotAllowed):
            create_account(kind="staff", username="x", person=SUAD, by=by)
        with pytest.raises(NotAllowed):
            define_role(code="R", name_ar="", name_en="", permissions=[], by=by)
        with pytest.raises(NotAllowed):
            place_holder(account=fahd, position=office.posts.officer, by=by)
        with pytest.raises(NotAllowed):
            create_establishment(
                unified_number="7001234567", cr_number="1010123456", name_ar="", name_en="", by=by
            )
    admin = employee("admin")
    place_holder(account=admin, position=office.posts.admin, by=SYSTEM)
    by = actor_for(admin, f"position:{office.posts.admin.pk}")
    place_holder(account=fahd, position=office.posts.officer, by=by)
    with pytest.raises(NotAllowed):
        place_holder(account=admin, position=office.posts.mayor, by=by)


def test_a_role_holds_declared_permissions_only(db: None) -> None:
    with pytest.raises(UnknownPermission):
        define_role(code="R", name_ar="ر", name_en="R", permissions=["cases.fly"], by=SYSTEM)
    with pytest.raises(ValueError):
        declare_permission("cases.act", ar="شيء آخر", en="Something else")
    with pytest.raises(ValueError):
        declare_permission("cases.text", ar="", en="x")
    assert all(found.ar and found.en for found in permissions().values())


def test_a_new_holder_ends_the_former_holding(office: SimpleNamespace, employee: Employee) -> None:
    first, second = employee("first"), employee("second")
    old = place_holder(account=first, position=office.posts.officer, valid_from=days(-9), by=SYSTEM)
    place_holder(account=second, position=office.posts.officer, by=SYSTEM)
    old.refresh_from_db()
    assert old.valid_to == days(-1)
    assert Holding.objects.filter(position=office.posts.officer, valid_to__isnull=True).count() == 1


def test_residents_hold_no_posts(office: SimpleNamespace) -> None:
    with pytest.raises(NotAnEmployee):
        place_holder(
            account=register_resident(person=SUAD, by=ANONYMOUS), position=office.posts.officer, by=SYSTEM
        )


@pytest.mark.django_db
def test_an_owner_authorises_others_but_makes_no_owner() -> None:
    suad = register_resident(person=SUAD, by=ANONYMOUS)
    other = register_resident(
        person=Person(name_ar="علي", name_en="Ali", national_id="1098765439", mobile="0555555555"),
        by=ANONYMOUS,
    )
    shop = create_establishment(
        unified_number="7001234567", cr_number="1010123456", name_ar="م", name_en="B", by=SYSTEM
    )
    grant_membership(account=suad, establishment=shop, capacity="owner", by=SYSTEM)
    by = actor_for(suad, "self")
    first = grant_membership(account=other, establishment=shop, capacity="authorised", by=by)
    assert grant_membership(account=other, establishment=shop, capacity="authorised", by=by) == first
    with pytest.raises(NotTheOwner):
        grant_membership(account=other, establishment=shop, capacity="owner", by=by)
    with pytest.raises(NotTheOwner):
        grant_membership(account=suad, establishment=shop, capacity="manager", by=actor_for(other, "self"))
    with pytest.raises(NotAllowed):
        grant_membership(account=suad, establishment=shop, capacity="manager", by=ANONYMOUS)
    with pytest.raises(EstablishmentExists):
        create_establishment(
            unified_number="7001234567", cr_number="1010123457", name_ar="م", name_en="B", by=SYSTEM
        )


def lend(office: SimpleNamespace, **change: Any) -> Delegation:
    terms: dict[str, Any] = {
        "delegator": office.posts.mayor,
        "receiver": office.posts.deputy,
        "kind": "powers",
        "decision_number": "1448/1",
        "valid_from": days(0),
        "valid_to": days(100),
        "by": SYSTEM,
    }
    return delegate(**{**terms, **change})


def test_the_holder_delegates_and_revokes(office: SimpleNamespace, employee: Employee) -> None:
    head = employee("head")
    place_holder(account=head, position=office.posts.mayor, by=SYSTEM)
    by = actor_for(head, f"position:{office.posts.mayor.pk}")
    lent = lend(office, by=by)
    assert revoke_delegation(delegation=lent, by=by).revoked_at is not None
    with pytest.raises(AlreadyRevoked):
        revoke_delegation(delegation=lent, by=by)
    assert (
        AuditRow.objects.filter(
            action__startswith="people.delegation", municipality_id=office.city.pk
        ).count()
        == 2
    )


def test_powers_pass_one_level_down_within_the_branch_for_a_year(office: SimpleNamespace) -> None:
    with pytest.raises(WrongLevel):
        lend(office, receiver=office.posts.officer)
    with pytest.raises(WrongLevel):
        lend(office, delegator=office.posts.deputy, receiver=office.posts.mayor)
    with pytest.raises(OtherBranch):
        lend(office, receiver=office.posts.roads)
    for start, end in ((0, 366), (5, 4), (-20, -10)):
        with pytest.raises(TooLong):
            lend(office, valid_from=days(start), valid_to=days(end))
    with pytest.raises(DecisionMissing):
        lend(office, decision_number=" ")


def test_others_and_delegates_cannot_delegate(office: SimpleNamespace, employee: Employee) -> None:
    deputy = employee("deputy")
    place_holder(account=deputy, position=office.posts.deputy, by=SYSTEM)
    with pytest.raises(NotAllowed):
        lend(office, by=actor_for(deputy, f"position:{office.posts.deputy.pk}"))
    lent = lend(office)
    with pytest.raises(NotAllowed):
        lend(office, by=actor_for(deputy, f"delegation:{lent.pk}"))
    with pytest.raises(NotAllowed):
        revoke_delegation(delegation=lent, by=actor_for(deputy, f"delegation:{lent.pk}"))


@pytest.mark.django_db
def test_language_and_password_are_the_persons_own() -> None:
    suad = register_resident(person=SUAD, by=ANONYMOUS)
    me = actor_for(suad, "self")
    set_language(account_id=suad.pk, language="en", by=me)
    suad.refresh_from_db()
    assert suad.language == "en"
    with pytest.raises(NotAllowed):
        set_language(account_id=suad.pk, language="ar", by=ANONYMOUS)
    with pytest.raises(ValueError):
        set_language(account_id=suad.pk, language="xx", by=me)
    with pytest.raises(NotAllowed):
        set_password(account=suad, password="a long new password", by=ANONYMOUS)
    set_password(account=suad, password="a long new password", by=me)
    assert suad.check_password("a long new password")
