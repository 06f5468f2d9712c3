"""Messengers in memory, named by the tests in the setting `MESSAGE_TRANSPORTS`."""

from typing import ClassVar

from diwan.notify.transports import ChannelDown, Outgoing


class MemoryTransport:
    """Keeps what it is given; `down` refuses."""

    resumable = True
    down: ClassVar[bool] = False
    sent: ClassVar[list[Outgoing]] = []

    def send(self, outgoing: Outgoing) -> str:
        """Keep the message."""
        if self.down:
            raise ChannelDown
        self.sent.append(outgoing)
        return outgoing.reference

    def close(self) -> None:
        """Nothing is kept open."""
