"""`Diagram` -> definition. What Diwan wrote is taken word for word, what others drew by the table of `docs/bpmn.md`.

Where an arrow leads is always read from the diagram, also in a file of ours that was changed elsewhere.
"""

from __future__ import annotations

import re
from typing import Final

from diwan.bpmn.durations import hours_of
from diwan.bpmn.parsing import Diagram, Element
from diwan.bpmn.slots import Plain, Slot, put

HUMAN: Final = frozenset({"task", "userTask", "manualTask"})
WAITING: Final = frozenset({"receiveTask", "intermediateCatchEvent"})
PARALLEL: Final = frozenset({"parallelGateway", "inclusiveGateway"})
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}\Z")
_ACT = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*\Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
DONE: Final = "done"
LATE: Final = "late"


class Reading:
    """Puts one definition together."""

    def __init__(self, diagram: Diagram, role: str) -> None:
        self._diagram, self._role = diagram, role
        self._out: dict[str, list[Element]] = {node: [] for node in diagram.nodes}
        self._in: dict[str, list[Element]] = {node: [] for node in diagram.nodes}
        for flow in diagram.flows.values():
            self._out[flow.source].append(flow)
            self._in[flow.target].append(flow)
        self._edges = {node.host: node for node in diagram.nodes.values() if node.tag == "boundaryEvent"}
        self._keys: dict[str, str] = {}
        self._split_of: dict[str, str] = {}

    def definition(self) -> Plain:
        """The whole."""
        nodes = self._diagram.nodes.values()
        self._pair_gateways()
        for node in nodes:
            if self._is_step(node):
                self._keys[node.id] = self._key(node)
        self._diagram.give_up_if_faulty()
        whole: Plain = {"key": _code(self._diagram.key) or "imported", **(self._diagram.whole or {})}
        start = self._start()
        steps = {self._keys[node.id]: self._step(node) for node in nodes if node.id in self._keys}
        self._diagram.give_up_if_faulty()
        return {**whole, "start": start, "steps": steps}

    def _is_step(self, node: Element) -> bool:
        if node.step is not None:
            return True
        if node.drawn is not None or node.tag in ("startEvent", "boundaryEvent"):
            return False
        if node.tag == "exclusiveGateway":
            return len(self._out[node.id]) > 1 and not self._asks_for_outcome(node)
        return node.tag not in PARALLEL or not self._passes(node)

    def _passes(self, node: Element) -> bool:
        return len(self._in[node.id]) <= 1 and len(self._out[node.id]) == 1

    def _asks_for_outcome(self, gateway: Element) -> bool:
        """A gateway that says what came out of the one step before it, and asks no rule."""
        before = [self._diagram.nodes[flow.source] for flow in self._in[gateway.id]]
        plain = not any(flow.condition for flow in self._out[gateway.id])
        return plain and len(before) == 1 and before[0].tag in HUMAN and len(self._out[before[0].id]) == 1

    def _key(self, node: Element) -> str:
        key = node.step
        if key is None:
            key = _code(node.name) or _code(node.id) or "step"
            taken, number = (
                set(self._keys.values()) | {other.step for other in self._diagram.nodes.values()},
                2,
            )
            first = key
            while key in taken or key in ("origin", "filer", "contested"):
                key, number = f"{first[:60]}_{number}", number + 1
        elif key in self._keys.values():
            self._diagram.fault("bpmn.repeated_step", node, name=key)
        return key

    def _start(self) -> str:
        starts = [node for node in self._diagram.nodes.values() if node.tag == "startEvent"]
        for more in starts[1:]:
            self._diagram.fault("bpmn.one_start", more)
        for start in starts[:1]:
            if len(self._out[start.id]) == 1 and not self._in[start.id]:
                return self._target(self._out[start.id][0])
            self._diagram.fault("bpmn.one_start", start)
        if not starts:
            self._diagram.fault("bpmn.one_start", Element(self._diagram.key, "process", "", None))
        return ""

    def _target(self, flow: Element) -> str:
        """The step that an arrow leads to, past gateways that stand for none."""
        node, seen = self._diagram.nodes[flow.target], set[str]()
        while node.id not in self._keys:
            out = self._out[node.id]
            if node.id in seen:
                self._diagram.fault("bpmn.endless", node)
                return ""
            if len(out) != 1 or node.tag in ("startEvent", "boundaryEvent"):
                self._diagram.fault("bpmn.many_ways_out" if out else "bpmn.no_way_out", node)
                return ""
            seen.add(node.id)
            node = self._diagram.nodes[out[0].target]
        return self._keys[node.id]

    # -- steps

    def _step(self, node: Element) -> Plain:
        step = dict(node.own) if node.step is not None else self._foreign(node)
        ways = self._ways(node)
        if not ways and step.get("kind") != "end" and step.get("resume") != "origin":
            self._diagram.fault("bpmn.no_way_out", node)
        named = 0
        for flow in ways:
            slot = self._slot(node, flow, step, alone=len(ways) == 1, number=named)
            named += slot is not None and slot.place[0] == "actions"
            if slot is not None and not put(step, slot):
                self._diagram.fault("bpmn.two_of_a_slot", flow, name=".".join(map(str, slot.place)))
        self._edge(node, step)
        if step.get("kind") == "decision" and "otherwise" not in step and not step.get("table"):
            self._diagram.fault("bpmn.no_otherwise", node)
        return step

    def _ways(self, node: Element) -> list[Element]:
        """The arrows out of a step: its own, or those of the gateway that says what came out of it."""
        found: list[Element] = []
        for flow in self._out[node.id]:
            behind = self._diagram.nodes[flow.target]
            if flow.drawn is not None and behind.drawn == "outcomes":
                found += self._out[behind.id]
            elif flow.drawn is None:
                asked = behind.tag == "exclusiveGateway" and behind.id not in self._keys
                inside = asked and behind.drawn is None and len(self._out[behind.id]) > 1
                found += self._out[behind.id] if inside else [flow]
        return [flow for flow in found if flow.drawn is None]

    def _slot(self, node: Element, flow: Element, step: Plain, *, alone: bool, number: int) -> Slot | None:
        to, kind = self._target(flow), step["kind"]
        if flow.slot is not None:
            own = dict(flow.own)
            if flow.slot[0] == "branches" and flow.condition and not flow.always and "value" not in own:
                own = {"when": flow.condition, **own}
            return Slot(flow.slot, to, own)
        if kind in ("decision", "split"):
            return self._branch(node, flow, kind, to)
        if kind in ("join", "document", "wait"):
            if not alone:
                self._diagram.fault("bpmn.many_ways_out", node)
            return Slot(("to",), to)
        if kind == "child" and alone:
            return Slot(("otherwise",), to)
        if kind == "automatic":
            return Slot(("outcomes", _code(flow.name) or (DONE if alone else f"outcome_{number + 1}")), to)
        if kind == "end" or len(self._out[node.id]) > 1:
            self._diagram.fault("bpmn.many_ways_out", node)
            return None
        text = flow.name or (node.name if alone else flow.id) or node.id
        key = DONE if alone else (_code(flow.name) or f"outcome_{number + 1}")
        return Slot(("actions", key), to, {"label": {"ar": text, "en": text}})

    def _branch(self, node: Element, flow: Element, kind: str, to: str) -> Slot | None:
        own: Plain = {"why": {"ar": flow.name, "en": flow.name}} if flow.name else {}
        if node.default == flow.id:
            return Slot(("otherwise",), to, own) if kind == "decision" else None
        if kind == "split" and node.tag == "parallelGateway":
            return Slot(("branches", 0), to, own)
        if flow.condition is None:
            self._diagram.fault("bpmn.condition_missing", flow)
            return None
        return Slot(("branches", 0), to, {"when": flow.condition, **own})

    def _edge(self, node: Element, step: Plain) -> None:
        """The timer at the edge of a step."""
        edge = self._edges.get(node.id)
        if edge is None:
            return
        ways = self._out[edge.id]
        if len(ways) != 1:
            self._diagram.fault("bpmn.many_ways_out" if ways else "bpmn.no_way_out", edge)
            return
        way, to = ways[0], self._target(ways[0])
        if way.slot is not None:
            put(step, Slot(way.slot, to, way.own))
        elif edge.drawn is not None and "silence" in step:
            outcome = step["silence"].get("outcome", "")
            if step.get("actions", {}).get(outcome, {}).get("to") != to:
                self._diagram.fault("bpmn.silence_elsewhere", edge, name=outcome)
        else:
            self._foreign_edge(edge, step, to)

    def _foreign_edge(self, edge: Element, step: Plain, to: str) -> None:
        amount = hours_of(edge.duration or "")
        if amount is None:
            self._diagram.fault("bpmn.duration", edge, name=edge.duration or "")
            return
        step["deadline"] = {"amount": amount, "unit": "elapsed_hours"}
        text = {"ar": edge.name or edge.id, "en": edge.name or edge.id}
        if step["kind"] == "wait":
            step["on_late"] = to
        elif step["kind"] == "task":
            step["deadline"]["late"] = [{"at": 100, "act": "silence"}]
            step["silence"] = {"outcome": LATE, "text": text}
            step.setdefault("actions", {})[LATE] = {"to": to, "label": text}
        else:
            self._diagram.fault("bpmn.not_executed", edge)

    def _foreign(self, node: Element) -> Plain:
        """A step that Diwan has not drawn: its kind by its shape, its texts from its name."""
        name = node.name or node.id
        text = {"ar": name, "en": name}
        public = node.documentation or name
        said = {"title": text, "public": {"ar": public, "en": public}}
        if node.tag in HUMAN:
            lane = self._diagram.lanes.get(node.id, "")
            return {"kind": "task", **said, "role": lane if _CODE.match(lane) else self._role}
        if node.tag == "intermediateCatchEvent" and node.duration is not None:
            return {"kind": "wait", **said, "until": self._until(node)}
        if node.tag == "callActivity":
            service = (node.calls or "").strip()
            if not service:
                self._diagram.fault("bpmn.no_called", node)
            return {"kind": "child", **said, "service": service}
        if node.tag in WAITING:
            return {
                "kind": "wait",
                **said,
                "message": _code(node.message or name) or _code(node.id) or "message",
            }
        if node.tag == "serviceTask":
            if not _ACT.match(node.name):
                self._diagram.fault("bpmn.no_act", node)
            return {"kind": "automatic", **said, "act": node.name}
        if node.tag == "businessRuleTask":
            self._diagram.fault("bpmn.no_table", node)
        if node.tag == "endEvent":
            ends = {"kind": "end", **said, "state": "closed"}
            return ends | ({"terminates": True} if node.terminates else {})
        titled = {"title": text} if node.name else {}
        if node.tag in PARALLEL:
            if len(self._out[node.id]) > 1:
                return {"kind": "split", **titled}
            return {"kind": "join", **titled, "of": self._keys.get(self._split_of.get(node.id, ""), "")}
        return {"kind": "decision", **titled}

    def _until(self, node: Element) -> str:
        """The day for which a timer waits: its date, or so many whole days from the day on which it begins to wait."""
        day = _DAY.match(node.date or "")
        if day is not None:
            return f'date("{day[0]}")'
        hours = hours_of(node.duration or "")
        if hours is None or hours % 24:
            self._diagram.fault("bpmn.timer", node, name=node.date or node.duration or "")
        return f"today + days({(hours or 24) // 24})"

    # -- branches

    def _pair_gateways(self) -> None:
        """The gateway that gathers the branches of each one that opens some: the nearest that all of them reach."""
        foreign = [
            node for node in self._diagram.nodes.values() if node.tag in PARALLEL and node.step is None
        ]
        opening: list[Element] = []
        gathering: set[str] = set()
        for node in foreign:
            several_in, several_out = len(self._in[node.id]) > 1, len(self._out[node.id]) > 1
            if several_in and several_out:
                self._diagram.fault("bpmn.mixed_gateway", node)
            elif several_out:
                opening.append(node)
            elif several_in:
                gathering.add(node.id)
        for split in opening:
            reached = [self._distances(flow.target) for flow in self._out[split.id]]
            shared = set.intersection(*(set(found) for found in reached)) & gathering
            alike = [name for name in shared if self._diagram.nodes[name].tag == split.tag]
            if not alike:
                self._diagram.fault("bpmn.no_join", split)
                continue
            nearest = min(alike, key=lambda name: (max(found[name] for found in reached), name))
            if nearest in self._split_of:
                self._diagram.fault("bpmn.no_join", split)
            self._split_of[nearest] = split.id
        for name in sorted(gathering - set(self._split_of)):
            self._diagram.fault("bpmn.no_split", self._diagram.nodes[name])

    def _distances(self, start: str) -> dict[str, int]:
        found, todo = {start: 0}, [start]
        for node in todo:
            edge = self._edges.get(node)
            for flow in (*self._out[node], *(self._out[edge.id] if edge else ())):
                if flow.target not in found:
                    found[flow.target] = found[node] + 1
                    todo.append(flow.target)
        return found


def _code(text: str) -> str | None:
    """A code from a name: ``Task 1`` -> ``task_1``; None where no Latin letter begins it."""
    code = re.sub(r"[^a-z0-9._-]+", "_", text.strip().lower()).strip("_")[:64]
    return code if _CODE.match(code) else (text if _CODE.match(text) else None)
