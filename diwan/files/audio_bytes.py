"""Reading bytes of a container without ever reading beyond it."""

from collections.abc import Iterator
from dataclasses import dataclass


class BadContainer(Exception):
    """The content ends too early, or says of itself what can't be."""


class NotOnlySound(Exception):
    """The container holds pictures, or sound in a coding that browsers don't play."""


@dataclass(slots=True)
class Cursor:
    """A place in bytes and where it must end."""

    data: bytes
    at: int
    end: int

    @classmethod
    def over(cls, data: bytes) -> "Cursor":
        """The whole content."""
        return cls(data, 0, len(data))

    def __bool__(self) -> bool:
        return self.at < self.end

    def take(self, count: int) -> bytes:
        """The next bytes; BadContainer when there are fewer."""
        if count < 0 or self.at + count > self.end:
            raise BadContainer
        found = self.data[self.at : self.at + count]
        self.at += count
        return found

    def number(self, count: int) -> int:
        """A big-endian whole number of `count` bytes."""
        return int.from_bytes(self.take(count), "big")

    def within(self, count: int) -> "Cursor":
        """A cursor over the next bytes, which are passed by."""
        start = self.at
        self.take(count)
        return Cursor(self.data, start, self.at)

    def rest(self) -> bytes:
        """What is left."""
        return self.take(self.end - self.at)


@dataclass(slots=True)
class Budget:
    """How many parts may still be read: a small file can name very many."""

    left: int = 200_000

    def spend(self) -> None:
        """One part more; BadContainer when there were too many."""
        self.left -= 1
        if self.left < 0:
            raise BadContainer


def boxes(cursor: Cursor, budget: Budget) -> Iterator[tuple[bytes, Cursor]]:
    """The boxes of an ISO file (ISO/IEC 14496-12, 4.2): type and content."""
    while cursor:
        budget.spend()
        size, kind, head = cursor.number(4), cursor.take(4), 8
        if size == 1:
            size, head = cursor.number(8), 16
        yield kind, cursor.within(cursor.end - cursor.at if size == 0 else size - head)
