"""What the fetching of a picture asks of HTTP; the adapter in `diwan.integrations` fills it, by `PICTURE_FETCHER`."""

from __future__ import annotations

from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Fetcher(Protocol):
    """Fetches from addresses that programs have written down. Never raises for an outside fault; safe for threads."""

    def get(self, url: str, *, most: int) -> bytes | None:
        """The content, of `most` bytes, within the fetcher's own limit of time; None for everything that is not a plain
        200 from an open address."""


@cache
def fetcher() -> Fetcher:
    """The fetcher of this process."""
    made: Fetcher = import_string(settings.PICTURE_FETCHER)()
    return made
