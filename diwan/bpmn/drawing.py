"""Definition -> `Picture`: which shape stands for which kind of step, and which arrows its ways out become."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from diwan.bpmn.picture import GATEWAYS, Flow, Node, Picture
from diwan.bpmn.slots import LATE, Slot, take
from diwan.flow.table import ORIGIN

Plain = dict[str, Any]
Titles = Callable[[str], str]

SHAPES: Final[Mapping[str, str]] = {
    "task": "userTask", "visit": "userTask", "vote": "userTask", "applicant": "userTask", "choice": "userTask",
    "party": "userTask", "outside": "userTask", "chain": "userTask", "child": "callActivity",
    "each": "parallelGateway", "automatic": "serviceTask", "document": "serviceTask",
    "payment": "receiveTask", "wait": "receiveTask", "decision": "exclusiveGateway", "end": "endEvent",
}  # fmt: skip
"""Kind of step -> BPMN element. A decision by table is a businessRuleTask; splits and joins are gateways by use."""
LANES: Final[Mapping[str, str]] = {
    "applicant": "applicant", "choice": "applicant", "payment": "applicant", "party": "party", "outside": "outside",
}  # fmt: skip
SYSTEM: Final = "system"
START: Final = "StartEvent"
"""Not `Start`: other engines keep that name for themselves."""


class _Drawing:
    """Collects nodes and flows of one definition."""

    def __init__(self, definition: Mapping[str, Any], language: str, titles: Titles) -> None:
        self._steps: Mapping[str, Any] = definition["steps"]
        self._language, self._titles = language, titles
        self.nodes: list[Node] = []
        self.flows: list[Flow] = []
        self.whole = {key: value for key, value in definition.items() if key not in ("steps", "start")}
        self.node(START, "startEvent", SYSTEM, drawn="start")
        self.flow(START, definition["start"], slot=Slot(("start",), definition["start"]))
        for key, step in self._steps.items():
            self._draw(key, step)
        for key, step in self._steps.items():
            if step["kind"] == "join" and self._element(step) == "parallelGateway":
                self._gather(key, self._steps[step["of"]])

    def node(self, id_: str, element: str, lane: str, **more: Any) -> None:
        self.nodes.append(Node(id_, element, lane, **more))

    def flow(self, source: str, step: str, **more: Any) -> None:
        self.flows.append(Flow(f"Flow_{len(self.flows) + 1}", source, node_of(step), **more))

    def _text(self, found: Any) -> str:
        return str(found[self._language]) if found else ""

    def _draw(self, key: str, step: Plain) -> None:
        own, slots = take(step)
        kind, node = step["kind"], node_of(key)
        element, lane = self._element(step), lane_of(step)
        waits = step.get("message", kind) if element == "receiveTask" else None
        late = [
            slot
            for slot in slots
            if slot.place[0] == "on_date" or (slot.place[0] in LATE and "deadline" in own)
        ]
        others = [slot for slot in slots if slot not in late]
        if Slot(("resume",), ORIGIN) in others:
            others.remove(Slot(("resume",), ORIGIN))
            own["resume"] = ORIGIN
        ends = bool(step.get("terminates"))
        self.node(
            node, element, lane, name=self._name(key, step), step=key, own=own, message=waits, terminates=ends,
            timer=step["until"] if element == "intermediateCatchEvent" else None, calls=step.get("service"),
        )  # fmt: skip
        self._late(key, step, late, lane)
        if "resume" in own:
            self._origins(key, lane)
        source = node
        if len(others) > 1 and element not in GATEWAYS:
            source = f"Outcomes_{key}"
            self.node(source, "exclusiveGateway", lane, drawn="outcomes")
            self.flows.append(Flow(f"Flow_{len(self.flows) + 1}", node, source))
        for slot in others:
            self._way(source, slot, kind, asked=source != node)
        if element == "inclusiveGateway" and kind == "split":
            self.flow(node, self._join(key), default=True)

    def _name(self, key: str, step: Plain) -> str:
        """The title; of an end without one its first sentence, of a step its key, of a gateway nothing."""
        title = self._text(step.get("title"))
        if title or step["kind"] in ("split", "each", "join"):
            return title
        return self._text(step["public"]).split(".")[0] if step["kind"] == "end" else key

    def _way(self, source: str, slot: Slot, kind: str, *, asked: bool) -> None:
        """One way out; ``asked``: behind a gateway that asks what came out of the step."""
        name, default = str(slot.place[0]), slot.place[0] == "otherwise"
        label = self._text(slot.own.get("label")) or self._text(slot.own.get("why"))
        condition = None
        if name == "branches":
            condition = slot.own.get("when")
            if "value" in slot.own:
                condition = f"outcome == '{slot.own['value']}'"
            elif condition is None and kind == "split" and self._conditional(source):
                condition = "true"
        elif asked and not default:
            outcome = slot.place[1] if len(slot.place) > 1 else name
            condition = f"outcome == '{outcome}'"
        self.flow(source, slot.to, name=label, slot=slot, condition=condition, default=default)

    def _conditional(self, node: str) -> bool:
        return any(known.id == node and known.element == "inclusiveGateway" for known in self.nodes)

    def _late(self, key: str, step: Plain, late: list[Slot], lane: str) -> None:
        """A timer at the edge: the way of lateness, or the outcome that silence means."""
        deadline, silence = step.get("deadline"), step.get("silence")
        if not (late or (deadline and silence)):
            return
        id_ = f"Late_{key}"
        timer = f"{deadline['amount']} {deadline['unit']}" if deadline else str(step["until"])
        self.node(id_, "boundaryEvent", lane, drawn="late", host=node_of(key), timer=timer)
        for slot in late:
            self.flow(id_, slot.to, name=self._text(slot.own.get("label")), slot=slot)
        if silence:
            exit_ = step["actions"][silence["outcome"]]
            self.flow(id_, exit_["to"])

    def _origins(self, key: str, lane: str) -> None:
        """A resubmission goes back to the step that returned the case: one arrow to each that can."""
        id_ = f"Origins_{key}"
        self.node(id_, "exclusiveGateway", lane, drawn="origins")
        self.flows.append(Flow(f"Flow_{len(self.flows) + 1}", node_of(key), id_))
        for other, step in self._steps.items():
            back = (item for item in step.get("actions", {}).values() if item.get("effect") == "return")
            if any(item["to"] == key for item in back):
                self.flow(id_, other, condition=f"origin == '{other}'")

    def _gather(self, join: str, split: Plain) -> None:
        """A gateway that waits for all its arrows gets one a branch: several ways out of a branch come together first.

        An engine that reads the sheet would wait for each of them otherwise.
        """
        starts = [branch["to"] for branch in split["branches"]] if "branches" in split else [split["to"]]
        inside = [self._reached(node_of(start), node_of(join)) for start in starts]
        coming = [flow for flow in self.flows if flow.target == node_of(join)]
        for number, nodes in enumerate(inside, 1):
            same = [flow for flow in coming if flow.source in nodes]
            if len(same) < 2:
                continue
            merge = f"Merge_{join}_{number}"
            self.node(merge, "exclusiveGateway", lane_of(self._steps[join]), drawn="merge")
            self.flows = [replace(flow, target=merge) if flow in same else flow for flow in self.flows]
            self.flow(merge, join)

    def _reached(self, start: str, end: str) -> set[str]:
        """The shapes from one on, up to another."""
        found, todo = {start}, [start]
        for node in todo:
            hosted = [each.id for each in self.nodes if each.host == node]
            after = [flow.target for flow in self.flows if flow.source == node]
            for each in (*hosted, *after):
                if each not in found and each != end:
                    found.add(each)
                    todo.append(each)
        return found

    def _element(self, step: Plain) -> str:
        kind = step["kind"]
        if kind == "decision" and step.get("table"):
            return "businessRuleTask"
        if kind == "join":
            return self._element(self._steps[step["of"]])
        if kind == "wait" and "message" not in step:
            return "intermediateCatchEvent"
        if kind == "split":
            return (
                "inclusiveGateway"
                if any("when" in branch for branch in step["branches"])
                else "parallelGateway"
            )
        return SHAPES[kind]

    def _join(self, split: str) -> str:
        return next(
            key for key, step in self._steps.items() if step["kind"] == "join" and step["of"] == split
        )


def node_of(step: str) -> str:
    """The id of the shape of a step."""
    return f"Step_{step}"


def lane_of(step: Plain) -> str:
    """The lane of a step: the role that acts, or who else does."""
    return str(step.get("role") or LANES.get(step["kind"], SYSTEM))


def draw(definition: Mapping[str, Any], *, language: str, titles: Titles) -> Picture:
    """The picture of a definition that compiles, as `diwan.flow.definition_of` writes it."""
    drawing = _Drawing(definition, language, titles)
    lanes = {lane: titles(lane) for lane in dict.fromkeys(node.lane for node in drawing.nodes)}
    return Picture(str(definition["key"]), tuple(drawing.nodes), tuple(drawing.flows), lanes, drawing.whole)
