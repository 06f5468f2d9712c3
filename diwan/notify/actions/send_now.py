"""Send one message at once, outside the queue's order: a code that somebody waits for."""

from diwan.kit import clock
from diwan.notify.delivery import deliver
from diwan.notify.models import Message
from diwan.notify.timing import LEASE
from diwan.notify.transports import ChannelDown, open_transports


def send_now(*, message: Message, extra: dict[str, str] | None = None) -> str:
    """Send a committed, queued message and return its state afterwards.

    `extra` holds values that are stored nowhere, such as the code itself; a message that needs them can't be sent
    again later. Quiet when another process already has the message.
    """
    transports = open_transports()
    row = Message.objects.filter(created_at=message.created_at, id=message.pk)
    try:
        if message.channel in transports and row.filter(state=Message.State.QUEUED).update(
            not_before=clock.now() + LEASE
        ):
            deliver(message, transports[message.channel], extra=extra)
    except ChannelDown:
        pass  # the row is back in the queue and says so
    finally:
        for transport in transports.values():
            transport.close()
    return str(row.values_list("state", flat=True).get())
