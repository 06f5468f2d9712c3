"""Send a message whose secret is written down nowhere: at once, or not at all."""

from collections.abc import Mapping

from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.notify.actions.send_now import send_now
from diwan.notify.models import Message
from diwan.notify.timing import LEASE

#: Messages that belong to no municipality, such as codes for signing in.
WHOLE_ORGANISATION = 0


class CodeNotSent(DiwanError):
    """The channel is out; the person may try another way."""

    code = "notify.code_not_sent"
    message = N_(
        "The code could not be sent just now. Try again in a minute, or choose another way to receive it."
    )


def send_secret(
    *, channel: str, address: str, secret: Mapping[str, str], language: str, template: str,
    municipality_id: int = WHOLE_ORGANISATION, account_id: int | None = None, case_id: int | None = None,
) -> Message:  # fmt: skip
    """Send the text `template` with the values of `secret` and return the row of the log, which does not hold them.

    Raises CodeNotSent when the provider did not take it; the row says why. The row is born leased to this process:
    another that sends what is due knows the secret not, and would give it up.
    """
    now = clock.now()
    message = Message.objects.create(
        created_at=now, municipality_id=municipality_id, case_id=case_id, account_id=account_id, channel=channel,
        address=address, language=language, template=template, params={}, not_before=now + LEASE,
    )  # fmt: skip
    state = send_now(message=message, extra=dict(secret))
    if state not in (Message.State.SENT, Message.State.DELIVERED, Message.State.UNCERTAIN):
        Message.objects.filter(created_at=now, id=message.pk, state=Message.State.QUEUED).update(
            state=Message.State.FAILED
        )
        raise CodeNotSent
    message.state = state
    return message
