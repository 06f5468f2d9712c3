"""What one document slot accepts; the numbers come from the service definition."""

from dataclasses import dataclass
from typing import Final

PDF: Final = "pdf"
IMAGE: Final = "image"
AUDIO: Final = "audio"
MEGABYTE: Final = 1024 * 1024
#: Uploads of one draft or case together, whatever its slots allow.
MOST_FOR_AN_OWNER: Final = 60


@dataclass(frozen=True, slots=True)
class SlotRules:
    """Limits of a slot: size in bytes, kinds (`pdf`, `image`, `audio`), files in the slot, pages of one PDF, seconds of
    one recording."""

    max_bytes: int = 10 * MEGABYTE
    kinds: tuple[str, ...] = (PDF, IMAGE)
    most: int = 1
    max_pages: int = 200
    max_seconds: int = 60

    @property
    def max_mb(self) -> str:
        """The size limit in megabytes as people read it."""
        return megabytes(self.max_bytes)


def megabytes(size: int) -> str:
    """Bytes as megabytes with at most one decimal: `10`, `2.5`; never `0` for something that is not empty."""
    if size < MEGABYTE // 10:
        return "0.1"
    return f"{size / MEGABYTE:.1f}".removesuffix(".0")


def stands_in_the_form(slot: str) -> bool:
    """Whether a paper answers a slot of a form. A name that starts with `_` tells how a request was filed (`_consent`:
    what a visitor signed at a counter): it goes with the case, and no rule of the form counts it."""
    return not slot.startswith("_")
