"""Erase what messages say and where they went; that one was sent, when and of what kind, stays."""

from datetime import datetime

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.notify.models import Message
from diwan.people.actor import Actor

ERASED = ""


@transaction.atomic
def erase_messages(
    *,
    by: Actor,
    case_ids: list[int] | None = None,
    account_id: int | None = None,
    before: datetime | None = None,
) -> int:
    """Redact address, values, subject and text of the messages of some cases, of one person, or older than a moment.

    At least one choice must be given; they narrow each other. Messages on their way are left. Returns how many.
    """
    if case_ids is None and account_id is None and before is None:
        raise ValueError("erase which messages?")
    chosen = Message.objects.exclude(state__in=[Message.State.QUEUED, Message.State.SENDING]).exclude(
        address=ERASED
    )
    if case_ids is not None:
        chosen = chosen.filter(case_id__in=case_ids)
    if account_id is not None:
        chosen = chosen.filter(account_id=account_id)
    if before is not None:
        chosen = chosen.filter(created_at__lt=before)
    count = chosen.update(address=ERASED, params={}, subject=ERASED, body=ERASED, provider_reference=ERASED)
    audit_row(
        by=by, action="notify.messages.erased", object_type="messages",
        object_id=f"account:{account_id}" if account_id else "cases" if case_ids else "before", municipality_id=None,
        values={"count": count},
    )  # fmt: skip
    return count
