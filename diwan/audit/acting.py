"""What the log needs to know of whoever acts. The package of people fills it; nothing here imports it."""

from typing import Protocol


class Acting(Protocol):
    """A person, a clock or a rule in one capacity (`people.actor.Actor` is one)."""

    @property
    def label(self) -> str:
        """`account:12`, `system:deadlines`, `anonymous`."""

    @property
    def capacity(self) -> str:
        """`self`, `position:7`, `system:deadlines`, ..."""

    @property
    def request_id(self) -> str:
        """The request that the act came with; empty for jobs."""
