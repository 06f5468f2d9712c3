"""Make an account: for an employee or an outside body by an administrator, for a resident by proof of identity."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock, ids
from diwan.kit.arabic import sort_key
from diwan.people.actor import Actor
from diwan.people.errors import AccountExists, NotAllowed
from diwan.people.models import Account
from diwan.people.registry import MANAGE_PEOPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who the account is for. `national_id`, `mobile` as people type them; e-mail in any case."""

    name_ar: str
    name_en: str
    national_id: str = ""
    email: str = ""
    mobile: str = ""
    birth_date: date | None = None
    language: str = "ar"


def create_account(*, kind: str, username: str, person: Person, by: Actor, password: str = "") -> Account:
    """Make an employee's, an outside body's or a resident's account; needs `people.manage` or the system.

    InvalidValue for an identity or mobile that cannot be right, AccountExists when one is taken. Without a password the
    account can sign in by one-time code only (residents), or not yet (employees).
    """
    if not (by.is_system or by.can(MANAGE_PEOPLE)):
        raise NotAllowed
    return _create(kind=kind, username=username, person=person, by=by, password=password)


def register_resident(*, person: Person, by: Actor) -> Account:
    """Make the account of a resident whose identity the register confirmed and whose address proved by a code."""
    if not person.national_id or not person.mobile:
        raise NotAllowed
    return _create(
        kind=Account.Kind.RESIDENT,
        username=ids.national_id(person.national_id),
        person=person,
        by=by,
        password="",
    )


def _create(*, kind: str, username: str, person: Person, by: Actor, password: str) -> Account:
    account = Account(
        username=username,
        kind=kind,
        national_id=ids.national_id(person.national_id) if person.national_id else None,
        email=person.email.strip().lower() or None,
        mobile=ids.mobile(person.mobile) if person.mobile else "",
        birth_date=person.birth_date,
        name_ar=person.name_ar,
        name_en=person.name_en,
        sort_key=sort_key(person.name_ar)[:260],
        language=person.language,
        created_at=clock.now(),
    )
    if password:
        account.set_password(password)
    else:
        account.set_unusable_password()
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            audit_row(
                by=by,
                action="people.account.made",
                object_type="account",
                object_id=account.pk,
                municipality_id=None,
                fields=["password"] if password else [],
                values={
                    "kind": kind,
                    "national_id": account.national_id,
                    "email": account.email,
                    "mobile": account.mobile,
                },
            )
    except IntegrityError as error:
        raise AccountExists from error
    return account
