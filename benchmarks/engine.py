"""`python -m benchmarks.engine`: the core beside SpiffWorkflow, both in memory, on one processor, over one process.

Eight steps: seven tasks, each finished by a person, and the end. Ours is advanced step by step as the product does it;
the other engine runs the BPMN file that we write of the same workflow, completing each task by hand.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState

from benchmarks import figures
from benchmarks.figures import AT_LEAST, Figure
from diwan.bpmn import to_bpmn
from diwan.bpmn.names import bpmn
from diwan.flow import Completed, Table, advance, compile_workflow, start
from diwan.rules import Verdict

STEPS: Final = 8
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
    process = _parsed(table)
    ours, others = [], []
    for _ in range(ROUNDS):
        ours.append(_rate(lambda: _run_ours(table), seconds / ROUNDS))
        others.append(_rate(lambda: _run_other(process), seconds / ROUNDS))
    mine, other = sorted(ours)[ROUNDS // 2], sorted(others)[ROUNDS // 2]
    return Figure(
        name="engine_memory_vs_spiff", value=mine, unit="steps/s", compared_with="SpiffWorkflow", compared_value=other,
        ratio=mine / other, sense=AT_LEAST, bound=RATIO, cpu_us=1e6 / mine, note=f"{STEPS} steps a case, in memory",
    )  # fmt: skip


def eight_steps() -> Table:
    """Seven tasks in a row, and an end."""
    text = {"ar": "خطوة", "en": "Step"}
    steps: dict[str, Any] = {
        f"task_{number}": {
            "kind": "task", "role": "ROLE-CLERK", "public": text,
            "actions": {"done": {"to": f"task_{number + 1}" if number < STEPS - 1 else "closed", "label": text}},
        }
        for number in range(1, STEPS)
    }  # fmt: skip
    steps["closed"] = {"kind": "end", "state": "closed", "public": text}
    return compile_workflow({"key": "eight_steps", "start": "task_1", "steps": steps})


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


def _parsed(table: Table) -> Any:
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
