"""What a person chooses for himself."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.people.actor import Actor
from diwan.people.errors import NotAllowed
from diwan.people.models import Account

LANGUAGES = ("ar", "en")


def set_language(*, account_id: int, language: str, by: Actor) -> None:
    """Set the language of a person's pages and messages; by the person."""
    _own(account_id, by=by)
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}")
    Account.objects.filter(pk=account_id).exclude(language=language).update(language=language)


def set_shortcuts(*, account_id: int, on: bool, by: Actor) -> None:
    """Switch single-key shortcuts on or off (WCAG 2.1.4); by the person."""
    _own(account_id, by=by)
    Account.objects.filter(pk=account_id).update(shortcuts=on)


def set_password(*, account: Account, password: str, by: Actor) -> None:
    """Set an employee's password; by the person, an administrator, or the system. Every session of the person ends."""
    if not (by.is_system or by.can("people.manage")):
        _own(account.pk, by=by)
    account.set_password(password)
    with transaction.atomic():
        account.save(update_fields=["password"])
        audit_row(
            by=by,
            action="people.password.set",
            object_type="account",
            object_id=account.pk,
            municipality_id=None,
            fields=["password"],
        )


def _own(account_id: int, *, by: Actor) -> None:
    if by.account_id != account_id:
        raise NotAllowed
