"""The flow's position of a case, read from its open tasks and join counters. `saving` writes it back as changes."""

from collections.abc import Iterable

from diwan.cases.models import Case, JoinCounter, OpenTask
from diwan.flow.position import Join, Position, Token


def read_position(case: Case, tasks: Iterable[OpenTask], joins: Iterable[JoinCounter]) -> Position:
    """The position that the rows stand for; tokens in the order in which they were opened."""
    return Position(
        tokens=tuple(
            Token(task.token, task.step, tuple(task.frames), task.data)
            for task in sorted(tasks, key=lambda task: task.pk)
        ),
        joins=tuple(Join(row.number, row.split, row.expected, row.arrived) for row in joins),
        next_id=case.next_token,
        returns=case.returns,
        end=case.ended_at_step or None,
    )
