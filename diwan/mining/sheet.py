"""The drawing of a workflow with what was measured on it, as shapes for a page. Pure.

Laid out as the exported diagram is, turned round for a language that runs from right to left.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from diwan.bpmn.drawing import draw
from diwan.bpmn.layout import Box, Point, corners, lay_out
from diwan.bpmn.picture import EVENTS, GATEWAYS, Flow, Node, Picture
from diwan.flow import Table
from diwan.flow.definition import definition_of
from diwan.mining.arrows import counts_of
from diwan.mining.figures import Figures, StepFigures
from diwan.mining.taken import taken

HEATS: Final = 4
"""Shades by share of the time; 0 is none."""
WIDTHS: Final = 4
_FOOT: Final = 30
"""Room for words under the lowest shapes."""
_SIDE, _EDGE = 44, 12
"""Room for words beside the outermost events, and above and below everything."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape. ``form``: box, gateway or event. ``heat``: 0 to `HEATS`. ``figures``: what was measured at it."""

    form: str
    x: int
    y: int
    width: int
    height: int
    title: str
    heat: int
    figures: StepFigures | None
    bold: bool = False
    sign: str = ""

    @property
    def middle(self) -> Point:
        """Its centre."""
        return self.x + self.width // 2, self.y + self.height // 2

    @property
    def diamond(self) -> str:
        """The corners of a gateway."""
        x, y = self.middle
        return f"{x},{self.y} {self.x + self.width},{y} {x},{self.y + self.height} {self.x},{y}"


@dataclass(frozen=True, slots=True)
class Arrow:
    """One arrow: its corners, how often it was taken (None: not known), how thick it is drawn (1 to `WIDTHS`)."""

    points: str
    count: int | None
    width: int
    at: Point


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole sheet: the box that it fills, its shapes and arrows."""

    box: Box
    shapes: Sequence[Shape]
    arrows: Sequence[Arrow]


def drawing_of(table: Table, figures: Figures, *, language: str, from_right: bool) -> Drawing:
    """The drawing of what was taken of a workflow."""
    whole = draw(definition_of(table), language=language, titles=str)
    picture, counts = taken(whole, counts_of(whole, table, figures), figures)
    sheet = lay_out(picture)
    turn = _Turn(sheet.whole[2], from_right)
    most = max((step.share for step in figures.steps.values()), default=0.0)
    shapes = [_shape(node, turn.box(sheet.nodes[node.id]), figures, most) for node in picture.nodes]
    ways = {flow.id: [turn.point(point) for point in corners(sheet.flows[flow.id])] for flow in picture.flows}
    arrows = [_arrow(flow, ways[flow.id], picture, counts, figures.opened) for flow in picture.flows]
    return Drawing(_bounds(shapes, ways.values()), shapes, arrows)


def _bounds(shapes: Sequence[Shape], ways: Iterable[Sequence[Point]]) -> Box:
    """The box around everything, with room for the words under events."""
    points = [point for way in ways for point in way]
    points += [(shape.x, shape.y) for shape in shapes]
    points += [(shape.x + shape.width, shape.y + shape.height + _FOOT) for shape in shapes]
    left, right = min(x for x, _ in points) - _SIDE, max(x for x, _ in points) + _SIDE
    top, bottom = min(y for _, y in points) - _EDGE, max(y for _, y in points) + _EDGE
    return left, top, right - left, bottom - top


@dataclass(frozen=True, slots=True)
class _Turn:
    """Places on a sheet that is read from the other side."""

    width: int
    from_right: bool

    def box(self, box: Box) -> Box:
        x, y, width, height = box
        return (self.width - x - width if self.from_right else x, y, width, height)

    def point(self, point: Point) -> Point:
        return (self.width - point[0] if self.from_right else point[0], point[1])


def _shape(node: Node, box: Box, figures: Figures, most: float) -> Shape:
    form = "event" if node.element in EVENTS else "gateway" if node.element in GATEWAYS else "box"
    found = figures.steps.get(node.step) if node.step is not None else None
    if found is None and form == "box" and node.step in figures.waiting:
        found = _only_waiting(node.step or "", figures.waiting[node.step or ""])
    heat = math.ceil(HEATS * found.share / most) if found is not None and most > 0 else 0
    sign = "+" if node.element == "parallelGateway" else "○" if node.element == "inclusiveGateway" else ""
    return Shape(form, *box, node.name, heat, found, bold=node.element == "endEvent", sign=sign)


def _only_waiting(key: str, waiting: int) -> StepFigures:
    """A step at which cases stand and which none has left."""
    return StepFigures(key, "", "", 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0, waiting=waiting)


def _arrow(
    flow: Flow, points: Sequence[Point], picture: Picture, counts: Mapping[str, int], opened: int
) -> Arrow:
    count = counts.get(flow.id)
    width = 1 if not count or not opened else max(1, min(WIDTHS, math.ceil(WIDTHS * count / opened)))
    return Arrow(" ".join(f"{x},{y}" for x, y in points), count, width, _label(flow, points, picture))


def _label(flow: Flow, points: Sequence[Point], picture: Picture) -> Point:
    """Where the number stands: where the arrow is alone, at its beginning, at its end, or on its longest part."""
    (x, y), (to_x, _) = points[0], points[1]
    if sum(other.source == flow.source for other in picture.flows) == 1:
        return x + (16 if to_x >= x else -16), y - 5
    (from_x, _), (x, y) = points[-2], points[-1]
    if sum(other.target == flow.target for other in picture.flows) == 1:
        return x + (22 if from_x > x else -22), y - 5
    one, two = max(itertools.pairwise(points), key=lambda ends: math.dist(*ends))
    return (one[0] + two[0]) // 2, (one[1] + two[1]) // 2 - 5
