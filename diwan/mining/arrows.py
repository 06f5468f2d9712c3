"""How often each arrow of the drawing was taken. Pure.

Ways out of a step and of a rule are counted as they were written down. What no row names (the ways of a split, behind
a join, back to whoever returned a case) follows from the rest: as much leaves a shape as comes to it. An arrow that
can't be told apart stays without a number.
"""

from __future__ import annotations

from collections.abc import Mapping

from diwan.bpmn.drawing import START
from diwan.bpmn.picture import Flow, Node, Picture
from diwan.flow import Table
from diwan.flow.table import EXPIRED, ISSUED, LATE, NO_QUORUM, OTHERWISE, PAID, REACHED
from diwan.mining.figures import Figures

_OUTCOMES = {
    "on_paid": (PAID,), "on_expired": (EXPIRED,), "on_late": (LATE, EXPIRED), "no_quorum": (NO_QUORUM,),
    "on_date": (REACHED,), "otherwise": (OTHERWISE,),
}  # fmt: skip
_PLAIN = (ISSUED, REACHED, "resubmitted")


def counts_of(picture: Picture, table: Table, figures: Figures) -> dict[str, int]:
    """Arrow id -> how often it was taken, for those that are known."""
    nodes = {node.id: node for node in picture.nodes}
    known = {
        flow.id: count for flow in picture.flows if (count := _noted(flow, nodes, table, figures)) is not None
    }
    whole = {node.id: count for node in picture.nodes if (count := _comes(node, table, figures)) is not None}
    joins = frozenset(node.id for node in picture.nodes if _kind(node, table) == "join")
    while _conclude(picture, joins, known, whole):
        pass
    return known


def _noted(flow: Flow, nodes: Mapping[str, Node], table: Table, figures: Figures) -> int | None:
    """What is written down of one arrow."""
    source = nodes[flow.source]
    if flow.source == START:
        return figures.opened
    if flow.slot is None:
        return None
    key = _step_of(source)
    step = table.steps.get(key)
    if step is None:
        return None
    name = str(flow.slot.place[0])
    if step.kind in ("decision", "split"):
        if name == "branches" and step.kind == "split" and flow.condition in (None, "true"):
            return None
        return figures.decisions.get(key, {}).get(flow.slot.to, 0) if _alone(flow, table) else None
    outcomes = figures.outcomes.get(key, {})
    if name in ("actions", "outcomes"):
        return outcomes.get(str(flow.slot.place[1]), 0)
    if step.kind in ("join", "each"):
        return None
    wanted = _OUTCOMES.get(name) or (*_PLAIN, step.message or ISSUED)
    return sum(outcomes.get(outcome, 0) for outcome in dict.fromkeys(wanted))


def _kind(node: Node, table: Table) -> str:
    step = table.steps.get(node.step) if node.step is not None else None
    return "" if step is None else step.kind


def _step_of(node: Node) -> str:
    """The step that a shape belongs to, also one that we drew beside it."""
    return node.step or node.id.split("_", 1)[-1]


def _alone(flow: Flow, table: Table) -> bool:
    """Whether no other branch of the same rule leads to the same step."""
    step = table.steps[flow.source.removeprefix("Step_")]
    assert flow.slot is not None
    ways = [branch.to for branch in step.branches] + ([step.otherwise] if step.otherwise else [])
    return ways.count(flow.slot.to) == 1


def _comes(node: Node, table: Table, figures: Figures) -> int | None:
    """How often a shape was reached, where rows say so."""
    if node.drawn == "start":
        return figures.opened
    step = table.steps.get(node.step) if node.step is not None else None
    if step is None or step.kind in ("split", "join"):
        return None
    if step.kind in ("decision", "each"):
        return sum(figures.decisions.get(step.key, {}).values())
    return figures.entered(step.key)


def _conclude(picture: Picture, joins: frozenset[str], known: dict[str, int], whole: dict[str, int]) -> bool:
    """One round of what follows from the rest; whether anything did."""
    before = len(known) + len(whole)
    for node in picture.nodes:
        if node.id not in joins:
            _balance(node.id, [flow for flow in picture.flows if flow.target == node.id], known, whole)
        leaving = [flow for flow in picture.flows if flow.source == node.id]
        if node.element == "parallelGateway" and len(leaving) > 1:  # all ways are taken, and as often
            for flow in leaving:
                if node.id in whole:
                    known.setdefault(flow.id, whole[node.id])
                elif flow.id in known:
                    whole[node.id] = known[flow.id]
        elif node.drawn == "merge" and node.id in whole:
            known.setdefault(leaving[0].id, whole[node.id])
        elif node.drawn in ("outcomes", "origins") and all(flow.id in known for flow in leaving):
            whole.setdefault(node.id, sum(known[flow.id] for flow in leaving))
    return len(known) + len(whole) > before


def _balance(node: str, coming: list[Flow], known: dict[str, int], whole: dict[str, int]) -> None:
    """What comes to a shape is the sum of its arrows: find the one that is missing, or the sum."""
    missing = [flow for flow in coming if flow.id not in known]
    there = sum(known[flow.id] for flow in coming if flow.id in known)
    if node in whole and len(missing) == 1:
        known[missing[0].id] = max(0, whole[node] - there)
    elif coming and not missing:
        whole.setdefault(node, there)


def inside_each(table: Table) -> frozenset[str]:
    """Steps that a case comes to once for each of a list: those between an each and its join."""
    found: set[str] = set()
    todo = [step.next for step in table.steps.values() if step.kind == "each" and step.next]
    while todo:
        key = todo.pop()
        step = table.steps.get(key)
        if step is None or key in found or step.kind in ("end", "join"):
            continue
        found.add(key)
        todo += [exit_.to for exit_ in step.exits.values()] + [branch.to for branch in step.branches]
        todo += [step.otherwise] if step.otherwise else []
    return frozenset(found)
