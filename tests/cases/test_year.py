"""A year of working days: cases of every packaged service under the moved clock, moved by generated actors.

Cases are opened in sets by the product's action, and lateness is its action too. Whatever people and the machine do is
`move` under the lock of the case, as all their actions end in it; who may do it is asked elsewhere. Rules and outcomes
are by chance (`anyhow`). A few in `./test`, a year of 100,000 in `./test --full`; `--year-cases` says another number.
"""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import TypeVar

import pytest
from django.db import connection, connections, transaction

from diwan.cases.actions.expire_task import act_on_lateness
from diwan.cases.loading import Loaded, lock_case
from diwan.cases.models import Case, History, JoinCounter, OpenTask
from diwan.cases.moving import move
from diwan.cases.position import read_position
from diwan.cases.services import service_of
from diwan.catalogue.queries import calendar_for
from diwan.flow.events import Event, Expired
from diwan.kit import clock
from diwan.kit.calendars import is_working_day
from diwan.people.models import Municipality
from tests.cases.anyhow import (
    BY,
    SELDOM,
    Chance,
    by_chance,
    entry_of,
    open_some,
    services,
    what_may_happen,
)
from tests.cases.replaying import replayed, standing_of

pytestmark = pytest.mark.usefixtures("committed_city")
MORNING = time(9, 30)
MACHINE = ("automatic", "document")
R = TypeVar("R", History, OpenTask, JoinCounter)


@pytest.fixture
def chance() -> Iterator[Chance]:
    """Rules are answered by chance."""
    asked = Chance()
    yield from by_chance(asked)


def test_some_weeks_of_all_services(chance: Chance) -> None:
    run_days(chance, cases=60, days=working_days()[-8:], part=0)
    hold_what_must_hold()


@pytest.mark.full
@pytest.mark.large
def test_a_year_of_mixed_services(chance: Chance, request: pytest.FixtureRequest) -> None:
    days, cases = working_days(), int(request.config.getoption("--year-cases"))
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    parts = [
        fork.Process(
            target=run_days, args=(chance,), kwargs={"cases": (cases + 1) // 2, "days": days, "part": part}
        )
        for part in range(2)
    ]
    for one in parts:
        one.start()
    for one in parts:
        one.join()
    assert [one.exitcode for one in parts] == [0, 0]
    assert Case.objects.count() >= cases
    hold_what_must_hold()


def working_days() -> list[date]:
    """Those of the year that ended yesterday."""
    calendar = calendar_for(Municipality.objects.get(code="101").pk)
    year = (clock.today() - timedelta(days=back) for back in range(365, 0, -1))
    return [day for day in year if is_working_day(day, calendar)]


def run_days(chance: Chance, *, cases: int, days: Sequence[date], part: int) -> None:
    """Open and move this part's cases, day by day; on the last one lateness is looked at once more. A service of few
    steps is asked for more often than one of many, as in a city."""
    known = list(services().values())
    often = [1 / len(service.flow.steps) for service in known]
    dice, waiting = random.Random(part), list[int]()
    for number, day in enumerate(days):
        moment = datetime.combine(day, MORNING, clock.RIYADH) + timedelta(minutes=part)
        chance.salt = f"{part}/{day}"
        with clock.frozen(moment):
            wanted = cases * (number + 1) // len(days) - cases * number // len(days)
            for first in range(0, wanted, 500):
                waiting += open_some(dice.choices(known, often, k=min(500, wanted - first)))
            waiting = [case for case in waiting if not_over(case, dice, chance)]
        with clock.frozen(moment + timedelta(hours=4)):
            sweep(set(waiting))
    connections.close_all()


def not_over(case_id: int, dice: random.Random, chance: Chance) -> bool:
    """What happens to a case in a day: mostly one act with what the machine does then, else nothing. False when it has
    ended."""
    somebody = dice.random() < 0.85
    if not somebody:
        return True
    while True:
        chance.salt = f"{case_id}/{dice.random()}"
        with transaction.atomic():
            loaded = lock_case(case_id)
            if not loaded.position.tokens:
                return False
            event = chosen(loaded, dice, somebody)
            if event is None:
                return True
            move(loaded, event, by=BY, entry=entry_of(loaded, event))
        somebody = dice.random() < 0.2
        if not somebody and not any(task.kind in MACHINE for task in loaded.held):
            return bool(loaded.position.tokens)


def chosen(loaded: Loaded, dice: random.Random, somebody: bool) -> Event | None:
    """An event that fits: the machine's, else somebody's; None where nobody does anything."""
    events = [one for one in what_may_happen(loaded) if not isinstance(one, Expired)]
    machine = [one for one in events if _kind(loaded, one) in MACHINE]
    if machine:
        return dice.choice(machine)
    people = [one for one in events if not isinstance(one, SELDOM)]
    if somebody and dice.random() < 0.02 and len(people) < len(events):
        return dice.choice([one for one in events if isinstance(one, SELDOM)])
    return dice.choice(people) if people and somebody else None


def _kind(loaded: Loaded, event: Event) -> str:
    task = loaded.by_token(getattr(event, "token", 0))
    return task.kind if task is not None else ""


def sweep(mine: set[int]) -> None:
    """What the worker does about lateness, until nothing is due."""
    while True:
        due = OpenTask.objects.filter(next_level_at__lte=clock.now()).values_list("case_id", "id")
        found = [row for row in due if row[0] in mine]
        if not found:
            return
        for case_id, task_id in found:
            act_on_lateness(case_id=case_id, task_id=task_id)


def hold_what_must_hold() -> None:
    """The invariants: whom each waits for, who answers for each deadline, and that history leads to the position."""
    for what, query in MUST_BE_EMPTY.items():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*), min(found.case_id) FROM ({query}) found")
            count, first = cursor.fetchone()
        assert count == 0, f"{count} {what}, the first {first}"
    ends = Counter[str]()
    numbers = list(Case.objects.order_by("id").values_list("id", flat=True))
    for first in range(0, len(numbers), 2000):
        ends += _replay(numbers[first : first + 2000])
    print(dict(ends))


def _replay(numbers: Sequence[int]) -> Counter[str]:
    of_these = {"case_id__in": numbers}
    history = _by_case(History.objects.filter(**of_these).order_by("case_id", "id"))
    tasks = _by_case(OpenTask.objects.filter(**of_these).order_by("case_id", "id"))
    joins = _by_case(JoinCounter.objects.filter(**of_these).order_by("case_id", "number"))
    ends = Counter[str]()
    for case in Case.objects.filter(pk__in=numbers):
        service = service_of(case.version_id)
        now = read_position(case, tasks.get(case.pk, []), joins.get(case.pk, []))
        then = replayed(service.flow, history[case.pk])
        assert standing_of(then) == standing_of(now), f"{case.pk} of {case.service}"
        ends[case.state] += 1
    return ends


def _by_case(rows: Iterable[R]) -> dict[int, list[R]]:
    return {key: list(found) for key, found in groupby(rows, key=lambda row: int(row.case_id))}


_PEOPLE = "('task', 'visit', 'vote')"
MUST_BE_EMPTY = {
    "open cases that wait for nothing": """
        SELECT c.id AS case_id FROM "case" c WHERE c.closed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM open_task t WHERE t.case_id = c.id)""",
    "ended cases in which something waits": """
        SELECT c.id AS case_id FROM "case" c WHERE c.closed_at IS NOT NULL
        AND (EXISTS (SELECT 1 FROM open_task t WHERE t.case_id = c.id)
             OR EXISTS (SELECT 1 FROM join_counter j WHERE j.case_id = c.id))""",
    "tasks that wait for nobody": f"""
        SELECT t.case_id FROM open_task t WHERE CASE
          WHEN t.kind IN {_PEOPLE} THEN t.assignee_id IS NULL AND (t.unit_id IS NULL OR t.role = '')
          WHEN t.kind = 'outside' THEN t.entity_id IS NULL
          WHEN t.kind IN ('automatic', 'document') THEN t.try_at IS NULL
          WHEN t.kind = 'payment' THEN NOT EXISTS (
            SELECT 1 FROM payments_bill b WHERE b.case_id = t.case_id AND b.task_token = t.token AND b.state = 'open')
          WHEN t.kind = 'party' THEN NOT EXISTS (
            SELECT 1 FROM case_party p WHERE p.case_id = t.case_id AND p.token = t.token)
          ELSE false END""",
    "deadlines that have passed without their rung": """
        SELECT t.case_id FROM open_task t
        WHERE t.next_level_at <= (SELECT max(at) FROM history)""",
    "finished deadlines that nobody answers for": f"""
        SELECT d.case_id FROM done_task d WHERE d.due_at IS NOT NULL AND d.kind IN {_PEOPLE}
        AND d.position_id IS NULL AND (d.unit_id IS NULL OR d.role = '')""",
    "open cases whose holder is nobody, or whose clock neither runs nor rests": """
        SELECT c.id AS case_id FROM "case" c
        WHERE c.closed_at IS NULL AND (c.holder = '' OR (c.due_at IS NULL AND c.clock_remaining IS NULL))""",
    "numbers of steps that do not lead to the next one": """
        SELECT h.case_id FROM (SELECT case_id, count(*) AS acts FROM history WHERE act NOT IN ('decided', 'escalated')
        GROUP BY case_id) h JOIN "case" c ON c.id = h.case_id WHERE c.revision <> h.acts""",
}
