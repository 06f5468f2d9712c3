"""SpiffWorkflow runs the diagram that we write: a second engine, by other hands, to compare positions with.

It gets the file as it is, but for what is ours and not BPMN: conditions in CEL and answers of decision tables are asked
of the walk, which answers both engines alike; a deadline in working days becomes a message that the walk sends; and
every activity becomes one that waits for the walk.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState

from diwan.bpmn import to_bpmn
from diwan.bpmn.names import bpmn, ours
from diwan.flow import Table
from diwan.flow.table import ROUTING

STEP, LATE = "Step_", "Late_"


class Oracle:
    """One case in the other engine. ``rule(cel text)`` and ``answer(table name)`` are the walk's."""

    def __init__(self, table: Table, rule: Callable[[str], bool], answer: Callable[[str], str]) -> None:
        self._table = table
        self._rules: list[str] = []
        root = self._translated(etree.fromstring(to_bpmn(table)))
        parser = BpmnParser()
        parser.add_bpmn_xml(root)
        process = root.find(bpmn("process"))
        assert process is not None
        known: dict[str, Any] = {"rule": lambda number: rule(self._rules[number]), "answer": answer}
        engine = PythonScriptEngine(environment=TaskDataEnvironment(known))
        self._case = BpmnWorkflow(parser.get_spec(process.get("id")), script_engine=engine)
        self._case.do_engine_steps()

    def _translated(self, root: etree._Element) -> etree._Element:
        for task in list(root.iter(bpmn("serviceTask"), bpmn("receiveTask"))):
            task.tag = bpmn("userTask")
            task.attrib.pop("messageRef", None)
        before: dict[str, list[str]] = {}
        for flow in root.iter(bpmn("sequenceFlow")):
            told, condition = flow.find(f"*/{ours('exit')}"), flow.find(bpmn("conditionExpression"))
            if condition is None or told is None or told.get("slot") != "branches":
                continue
            if told.get("always") == "true":
                condition.text = "True"
            elif not any(one.get("key") == "value" for one in told):
                self._rules.append(condition.text or "")
                asked = f"rule({len(self._rules) - 1})"
                # It asks the ways out of a gateway by where they lead on the sheet; the standard, in their order.
                source = str(flow.get("sourceRef"))
                exclusive = self._table.steps[source.removeprefix(STEP)].kind == "decision"
                earlier = before.setdefault(source, []) if exclusive else []
                condition.text = " and ".join([asked, *(f"not {one}" for one in earlier)])
                earlier.append(asked)
        for task in list(root.iter(bpmn("businessRuleTask"))):
            task.tag = bpmn("scriptTask")
            step = self._table.steps[str(task.get("id")).removeprefix(STEP)]
            etree.SubElement(task, bpmn("script")).text = f"outcome = answer('{step.table}')"
        for event in root.iter(bpmn("boundaryEvent")):
            timer = event.find(bpmn("timerEventDefinition"))
            assert timer is not None
            message = etree.Element(bpmn("message"), id=f"Message_{event.get('id')}", name=event.get("id"))
            root.insert(0, message)
            timer.clear()
            timer.tag = bpmn("messageEventDefinition")
            timer.set("messageRef", str(message.get("id")))
        return root

    def standing(self) -> list[str]:
        """The steps at which the case waits, sorted."""
        return sorted(key for key, _task in self._waiting())

    def _waiting(self) -> list[tuple[str, Any]]:
        found = []
        for task in self._case.get_tasks(state=TaskState.READY | TaskState.WAITING):
            key = str(task.task_spec.bpmn_id or "").removeprefix(STEP)
            if key in self._table.steps and self._table.steps[key].kind not in ROUTING:
                found.append((key, task))
        return found

    def complete(self, step: str, outcome: str) -> None:
        """Finish a step with what came out of it."""
        task = next(task for key, task in self._waiting() if key == step)
        task.data["outcome"] = outcome
        exit_ = self._table.steps[step].exits.get(outcome)
        if exit_ is not None and exit_.effect == "return":
            task.data["origin"] = step
        task.run()
        self._case.do_engine_steps()

    def late(self, step: str) -> None:
        """The deadline of a step passes."""
        self._case.send_event(BpmnEvent(MessageEventDefinition(f"{LATE}{step}")))
        self._case.do_engine_steps()

    @property
    def case(self) -> BpmnWorkflow:
        """The case as the other engine has it."""
        return self._case

    @property
    def ended(self) -> bool:
        """Whether nothing more can happen."""
        return bool(self._case.is_completed())
