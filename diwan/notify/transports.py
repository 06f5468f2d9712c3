"""What a channel must be able to do. Adapters in `diwan.integrations` fill this, named in `MESSAGE_TRANSPORTS`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message ready to go. `reference` names the row to the provider, the same at every try."""

    reference: str
    to: str
    language: str
    subject: str
    body: str


class ChannelDown(Exception):
    """The provider cannot be reached or knows us not; nothing was handed over, no other message would fare better."""


class TemporaryFailure(Exception):
    """The provider did not take this message now; nothing was handed over."""


class PermanentFailure(Exception):
    """The provider will never take this message."""


class OutcomeUnknown(Exception):
    """The message was handed over and the answer did not come."""


class Transport(Protocol):
    """One channel. `resumable`: the provider recognises `reference`, so a second try cannot become a second message."""

    resumable: bool

    def send(self, outgoing: Outgoing) -> str:
        """Hand one message over; the provider's own reference. Raises one of the four errors above."""

    def close(self) -> None:
        """Give up connections that are kept between messages."""


class InApp:
    """Messages shown on our own pages: they are where they should be once the row says so."""

    resumable = True

    def send(self, outgoing: Outgoing) -> str:
        """Nothing leaves the house."""
        return outgoing.reference

    def close(self) -> None:
        """Nothing is kept."""


def open_transports() -> dict[str, Transport]:
    """Channel -> transport, for the channels that are configured. Messages of the others wait."""
    found: dict[str, Transport] = {"app": InApp()}
    paths: Mapping[str, str] = settings.MESSAGE_TRANSPORTS
    for channel, path in paths.items():
        transport: Transport | None = import_string(path)()
        if transport is not None:
            found[channel] = transport
    return found
