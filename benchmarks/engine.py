"""`python -m benchmarks.engine`: the core beside SpiffWorkflow, both in memory, on one processor, over one process.

Eight steps: seven tasks, each finished by a person, and the end. Ours is advanced step by step as the product does it;
the other engine runs the BPMN file that we write of the same workflow, completing each task by hand. `saved` gives the
figures of the same process in PostgreSQL, step by step (`benchmarks.saved`).
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import psycopg
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState

from benchmarks import figures, house
from benchmarks.figures import AT_LEAST, AT_MOST, Figure
from benchmarks.spiff import TABLES
from diwan.bpmn import to_bpmn
from diwan.bpmn.names import bpmn
from diwan.flow import Completed, Table, advance, compile_workflow, start
from diwan.project.launch.install import Install
from diwan.rules import Verdict

SAVED: Final = "saved"
STEPS: Final = 8
ROLE: Final = "ROLE-LICENSING-OFFICER"
RATIO: Final = 20.0
ROUNDS: Final = 5


def main() -> int:
    """Measure and print."""
    found = [measure()]
    print("\n".join([*figures.table(found), "", *figures.missed(found)]))
    return 0


def measure(*, seconds: float = 2.0) -> Figure:
    """Steps a second of processor time; the middle of five rounds, in which both take turns."""
    table = eight_steps()
    process = parsed(table)
    ours, others = [], []
    for _ in range(ROUNDS):
        ours.append(_rate(lambda: _run_ours(table), seconds / ROUNDS))
        others.append(_rate(lambda: _run_other(process), seconds / ROUNDS))
    mine, other = sorted(ours)[ROUNDS // 2], sorted(others)[ROUNDS // 2]
    return Figure(
        name="engine_memory_vs_spiff", value=mine, unit="steps/s", compared_with="SpiffWorkflow", compared_value=other,
        ratio=mine / other, sense=AT_LEAST, bound=RATIO, cpu_us=1e6 / mine, note=f"{STEPS} steps a case, in memory",
    )  # fmt: skip


def saved(install: Install, *, rounds: int) -> list[Figure]:
    """Steps that are saved, in a database of their own: beside the other engine, and beside the statement alone."""
    install.cluster.drop_database(SAVED)
    install.cluster.clone_database(house.CITY, SAVED)
    with psycopg.connect(house.superuser(install, SAVED), autocommit=True) as connection:
        connection.execute(TABLES)
    told = json.loads(house.run_inside(install, SAVED, "saved", "--rounds", str(rounds))[0])
    install.cluster.drop_database(SAVED)
    return list(_saved_figures(told))


def _saved_figures(told: Mapping[str, Any]) -> Iterator[Figure]:
    licence, eight, long, many = told["licence"], told["eight"], told["long"], told["many"]
    ours, other = licence["ours"], licence["spiff"]
    small = eight["ours"]["rate"] / eight["spiff"]["rate"]
    yield Figure(
        name="engine_saved_vs_spiff", value=ours["rate"], unit="steps/s", compared_with="SpiffWorkflow",
        compared_value=other["rate"], ratio=ours["rate"] / other["rate"], sense=AT_LEAST, bound=2.0,
        statements=licence["statements"], cpu_us=ours["cpu_us"],
        note="a shop licence, each step read, locked, saved and committed; the other engine without reading: "
        f"{licence['spiff_held']['rate']:,.0f}. In the process of eight steps: {eight['ours']['rate']:,.0f} beside "
        f"{eight['spiff']['rate']:,.0f} ({small:.2f}), without reading {eight['spiff_held']['rate']:,.0f}",
    )  # fmt: skip
    yield Figure(
        name="engine_saved_vs_pgbench", value=eight["ours"]["rate"], unit="steps/s", compared_with="pgbench",
        compared_value=eight["pgbench"], ratio=eight["ours"]["rate"] / eight["pgbench"], sense=AT_LEAST, bound=0.3,
        statements=eight["statements"], cpu_us=eight["ours"]["cpu_us"],
        note="eight steps, one connection each; pgbench runs the step statement alone. A shop licence: "
        f"{ours['rate']:,.0f} beside {licence['pgbench']:,.0f} ({ours['rate'] / licence['pgbench']:.2f})",
    )  # fmt: skip
    yield Figure(
        name="engine_100_steps", value=long["last"], unit="ms", compared_with="first steps",
        compared_value=long["first"], ratio=long["last"] / long["first"], sense=AT_MOST, bound=1.5,
        note="a step of the last twenty of a hundred",
    )  # fmt: skip
    yield Figure(
        name="engine_300_at_once", value=many["first"], unit="ms", compared_with="last of them",
        compared_value=many["last"], ratio=many["first"] / many["last"], sense=AT_MOST, bound=1.5,
        note=f"an answer of the first fifty of three hundred, {many['rows']:.0f} rows waiting, beside the last fifty",
    )  # fmt: skip
    yield Figure(
        name="engine_open_tasks", value=told["open_tasks"], unit="rows", sense=AT_MOST, bound=2,
        note="open tasks of an open case of the demo city, median",
    )  # fmt: skip


def eight_steps() -> Table:
    """Seven tasks in a row, and an end."""
    return compile_workflow(in_a_row(STEPS))


def in_a_row(count: int) -> dict[str, Any]:
    """A workflow of so many steps: tasks one after the other, and an end."""
    text = {"ar": "خطوة", "en": "Step"}
    steps: dict[str, Any] = {
        f"task_{number}": {
            "kind": "task", "role": ROLE, "public": text,
            "actions": {"done": {"to": f"task_{number + 1}" if number < count - 1 else "closed", "label": text}},
        }
        for number in range(1, count)
    }  # fmt: skip
    steps["closed"] = {"kind": "end", "state": "closed", "public": text}
    return {"key": f"steps_{count}", "start": "task_1", "steps": steps}


def at_once(count: int) -> dict[str, Any]:
    """A workflow that asks so many at once and waits for all of them."""
    text = {"ar": "خطوة", "en": "Step"}
    asked = ", ".join(f"'{number}'" for number in range(count))
    steps: dict[str, Any] = {
        "ask": {"kind": "each", "over": f"[{asked}]", "to": "answer"},
        "answer": {
            "kind": "task", "role": ROLE, "public": text, "actions": {"done": {"to": "heard", "label": text}},
        },
        "heard": {"kind": "join", "of": "ask", "to": "closed"},
        "closed": {"kind": "end", "state": "closed", "public": text},
    }  # fmt: skip
    return {"key": f"at_once_{count}", "start": "ask", "steps": steps}


def _rate(run: Callable[[], int], seconds: float) -> float:
    """Steps a second of processor time."""
    steps, began = 0, time.process_time()
    while (spent := time.process_time() - began) < seconds:
        steps += run()
    return steps / spent


def _asked(rule: str, facts: Mapping[str, Any]) -> Verdict:
    raise AssertionError(f"nothing is decided here: {rule}")


def _run_ours(table: Table) -> int:
    position = start(table, {}, _asked).position
    steps = 1
    while position.tokens:
        position = advance(table, position, Completed(position.tokens[0].id, "done"), {}, _asked).position
        steps += 1
    return steps


def parsed(table: Table) -> Any:
    """The process as the other engine reads it from the file that we write."""
    root = etree.fromstring(to_bpmn(table))
    parser = BpmnParser()
    parser.add_bpmn_xml(root)
    process = root.find(bpmn("process"))
    assert process is not None
    return parser.get_spec(process.get("id"))


def _run_other(process: Any) -> int:
    case = BpmnWorkflow(process)
    case.do_engine_steps()
    steps = 1
    while not case.is_completed():
        case.get_next_task(state=TaskState.READY, manual=True).run()
        case.do_engine_steps()
        steps += 1
    return steps


if __name__ == "__main__":
    raise SystemExit(main())
