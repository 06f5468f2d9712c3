"""Steps that are saved: `saved --rounds N --steps N`, prints JSON.

Three sides take turns in one database, each on one connection: our engine as the product's actions use it (the case is
locked and read, moved, and saved by the step statement, then the commit); SpiffWorkflow on the same process, read and
saved with its own serializer; and pgbench with our step statement alone, on steps that the engine has computed. Two
processes: the eight steps of the figure in memory, and the way of a restaurant's licence to the head of the
municipality. Then what many steps and many tasks cost.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path as FilePath
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks import engine, reference
from benchmarks.opening import complete_application
from benchmarks.processes import BY, opened, served
from benchmarks.spiff import Kept, Path
from diwan.cases.actions.open_cases import open_cases
from diwan.cases.loading import lock_case
from diwan.cases.models import OpenTask
from diwan.cases.moving import Entry, move
from diwan.cases.step_sql import save_step
from diwan.catalogue.compiled import CompiledService
from diwan.flow import Completed

LONG: Final = 100
"""Steps of the long process."""
MANY: Final = 300
"""Asked at once."""
LICENCE: Final[Path] = (
    ("checks", "clear"), ("civil_defence", "approve"), ("supervising_body", "approve"), ("visit_food", "passed"),
    ("review", "recommend"), ("section_review", "recommend"),
)  # fmt: skip


@dataclass
class Side:
    """One side: what it did in all rounds."""

    steps: int = 0
    seconds: float = 0.0
    cpu: float = 0.0

    def run(self, step: Callable[[], object], count: int) -> None:
        """So many steps."""
        began, cpu = time.perf_counter(), time.process_time()
        for _ in range(count):
            step()
        self.seconds += time.perf_counter() - began
        self.cpu += time.process_time() - cpu
        self.steps += count

    def as_data(self) -> dict[str, float]:
        """Steps a second, and the microseconds of this process in one (the server's are not in it)."""
        return {"rate": self.steps / self.seconds, "cpu_us": self.cpu / self.steps * 1e6}


@dataclass(frozen=True)
class Process:
    """A process of both engines: how its cases are opened, and the way that they go."""

    service: CompiledService
    path: Path
    open: Callable[[int], list[int]]
    """So many new cases, at most 500: their ids."""

    def steps(self) -> Iterator[tuple[int, str, str]]:
        """(case, step, outcome) one after the other, without end."""
        while True:
            for case in self.open(100):
                for step, outcome in self.path:
                    yield case, step, outcome


def eight_steps() -> Process:
    """The eight steps of the figure in memory."""
    service = served(engine.in_a_row(engine.STEPS), code="BM-801")
    path = tuple((f"task_{number}", "done") for number in range(1, engine.STEPS))
    return Process(service, path, lambda count: opened(service, count))


def licence() -> Process:
    """A restaurant's licence: the checks, both bodies asked at once, the visit, the officer, the head of section."""
    one = complete_application()
    return Process(
        one.service,
        LICENCE,
        lambda count: [case.case_id for case in open_cases([replace(one, key="")] * count)],
    )


@transaction.atomic
def one_step(case_id: int, step: str, outcome: str) -> None:
    """What every action on a task does: lock and read the case, move it, save it, commit."""
    loaded = lock_case(case_id)
    task = next(task for task in loaded.held if task.step == step)
    move(loaded, Completed(task.token, outcome), by=BY, entry=Entry(act="acted", step=step, outcome=outcome))


@dataclass
class Alone:
    """The step statement by itself: first steps that were computed and not saved, for pgbench to save."""

    process: Process
    first: int
    """Numbers of its rows begin after this one."""
    staged: int = 0
    done: int = 0
    script: FilePath = field(default_factory=lambda: FilePath(tempfile.mkdtemp()) / "step.sql")

    def stage(self, count: int) -> None:
        """Compute so many, of as many new cases."""
        rows = []
        for case in self.process.open(count):
            self.staged += 1
            rows.append((self.first + self.staged, case, _what_it_saves(case, *self.process.path[0])))
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO bench_step (n, id, step) VALUES (%s, %s, %s::jsonb)", rows)

    def rate(self, count: int) -> float:
        """Steps a second over the next `count` of them."""
        own = "(SELECT {} FROM bench_step WHERE n = :n)"
        text = save_step().query.replace("%s::jsonb", own.format("step")).replace("%s", own.format("id"))
        self.script.write_text(f"\\set n :n + 1\n{text.strip()};\n")
        url, number = settings.DIWAN.active_database_url, str(self.first + self.done)
        rate = reference.per_second(url, self.script, {"n": number}, "-c", "1", "-t", str(count))
        self.done += count
        return rate


@transaction.atomic
def _what_it_saves(case_id: int, step: str, outcome: str) -> str:
    """The object that the step statement gets for a step of a case; nothing of it stays."""
    given: list[str] = []

    def seen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql == save_step().query:
            given.append(params[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(seen):
        one_step(case_id, step, outcome)
    transaction.set_rollback(True)
    (text,) = given
    return text


def sides(process: Process, rounds: int, steps: int, *, first: int) -> dict[str, Any]:
    """The sides taking turns."""
    url, ahead = settings.DIWAN.active_database_url, process.steps()
    read, held = (Kept(url, process.service.flow, process.path, held=held) for held in (False, True))
    ours, alone = Side(), Alone(process, first)
    others, kept, rates = Side(), Side(), []
    for _ in range(2 * len(process.path)):
        one_step(*next(ahead))
        read.step()
    with CaptureQueriesContext(connection) as captured:
        one_step(*next(ahead))
    for _ in range(rounds):
        alone.stage(steps)
        ours.run(lambda: one_step(*next(ahead)), steps)
        others.run(read.step, steps)
        rates.append(alone.rate(steps))
        kept.run(held.step, steps)
    read.close()
    held.close()
    return {
        "ours": ours.as_data(), "spiff": others.as_data(), "spiff_held": kept.as_data(),
        "statements": sum(not one["sql"].startswith(("BEGIN", "COMMIT")) for one in captured.captured_queries),
        "pgbench": len(rates) / sum(1 / rate for rate in rates),
    }  # fmt: skip


def long_process() -> dict[str, float]:
    """Milliseconds a step of the long process, of its first and of its last twenty."""
    service = served(engine.in_a_row(LONG), code="BM-802")
    first, last = Side(), Side()
    for case in opened(service, 8):
        for number in range(1, LONG):
            side = first if number <= 20 else last if number > LONG - 20 else Side()
            side.run(partial(one_step, case, f"task_{number}", "done"), 1)
    return {"first": first.seconds / first.steps * 1e3, "last": last.seconds / last.steps * 1e3}


def many_at_once() -> dict[str, float]:
    """Milliseconds an answer while nearly all of many are open and while few are left; the rows at the beginning."""
    service = served(engine.at_once(MANY), code="BM-803")
    first, last, rows = Side(), Side(), 0
    for case in opened(service, 3):
        tokens = list(OpenTask.objects.filter(case_id=case).order_by("id").values_list("token", flat=True))
        rows = len(tokens)
        for number, token in enumerate(tokens):
            side = first if number < 50 else last if MANY - 50 <= number < MANY - 1 else Side()
            side.run(partial(one_answer, case, token), 1)
    return {"first": first.seconds / first.steps * 1e3, "last": last.seconds / last.steps * 1e3, "rows": rows}


@transaction.atomic
def one_answer(case_id: int, token: int) -> None:
    """What the actions on one of many tasks do."""
    loaded = lock_case(case_id, token=token)
    move(loaded, Completed(token, "done"), by=BY, entry=Entry(act="acted", step="answer", outcome="done"))


def open_tasks() -> float:
    """Rows of open tasks of an open case, the median; asked before anything is measured here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY n) "
            "FROM (SELECT count(*) AS n FROM open_task GROUP BY case_id) counted"
        )
        return float(cursor.fetchone()[0] or 0)


def main(words: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=300)
    asked = parser.parse_args(words)
    told = {
        "open_tasks": open_tasks(),
        "licence": sides(licence(), asked.rounds, asked.steps, first=0),
        "eight": sides(eight_steps(), asked.rounds, asked.steps, first=10**6),
        "long": long_process(),
        "many": many_at_once(),
    }
    print(json.dumps(told))
