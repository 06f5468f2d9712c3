"""Who stands at the window: read from the card, confirmed by the people register or by the visitor's own account."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from diwan.kit.errors import N_, DiwanError
from diwan.kit.ports import Answer, RegisterClient
from diwan.people.models import Account
from diwan.people.queries import account_by_login


class NoSuchPerson(DiwanError):
    """The register knows nobody with this number and birth date."""

    code = "counter.no_such_person"
    message = N_("The register has nobody with this number and birth date. Compare both with the card.")


class IdentityNotValid(DiwanError):
    """The register says that the identity is not in force."""

    code = "counter.identity_not_valid"
    message = N_("The register says that this identity is not in force. The visitor renews it first.")


class NameNeeded(DiwanError):
    """The register is silent, so the name is taken from the card."""

    code = "counter.name_needed"
    message = N_(
        "The register does not answer now. Write the name as on the card; an officer checks it later."
    )


@dataclass(frozen=True, slots=True)
class Person:
    """A visitor as far as known; `confirmed` when the name comes from the register or the account."""

    national_id: str
    birth_date: date | None
    mobile: str
    name_ar: str
    name_en: str
    confirmed: bool
    account: Account | None = None


def identify(*, national_id: str, birth_date: date | None, mobile: str, name: str, request_id: str) -> Person:
    """The person, by account or register; by the name on the card when the register is silent.

    Raises NoSuchPerson, IdentityNotValid, NameNeeded.
    """
    account = account_by_login(national_id)
    if account is not None and account.kind == Account.Kind.RESIDENT:
        return Person(
            national_id,
            account.birth_date or birth_date,
            mobile,
            account.name_ar,
            account.name_en,
            True,
            account,
        )
    query = {"national_id": national_id} | ({"birth_date": birth_date.isoformat()} if birth_date else {})
    answer = client().ask(
        "people", query, request_id=request_id, timeout=settings.DIWAN.registers_timeout_ms / 1000
    )
    names = _names(answer)
    if names is None:
        if not name:
            raise NameNeeded
        return Person(national_id, birth_date, mobile, name, "", False)
    return Person(national_id, birth_date, mobile, names[0], names[1], True)


def _names(answer: Answer) -> tuple[str, str] | None:
    if answer.status == "not_found":
        raise NoSuchPerson
    name: Any = answer.data.get("name") if answer.status == "answered" else None
    if not isinstance(name, dict) or not name.get("ar"):
        return None
    if answer.data.get("status") != "active":
        raise IdentityNotValid
    return str(name["ar"])[:200], str(name.get("en", ""))[:200]


def client() -> RegisterClient:
    """The registers, as configured."""
    made: RegisterClient = import_string(settings.REGISTER_CLIENT)()
    return made
