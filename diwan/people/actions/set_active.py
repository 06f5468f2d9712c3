"""Close an account, or open it again. Whoever closes one has seen to its open work (`cases.actions.disable_person`)."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.people.actions.sessions import end_sessions
from diwan.people.actor import Actor
from diwan.people.errors import NotAllowed
from diwan.people.models import Account
from diwan.people.registry import MANAGE_PEOPLE


@transaction.atomic
def set_active(*, account: Account, active: bool, by: Actor, reason: str = "") -> None:
    """Needs `people.manage`; nobody does it to himself. The same again changes nothing; sessions end at once."""
    if not (by.is_system or by.can(MANAGE_PEOPLE)) or by.account_id == account.pk:
        raise NotAllowed
    changed = Account.objects.filter(pk=account.pk).exclude(is_active=active).update(is_active=active)
    if not changed:
        return
    if not active:
        end_sessions(account=account, by=by)
    audit_row(
        by=by, action="people.account.enabled" if active else "people.account.disabled", object_type="account",
        object_id=account.pk, municipality_id=None, values={"reason": reason} if reason else None,
    )  # fmt: skip
