"""Send what is due. Any number of processes may run it at once; none sends a row that another has."""

import time
from typing import Final

from diwan.kit import tracing
from diwan.notify.claiming import claim_due, settle_interrupted
from diwan.notify.delivery import deliver, release
from diwan.notify.models import Message
from diwan.notify.timing import LEASE
from diwan.notify.transports import ChannelDown, Transport, open_transports

#: A batch stops well before its lease ends; the rest is released.
LONGEST_BATCH: Final = LEASE.total_seconds() / 2


def send_due(*, limit: int = 500) -> int:
    """Claim up to `limit` messages, send them, and return how many were tried.

    A channel that is down stops for this batch; its messages go back to the queue without losing a try.
    """
    transports = open_transports()
    try:
        settle_interrupted(resumable=[name for name, found in transports.items() if found.resumable])
        return _send(claim_due(channels=transports.keys(), limit=limit), transports)
    finally:
        for transport in transports.values():
            transport.close()


def _send(claimed: list[Message], transports: dict[str, Transport]) -> int:
    stop_at, down, tried = time.monotonic() + LONGEST_BATCH, set[str](), 0
    for message in claimed:
        if message.channel in down or time.monotonic() > stop_at:
            release(message)
            continue
        try:
            with tracing.following(
                message.request_id, capacity="system:messages", case=message.case_id or ""
            ):
                deliver(message, transports[message.channel])
            tried += 1
        except ChannelDown:
            down.add(message.channel)
    return tried
