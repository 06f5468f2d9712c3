"""Sizes of files for people: a number with one decimal at most, and which unit it counts."""

from typing import Final, Literal

Unit = Literal["kB", "MB"]
KILO: Final = 1_000
MEGA: Final = 1_000_000


def size_parts(size: int) -> tuple[str, Unit]:
    """Bytes as (number, unit): 1 400 000 is ("1.4", "MB"), 320 000 is ("320", "kB"); never less than one kilobyte."""
    if size < MEGA:
        return str(max(1, round(size / KILO))), "kB"
    return f"{size / MEGA:.1f}".removesuffix(".0"), "MB"
