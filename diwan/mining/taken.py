"""The drawing of what was taken: a workflow's picture without what no case came to. Pure.

The exported diagram shows everything that can happen, by lanes. Here one looks for where the time goes: shapes that
only ask what came out of a step, edges of deadlines and ways that nobody took are left out, and all stand in one lane.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from diwan.bpmn.drawing import START
from diwan.bpmn.picture import GATEWAYS, Flow, Node, Picture
from diwan.mining.figures import Figures

_BESIDE = frozenset({"outcomes", "origins", "late"})
"""Shapes that we drew beside a step: their arrows become the step's own."""


def taken(picture: Picture, counts: Mapping[str, int], figures: Figures) -> tuple[Picture, dict[str, int]]:
    """The smaller picture, and how often its arrows were taken."""
    own = {
        node.id: node.host or f"Step_{node.id.split('_', 1)[-1]}"
        for node in picture.nodes
        if node.drawn in _BESIDE
    }
    merging = {node.id for node in picture.nodes if node.drawn == "merge"}
    behind = {flow.source: flow.target for flow in picture.flows if flow.source in merging}
    flows: dict[tuple[str, str], list[Flow]] = {}
    for flow in picture.flows:
        if flow.source in merging:
            continue
        source = own.get(flow.source, flow.source)
        target = behind.get(flow.target) or own.get(flow.target, flow.target)
        inner = flow.target in own  # from a step to the shape beside it
        if not inner and counts.get(flow.id, 1):
            flows.setdefault((source, target), []).append(
                replace(flow, source=source, target=target, slot=None)
            )
    kept = _reached(picture, flows, figures)
    merged, known = [], {}
    for (source, target), same in flows.items():
        if source in kept and target in kept:
            merged.append(replace(same[0], default=False))
            if all(flow.id in counts for flow in same):
                known[same[0].id] = sum(counts[flow.id] for flow in same)
    nodes = [replace(node, lane="") for node in picture.nodes if node.id in kept]
    return Picture(picture.key, tuple(nodes), tuple(merged), {"": ""}), known


def _reached(picture: Picture, flows: Mapping[tuple[str, str], list[Flow]], figures: Figures) -> set[str]:
    """Steps and ends that cases came to, and the gateways between two of them."""
    seen = {node.id for node in picture.nodes if _seen(node, figures)}
    forward, back = _walk(seen, flows), _walk(seen, {(to, at): same for (at, to), same in flows.items()})
    between = {node.id for node in picture.nodes if node.drawn is None and _passed(node)}
    return seen | (between & forward & back)


def _passed(node: Node) -> bool:
    """Whether cases only pass the shape, on their way to another."""
    return node.element in GATEWAYS or node.element == "businessRuleTask"


def _seen(node: Node, figures: Figures) -> bool:
    return node.id == START or (node.step is not None and figures.entered(node.step) > 0)


def _walk(begin: set[str], flows: Mapping[tuple[str, str], list[Flow]]) -> set[str]:
    """What can be reached from shapes that were seen, over ways that were taken."""
    found, todo = set(begin), list(begin)
    while todo:
        at = todo.pop()
        for source, target in flows:
            if source == at and target not in found:
                found.add(target)
                todo.append(target)
    return found
