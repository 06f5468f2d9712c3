"""A messenger that writes what it is given to a file, for a test in another process to read."""

import re
from pathlib import Path

from django.conf import settings

from diwan.notify.transports import Outgoing

NAME = "messages-of-the-pages.txt"


class FileMessenger:
    """Appends every message to one file under the data directory."""

    resumable = True

    def send(self, outgoing: Outgoing) -> str:
        """Keep the message as one line."""
        with (settings.DIWAN.data / NAME).open("a", encoding="utf-8") as file:
            file.write(" ".join(outgoing.body.split()) + "\n")
        return outgoing.reference

    def close(self) -> None:
        """Nothing is kept open."""


def latest_code(data: Path) -> str:
    """The newest one-time code among the messages."""
    found: list[str] = re.findall(r"\b\d{6}\b", (data / NAME).read_text(encoding="utf-8"))
    return found[-1]
