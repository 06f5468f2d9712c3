"""Who is signed in: noted when it begins, ended at once when somebody must not go on."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.people.actor import Actor
from diwan.people.errors import NotAllowed
from diwan.people.models import Account, SignIn
from diwan.people.registry import MANAGE_PEOPLE, RESET_SECOND_FACTOR

KEPT = timedelta(days=90)


def note_sign_in(*, account: Account, session: str) -> None:
    """An employee signed in with the authenticator; `session` is the keyed digest of the session."""
    SignIn.objects.create(account=account, session=session, opened_at=clock.real_now())


def note_sign_out(*, session: str) -> None:
    """The session ended by itself."""
    SignIn.objects.filter(session=session, ended_at__isnull=True).update(ended_at=clock.real_now())


@transaction.atomic
def end_sessions(*, account: Account, by: Actor) -> None:
    """End every session of the person with its next request, wherever it is kept."""
    if not (by.is_system or by.can(MANAGE_PEOPLE) or by.can(RESET_SECOND_FACTOR)):
        raise NotAllowed
    Account.objects.filter(pk=account.pk).update(sessions_ended=F("sessions_ended") + 1)
    ended = SignIn.objects.filter(account=account, ended_at__isnull=True).update(ended_at=clock.real_now())
    audit_row(
        by=by, action="people.sessions.ended", object_type="account", object_id=account.pk, municipality_id=None,
        values={"sessions": ended},
    )  # fmt: skip


def prune_sign_ins() -> int:
    """Delete notes older than three months; for a daily job."""
    deleted, _ = SignIn.objects.filter(opened_at__lt=clock.real_now() - KEPT).delete()
    return deleted
