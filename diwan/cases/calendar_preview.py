"""What a change of a calendar would move, before it is saved: the change is made, looked at, and taken back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from diwan.cases.recounting import Counted, deadlines, reached
from diwan.catalogue import remembered
from diwan.catalogue.models import CalendarChange
from diwan.catalogue.queries import read_calendars
from diwan.kit import clock

_EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class Example:
    """One deadline that would move."""

    one: Counted
    before: datetime
    after: datetime


@dataclass(slots=True)
class Moves:
    """How many open deadlines a change moves, to later and to earlier, how many would be late at once, and some."""

    looked_at: int = 0
    later: int = 0
    earlier: int = 0
    late: int = 0
    examples: list[Example] = field(default_factory=list)

    @property
    def moved(self) -> int:
        """Deadlines that move at all."""
        return self.later + self.earlier


def what_moves(change: Callable[[], object]) -> Moves:
    """Make the change in a transaction that is taken back, and tell what it moves. Refusals of the change are raised.

    Deadlines that a calendar change of a moment ago has yet to move count as moved by that one.
    """
    before = read_calendars()
    with transaction.atomic():
        change()
        after = read_calendars()
        first_day = CalendarChange.objects.order_by("-id").values_list("first_day", flat=True)[0]
        transaction.set_rollback(True)
    remembered.forget()
    moves, now = Moves(), clock.now()
    for one in deadlines(reached(first_day), first_day):
        moves.looked_at += 1
        was, will = one.due(before), one.due(after)
        if was == will:
            continue
        moves.later += will > was
        moves.earlier += will < was
        moves.late += will < now <= was
        if len(moves.examples) < _EXAMPLES:
            moves.examples.append(Example(one, was, will))
    return moves
