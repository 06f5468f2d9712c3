"""What is asked of every arrow and shape that another tool drew, before steps are made of them."""

from __future__ import annotations

from typing import Final

from diwan.bpmn.names import CEL
from diwan.bpmn.parsing import Diagram, Element
from diwan.rules import CelType, RuleError, compile_expression
from diwan.rules.errors import AS_SAID

ASKING: Final = frozenset({"exclusiveGateway", "inclusiveGateway"})
"""Gateways whose ways out have conditions."""
HOSTS: Final = frozenset({"task", "userTask", "manualTask", "receiveTask"})
"""Shapes that can have a timer at their edge."""
UNKNOWN_NAMES: Final = frozenset({"rules.unknown_name", "rules.type", "rules.invalid"})
"""What only the service's variables decide: checked when the service is."""
MOST_SHOWN: Final = 80
"""Characters of a condition that a refusal repeats."""


def check_arrows(diagram: Diagram, out: dict[str, list[Element]]) -> None:
    """Note conditions that nobody asks or that are no CEL, arrows into a start or out of an end, timers of no host."""
    for flow in diagram.flows.values():
        source, target = diagram.nodes[flow.source], diagram.nodes[flow.target]
        if source.tag == "endEvent":
            diagram.fault("bpmn.ends", source)
        if target.tag in ("startEvent", "boundaryEvent"):
            diagram.fault("bpmn.no_way_in", target)
        if flow.condition and flow.drawn is None:
            _condition(diagram, flow, source, asked=len(out[source.id]) > 1)
    hosts: set[str] = set()
    for node in diagram.nodes.values():
        if node.default is not None and node.default not in {flow.id for flow in out[node.id]}:
            diagram.fault("bpmn.dangling", node, name=node.default)
        if node.tag != "boundaryEvent" or node.host is None:
            continue
        if node.host in hosts:
            diagram.fault("bpmn.one_timer", node, name=node.host)
        elif node.drawn is None and diagram.nodes[node.host].tag not in HOSTS:
            diagram.fault("bpmn.no_edge", node, name=node.host)
        hosts.add(node.host)


def _condition(diagram: Diagram, flow: Element, source: Element, *, asked: bool) -> None:
    if flow.slot is None:
        if source.tag not in ASKING or not asked or source.default == flow.id:
            diagram.fault("bpmn.condition_elsewhere", flow)
            return
    elif flow.slot[0] != "branches" or flow.always or "value" in flow.own:
        return
    check_cel(diagram, flow, flow.condition or "")


def check_cel(diagram: Diagram, flow: Element, text: str) -> None:
    """Note a condition that is none in CEL, whatever its variables are."""
    try:
        if flow.language not in (None, CEL):
            raise RuleError(AS_SAID, code="rules.syntax", said="another language")
        compile_expression(text, {}, CelType.DYN)
    except RuleError as error:
        if error.code not in UNKNOWN_NAMES:
            shown = text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"
            diagram.fault("bpmn.condition", flow, name=shown)


def check_reached(diagram: Diagram, out: dict[str, list[Element]]) -> None:
    """Note what no arrow ever leads to. What Diwan has drawn can be reached by the rules of the whole case too."""
    foreign = [node for node in diagram.nodes.values() if node.step is None and node.drawn is None]
    todo = [
        node
        for node in diagram.nodes.values()
        if node.tag == "startEvent" or node.step is not None or node.drawn is not None
    ]
    edges: dict[str | None, list[Element]] = {}
    for node in diagram.nodes.values():
        if node.tag == "boundaryEvent":
            edges.setdefault(node.host, []).append(node)
    seen = {node.id for node in todo}
    for node in todo:
        after = [diagram.nodes[flow.target] for flow in out[node.id]]
        for each in (*after, *edges.get(node.id, ())):
            if each.id not in seen:
                seen.add(each.id)
                todo.append(each)
    for node in foreign:
        if node.id not in seen:
            diagram.fault("bpmn.never_reached", node)
