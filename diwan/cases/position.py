"""The flow's position of a case as rows: read from open tasks and join counters, and written back as changes."""

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


def write_joins(case: Case, before: Position, after: Position) -> None:
    """Store the open splits of the new position."""
    old = {join.id: join for join in before.joins}
    new = {join.id: join for join in after.joins}
    gone = [number for number in old if number not in new]
    if gone:
        JoinCounter.objects.filter(case=case, number__in=gone).delete()
    for number, join in new.items():
        if number not in old:
            JoinCounter.objects.create(
                case=case, number=number, split=join.split, expected=join.expected, arrived=join.arrived
            )
        elif old[number] != join:
            JoinCounter.objects.filter(case=case, number=number).update(arrived=join.arrived)
