"""A workflow as a picture for the page: the same sheet as the BPMN file, drawn without a script."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from diwan.bpmn.drawing import draw, node_of
from diwan.bpmn.layout import Box, Point, corners, lay_out
from diwan.bpmn.picture import GATEWAYS, Flow, Node
from diwan.flow import Table
from diwan.flow.definition import definition_of

_SIGNS = {"exclusiveGateway": "\u00d7", "parallelGateway": "+", "inclusiveGateway": "\u25cb"}
_LABEL = 34
"""Characters of a word beside an arrow."""


def to_svg(
    table: Table,
    *,
    label: str,
    language: str = "ar",
    titles: Mapping[str, str] | None = None,
    counts: Mapping[str, int] | None = None,
) -> str:
    """An `<svg>` element, every text escaped, with classes and no styles.

    ``label``: its name for those who don't see it; ``titles``: names of lanes by role code; ``counts``: step -> number
    shown at its corner.
    """
    known = titles or {}
    picture = draw(definition_of(table), language=language, titles=lambda lane: known.get(lane, lane))
    sheet = lay_out(picture)
    numbers = {node_of(step): count for step, count in (counts or {}).items()}
    width, height = sheet.whole[2] + 2, sheet.whole[3] + 2
    head = (
        f'<svg class="flow-picture" role="img" aria-label="{escape(label)}" width="{width}" height="{height}"'
        f' viewBox="-1 -1 {width} {height}" xmlns="http://www.w3.org/2000/svg">'
    )
    parts = [head, *(_lane(sheet.lanes[lane], name) for lane, name in picture.lanes.items())]
    parts += [_arrow(flow, corners(sheet.flows[flow.id])) for flow in picture.flows]
    parts += [_node(node, sheet.nodes[node.id], numbers.get(node.id)) for node in picture.nodes]
    return "".join([*parts, "</svg>"])


def _lane(box: Box, name: str) -> str:
    x, y, width, height = box
    middle = y + height // 2
    return (
        f'<g class="flow-lane"><rect x="{x}" y="{y}" width="{width}" height="{height}"/>'
        f'<text x="{x + 18}" y="{middle}" transform="rotate(-90 {x + 18} {middle})">{escape(name)}</text></g>'
    )


def _arrow(flow: Flow, points: list[Point]) -> str:
    line = " ".join(f"{x},{y}" for x, y in points)
    (fx, fy), (tx, ty) = points[-2], points[-1]
    if fx == tx:
        step = -8 if ty > fy else 8
        head = f"{tx},{ty} {tx - 4},{ty + step} {tx + 4},{ty + step}"
    else:
        step = -8 if tx > fx else 8
        head = f"{tx},{ty} {tx + step},{ty - 4} {tx + step},{ty + 4}"
    name = flow.name if len(flow.name) <= _LABEL else flow.name[: _LABEL - 1] + "\u2026"
    (x, y), told = points[0], ""
    if name:
        told = f'<text x="{x + 6}" y="{y - 5}">{escape(name)}</text>'
    return f'<g class="flow-arrow"><polyline points="{line}"/><polygon points="{head}"/>{told}</g>'


def _node(node: Node, box: Box, count: int | None) -> str:
    x, y, width, height = box
    middle_x, middle_y = x + width // 2, y + height // 2
    if node.element in GATEWAYS:
        corners_ = f"{middle_x},{y} {x + width},{middle_y} {middle_x},{y + height} {x},{middle_y}"
        shape = (
            f'<polygon points="{corners_}"/>'
            f'<text class="flow-sign" x="{middle_x}" y="{middle_y + 6}">{_SIGNS[node.element]}</text>'
        )
        text = _words(node.name, x - 40, y + height, width + 80, 34)
    elif node.element in ("startEvent", "endEvent", "boundaryEvent"):
        shape = f'<circle cx="{middle_x}" cy="{middle_y}" r="{width // 2}"/>'
        text = _words(node.name, x - 42, y + height, width + 84, 44)
    else:
        shape = f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8"/>'
        text = _words(node.name, x + 2, y + 2, width - 4, height - 4)
    told = "" if not count else _count(x + width, y, count)
    return f'<g class="flow-node flow-{node.element}">{shape}{text}{told}</g>'


def _words(text: str, x: int, y: int, width: int, height: int) -> str:
    """A text that wraps in its box, in the direction of its own letters."""
    if not text:
        return ""
    return (
        f'<foreignObject x="{x}" y="{y}" width="{width}" height="{height}">'
        f'<div xmlns="http://www.w3.org/1999/xhtml" class="flow-words"><span dir="auto">{escape(text)}</span></div>'
        "</foreignObject>"
    )


def _count(x: int, y: int, count: int) -> str:
    width = 18 + 8 * len(str(count))
    return (
        f'<g class="flow-count"><rect x="{x - width + 8}" y="{y - 12}" width="{width}" height="24" rx="12"/>'
        f'<text x="{x + 8 - width // 2}" y="{y + 5}">{count}</text></g>'
    )
