"""Send a message once more because a person asked for it: a new row, so that no row is ever sent twice."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.notify.models import Message
from diwan.notify.templates import templates
from diwan.people.actor import Actor


class CannotSendAgain(DiwanError):
    """Codes, erased messages and messages that are still on their way."""

    code = "notify.cannot_send_again"
    message = N_("This message can't be sent again.")


@transaction.atomic
def send_again(*, message: Message, by: Actor) -> Message:
    """Queue a copy of a message that failed, is uncertain, or did not reach the person. The caller asks permission."""
    found = Message.objects.select_for_update().get(created_at=message.created_at, id=message.pk)
    template = templates().get(found.template)
    if (
        found.state in (Message.State.QUEUED, Message.State.SENDING)
        or not found.address
        or template is None
        or template.private
    ):
        raise CannotSendAgain
    now = clock.now()
    copy = Message.objects.create(
        created_at=now, municipality_id=found.municipality_id, case_id=found.case_id, account_id=found.account_id,
        channel=found.channel, address=found.address, language=found.language, template=found.template,
        params=found.params, not_before=now,
    )  # fmt: skip
    audit_row(
        by=by, action="notify.message.sent_again", object_type="message", object_id=copy.pk,
        municipality_id=found.municipality_id, fields=["template"], values={"of": found.pk},
    )  # fmt: skip
    return copy
