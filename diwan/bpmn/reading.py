"""`Diagram` -> definition. What Diwan wrote is taken word for word, what others drew by the table of `docs/bpmn.md`.

Where an arrow leads is always read from the diagram, also in a file of ours that was changed elsewhere.
"""

from __future__ import annotations

import itertools
import re
from datetime import date
from typing import Final

from diwan.bpmn.arrows import check_arrows, check_cel, check_reached
from diwan.bpmn.durations import hours_of
from diwan.bpmn.errors import refused
from diwan.bpmn.pairing import PARALLEL, Pairing
from diwan.bpmn.parsing import NAMELESS, Diagram, Element
from diwan.bpmn.slots import Plain, Slot, put
from diwan.flow.compiler import MAX_STEPS

HUMAN: Final = frozenset({"task", "userTask", "manualTask"})
WAITING: Final = frozenset({"receiveTask", "intermediateCatchEvent"})
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}\Z")
_ACT = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*\Z")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T00:00(?::00(?:\.0+)?)?)?\Z", re.ASCII)
"""A day, or its very beginning; another hour would be another moment than the one that we wait for."""
_KEPT: Final = ("origin", "filer", "contested", "followed")
"""Words that mean something else where a step can be named."""
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
        self._taken = {*_KEPT, *(node.step for node in diagram.nodes.values())}
        self._next: dict[str, int] = {}
        self._split_of: dict[str, str] = {}

    def definition(self) -> Plain:
        """The whole."""
        nodes = [node for node in self._diagram.nodes.values() if self._is_step(node)]
        if len(nodes) > MAX_STEPS:
            raise refused("bpmn.too_many_steps", self._diagram.process.line, most=MAX_STEPS)
        self._split_of = Pairing(self._diagram, self._out, self._in, self._edges).split_of()
        for node in nodes:
            self._keys[node.id] = self._key(node)
        self._diagram.give_up_if_faulty()
        whole: Plain = {"key": _code(self._diagram.key) or "imported", **(self._diagram.whole or {})}
        start = self._start()
        steps = {self._keys[node.id]: self._step(node) for node in nodes}
        check_arrows(self._diagram, self._out)
        if start:
            check_reached(self._diagram, self._out)
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
            key = first = _code(node.name) or _code(node.id) or "step"
            while key in self._taken:
                self._next[first] = self._next.get(first, 1) + 1
                key = f"{first[:60]}_{self._next[first]}"
            self._taken.add(key)
        elif key in self._keys.values():
            self._diagram.fault("bpmn.repeated_step", node, name=key)
        return key

    def _start(self) -> str:
        starts = [node for node in self._diagram.nodes.values() if node.tag == "startEvent"]
        for more in starts[1:]:
            self._diagram.fault("bpmn.one_start", more)
        for start in starts[:1]:
            if len(self._out[start.id]) == 1:
                return self._target(self._out[start.id][0])
            self._diagram.fault("bpmn.one_start", start)
        if not starts:
            self._diagram.fault("bpmn.one_start", self._diagram.process)
        return ""

    def _target(self, flow: Element) -> str:
        """The step that an arrow leads to, past gateways that stand for none."""
        node, seen = self._diagram.nodes[flow.target], set[str]()
        while node.id not in self._keys:
            out = self._out[node.id]
            if node.id in seen:
                self._diagram.fault("bpmn.endless", node)
                return ""
            if node.tag in ("startEvent", "boundaryEvent"):
                return ""
            if len(out) != 1:
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
        if (
            node.tag == "inclusiveGateway"
            and node.step is None
            and step["kind"] == "split"
            and not node.default
        ):
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
        if kind == "automatic" and len(self._out[node.id]) == 1:
            return Slot(("outcomes", _code(flow.name) or (DONE if alone else f"outcome_{number + 1}")), to)
        if kind == "end":
            return None
        if kind == "automatic" or len(self._out[node.id]) > 1:
            self._diagram.fault("bpmn.many_ways_out", node)
            return None
        text = flow.name or (node.name if alone else flow.id) or node.id
        key = DONE if alone else (_code(flow.name) or f"outcome_{number + 1}")
        return Slot(("actions", key), to, {"label": {"ar": text, "en": text}})

    def _branch(self, node: Element, flow: Element, kind: str, to: str) -> Slot | None:
        own: Plain = {"why": {"ar": flow.name, "en": flow.name}} if flow.name else {}
        if node.default == flow.id and kind == "decision":
            return Slot(("otherwise",), to, own)
        if node.default == flow.id and node.tag == "inclusiveGateway":
            return self._when_no_other(node, flow, to, own)
        if kind == "split" and node.tag == "parallelGateway":
            return Slot(("branches", 0), to, own)
        if flow.condition is None:
            self._diagram.fault("bpmn.condition_missing", flow)
            return None
        return Slot(("branches", 0), to, {"when": flow.condition, **own})

    def _when_no_other(self, node: Element, flow: Element, to: str, own: Plain) -> Slot | None:
        """The default of a gateway that opens branches: straight to its join, or a branch when no other is taken."""
        joins = [self._keys[join] for join, split in self._split_of.items() if split == node.id]
        if to in joins:
            return None
        others = [other.condition for other in self._out[node.id] if other is not flow]
        when = " && ".join(f"!({condition})" for condition in others)
        check_cel(self._diagram, flow, when)
        return Slot(("branches", 0), to, {"when": when, **own})

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
            self._diagram.fault("bpmn.duration", edge, name=edge.date or edge.duration or NAMELESS)
            return
        step["deadline"] = {"amount": amount, "unit": "elapsed_hours"}
        text = {"ar": edge.name or edge.id, "en": edge.name or edge.id}
        if step["kind"] == "wait":
            step["on_late"] = to
        elif step["kind"] == "task":
            actions = step.setdefault("actions", {})
            names = itertools.chain((LATE,), (f"{LATE}_{number}" for number in itertools.count(2)))
            late = next(name for name in names if name not in actions)
            step["deadline"]["late"] = [{"at": 100, "act": "silence"}]
            step["silence"] = {"outcome": late, "text": text}
            actions[late] = {"to": to, "label": text}
        else:
            self._diagram.fault("bpmn.no_edge", edge, name=edge.host)

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
        day = _day(node.date or "")
        if day is not None:
            return f'date("{day}")'
        hours = hours_of(node.duration or "")
        if hours is None or hours % 24:
            self._diagram.fault("bpmn.timer", node, name=node.date or node.duration or NAMELESS)
        return f"today + days({(hours or 24) // 24})"


def _day(text: str) -> str | None:
    """The day of a timer's date; None for anything that is none."""
    match = _DAY.match(text)
    try:
        return None if match is None else date.fromisoformat(match[1]).isoformat()
    except ValueError:
        return None


def _code(text: str) -> str | None:
    """A code from a name: ``Task 1`` -> ``task_1``; None where no Latin letter begins it."""
    code = re.sub(r"[^a-z0-9._-]+", "_", text.strip().lower()).strip("_")[:64]
    return code if _CODE.match(code) else (text if _CODE.match(text) else None)
