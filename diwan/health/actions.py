"""Writes: the sign of life of a process."""

import os
import socket
from collections.abc import Mapping
from datetime import datetime, timedelta

from diwan.health.models import Beat
from diwan.health.version import version
from diwan.kit import clock

GONE = timedelta(days=1)


def beat(*, part: str, began_at: datetime, facts: Mapping[str, object]) -> None:
    """Say that this process lives; what ended more than a day ago is forgotten."""
    now = clock.real_now()
    Beat.objects.update_or_create(
        name=f"{part}:{socket.gethostname()[:30]}:{os.getpid()}",
        defaults={"part": part, "at": now, "began_at": began_at, "version": version(), "facts": dict(facts)},
    )
    Beat.objects.filter(part=part, at__lt=now - GONE).delete()


def say_farewell(*, part: str) -> None:
    """This process ends as it was told to: it is not missed."""
    Beat.objects.filter(name=f"{part}:{socket.gethostname()[:30]}:{os.getpid()}").delete()
