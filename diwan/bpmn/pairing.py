"""Which gateway gathers the branches that another opens, in a diagram drawn elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from diwan.bpmn.parsing import Diagram, Element

PARALLEL: Final = frozenset({"parallelGateway", "inclusiveGateway"})
Arrows = Mapping[str, Sequence[Element]]


class Pairing:
    """Pairs the foreign gateways of one diagram; what can't be paired is noted as a fault of it.

    ``out``, ``into``: the arrows of each node. ``edges``: host -> the event at its edge.
    """

    def __init__(
        self, diagram: Diagram, out: Arrows, into: Arrows, edges: Mapping[str | None, Element]
    ) -> None:
        self._diagram, self._out, self._in, self._edges = diagram, out, into, edges

    def split_of(self) -> dict[str, str]:
        """Gathering gateway -> the one whose branches it gathers: the nearest that all of them reach."""
        found: dict[str, str] = {}
        opening, gathering = self._foreign()
        away = {node.id: self._distances(node.id) for node in gathering}
        for split in opening:
            starts = [flow.target for flow in self._out[split.id]]
            reached = {
                node.id: max(away[node.id][start] for start in starts)
                for node in gathering
                if node.tag == split.tag and all(start in away[node.id] for start in starts)
            }
            if not reached:
                self._diagram.fault("bpmn.no_join", split)
                continue
            nearest = min(reached, key=lambda name: (reached[name], name))
            if nearest in found:
                self._diagram.fault("bpmn.no_join", split)
            found[nearest] = split.id
        for node in sorted(gathering, key=lambda node: node.id):
            if node.id not in found:
                self._diagram.fault("bpmn.no_split", node)
            elif node.tag == "parallelGateway" and not self._one_arrow_a_branch(found[node.id], node.id):
                self._diagram.fault("bpmn.arrows_at_join", node, name=found[node.id])
        return found

    def _foreign(self) -> tuple[list[Element], list[Element]]:
        """The gateways that open branches, and those that gather them."""
        opening: list[Element] = []
        gathering: list[Element] = []
        for node in self._diagram.nodes.values():
            if node.tag not in PARALLEL or node.step is not None:
                continue
            several_in, several_out = len(self._in[node.id]) > 1, len(self._out[node.id]) > 1
            if several_in and several_out:
                self._diagram.fault("bpmn.mixed_gateway", node)
            elif several_out:
                opening.append(node)
            elif several_in:
                gathering.append(node)
        return opening, gathering

    def _distances(self, end: str) -> dict[str, int]:
        """How many arrows away from ``end`` each node is that leads to it."""
        found, todo = {end: 0}, [end]
        for node in todo:
            for flow in self._in[node]:
                source = self._diagram.nodes[flow.source]
                for before in {source.id, source.host or source.id} - found.keys():
                    if before in self._diagram.nodes:
                        found[before] = found[node] + 1
                        todo.append(before)
        return found

    def _one_arrow_a_branch(self, split: str, join: str) -> bool:
        """Whether each branch comes by an arrow of its own: the gateway waits for every arrow, we for every branch."""
        taken: set[str] = set()
        for flow in self._out[split]:
            arrows = set(self._arrows(flow, join))
            if len(arrows) != 1 or arrows & taken:
                return False
            taken |= arrows
        return len(taken) == len(self._in[join])

    def _arrows(self, first: Element, join: str) -> Iterator[str]:
        """The arrows into ``join`` that a branch reaches."""
        seen: set[str] = set()
        todo = [first]
        for flow in todo:
            if flow.target == join:
                yield flow.id
            elif flow.target not in seen:
                seen.add(flow.target)
                edge = self._edges.get(flow.target)
                todo += [*self._out[flow.target], *(self._out[edge.id] if edge else ())]
