"""The permission of the package and the bounds of what is read at once."""

from typing import Final

from diwan.people.registry import declare_permission

READ_PROCESS: Final = declare_permission(
    "mining.read", ar="الاطلاع على سير الخدمات وتحليلها", en="See how services run and try changes out"
)

LONGEST_DAYS: Final = 731
"""A period is at most two years."""
MOST_CASES: Final = 50_000
"""The newest cases of a period that are read."""
MOST_PATHS: Final = 12
"""Paths shown, the most frequent first."""
