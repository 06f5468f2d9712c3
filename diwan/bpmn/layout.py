"""Where everything stands on the sheet: lanes from top to bottom, steps in columns by their distance from the start.

Arrows run in channels: across in the gutter above a row, down in the gap beside a column, so that none crosses a shape.
Arrows to the same target share their channel. The same picture always gives the same sheet.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from diwan.bpmn.picture import EVENTS, GATEWAYS, Flow, Node, Picture

Box = tuple[int, int, int, int]
"""x, y, width, height."""
Point = tuple[int, int]

TASK, EVENT, GATEWAY = (120, 80), (36, 36), (50, 50)
HEADER = 60
"""Width of the headings of pool and lanes."""
TRACK, MARGIN, TOP = 10, 30, 40


@dataclass(slots=True)
class Sheet:
    """Boxes of nodes and lanes, the box of the whole, and the corners of each arrow."""

    nodes: dict[str, Box] = field(default_factory=dict)
    lanes: dict[str, Box] = field(default_factory=dict)
    whole: Box = (0, 0, 0, 0)
    flows: dict[str, list[Point]] = field(default_factory=dict)


def size_of(node: Node) -> tuple[int, int]:
    """Width and height of a shape."""
    if node.element in EVENTS:
        return EVENT
    return GATEWAY if node.element in GATEWAYS else TASK


def columns(picture: Picture) -> dict[str, int]:
    """The column of each node: its longest way from the start, arrows that lead back left aside."""
    host = {node.id: node.host or node.id for node in picture.nodes}
    back_again = {node.id for node in picture.nodes if node.drawn == "origins"}
    follow: dict[str, list[str]] = defaultdict(list)
    for flow in picture.flows:
        if flow.source not in back_again:
            follow[host[flow.source]].append(flow.target)
    order: list[str] = []
    back: set[tuple[str, str]] = set()
    state: dict[str, int] = {}
    for node in picture.nodes:
        if node.host is None and node.id not in state:
            _visit(node.id, follow, state, order, back)
    column = dict.fromkeys(order, 0)
    for node_id in reversed(order):
        for to in follow[node_id]:
            if (node_id, to) not in back:
                column[to] = max(column[to], column[node_id] + 1)
    return column


def _visit(
    first: str,
    follow: dict[str, list[str]],
    state: dict[str, int],
    order: list[str],
    back: set[tuple[str, str]],
) -> None:
    """Depth first without recursion; ``order`` is filled from the end, ``back`` with arrows to what is on the way."""
    state[first] = 1
    path = [(first, iter(follow[first]))]
    while path:
        node, others = path[-1]
        for to in others:
            if state.get(to) == 1:
                back.add((node, to))
            elif to not in state:
                state[to] = 1
                path.append((to, iter(follow[to])))
                break
        else:
            state[node] = 2
            order.append(node)
            path.pop()


@dataclass(slots=True)
class _Channels:
    """Tracks of arrows: one for each target in each gap or gutter that it uses."""

    tracks: dict[tuple[str, int], dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def use(self, kind: str, place: int, target: str) -> None:
        known = self.tracks[(kind, place)]
        known.setdefault(target, len(known))

    def width(self, kind: str, place: int) -> int:
        return 2 * MARGIN + TRACK * max(0, len(self.tracks[(kind, place)]) - 1)

    def offset(self, kind: str, place: int, target: str) -> int:
        return MARGIN + TRACK * self.tracks[(kind, place)][target]


def lay_out(picture: Picture) -> Sheet:
    """The sheet of a picture."""
    column = columns(picture)
    row, rows_of_lane = _rows(picture, column)
    channels = _Channels()
    nodes = {node.id: node for node in picture.nodes}
    ways = [(flow, _way(flow, nodes, column, row, channels)) for flow in picture.flows]
    sheet = Sheet()
    last_column, last_row = max(column.values(), default=0), sum(rows_of_lane.values())
    left = _starts(HEADER, last_column + 1, TASK[0], lambda at: channels.width("gap", at))
    top = _starts(0, last_row, TASK[1], lambda at: channels.width("gutter", at))
    end = (
        left[-1] + TASK[0] + channels.width("gap", last_column + 1),
        top[-1] + TASK[1] + channels.width("gutter", last_row),
    )
    for node in picture.nodes:
        if node.host is None:
            width, height = size_of(node)
            x, y = left[column[node.id]], top[row[node.id]]
            sheet.nodes[node.id] = (x + (TASK[0] - width) // 2, y + (TASK[1] - height) // 2, width, height)
    for node in picture.nodes:
        if node.host is not None:
            x, y, width, height = sheet.nodes[node.host]
            sheet.nodes[node.id] = (x + width - 30 - EVENT[0] // 2, y + height - EVENT[1] // 2, *EVENT)
    _lanes(sheet, rows_of_lane, top, end, channels)
    for flow, kind in ways:
        sheet.flows[flow.id] = _corners(flow, kind, nodes, column, row, sheet, channels, left, top)
    return sheet


def _starts(first: int, count: int, size: int, gap: Callable[[int], int]) -> list[int]:
    """Where each column or row begins, behind the channel before it."""
    found, at = [], first
    for index in range(count):
        at += gap(index)
        found.append(at)
        at += size
    return found


def _rows(picture: Picture, column: dict[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """The row of each node over all lanes, and how many rows each lane has."""
    row: dict[str, int] = {}
    rows_of_lane: dict[str, int] = {}
    above = 0
    for lane in picture.lanes:
        taken: set[tuple[int, int]] = set()
        inside = [node for node in picture.nodes if node.lane == lane and node.host is None]
        for node in sorted(inside, key=lambda node: column[node.id]):
            here = next(at for at in itertools.count() if (column[node.id], at) not in taken)
            taken.add((column[node.id], here))
            row[node.id] = above + here
        rows_of_lane[lane] = 1 + max((at for _, at in taken), default=0)
        above += rows_of_lane[lane]
    return row, rows_of_lane


def _way(
    flow: Flow, nodes: dict[str, Node], column: dict[str, int], row: dict[str, int], channels: _Channels
) -> str:
    """How an arrow runs: ``straight``, ``step`` (down in one gap), ``around`` (through a gutter) or ``below``."""
    source, target = nodes[flow.source], flow.target
    at, to = column[source.host or source.id], column[target]
    from_row, to_row = row[source.host or source.id], row[target]
    if source.host is not None:
        channels.use("gutter", from_row + 1, target)
        channels.use("gap", to, target)
        return "below"
    if to == at + 1:
        if from_row == to_row:
            return "straight"
        channels.use("gap", to, target)
        return "step"
    channels.use("gap", at + 1, target)
    channels.use("gutter", to_row, target)
    channels.use("gap", to, target)
    return "around"


def _corners(
    flow: Flow,
    kind: str,
    nodes: dict[str, Node],
    column: dict[str, int],
    row: dict[str, int],
    sheet: Sheet,
    channels: _Channels,
    left: list[int],
    top: list[int],
) -> list[Point]:
    x, y, width, height = sheet.nodes[flow.source]
    tx, ty, _, theight = sheet.nodes[flow.target]
    begin, end = (x + width, y + height // 2), (tx, ty + theight // 2)
    source, target = nodes[flow.source], flow.target

    def gap(at: int) -> int:
        start = left[at - 1] + TASK[0] if at > 0 else HEADER
        return start + channels.offset("gap", at, target)

    def gutter(at: int) -> int:
        start = top[at - 1] + TASK[1] if at > 0 else 0
        return start + channels.offset("gutter", at, target)

    to = column[target]
    if kind == "straight":
        return [begin, end]
    if kind == "step":
        return [begin, (gap(to), begin[1]), (gap(to), end[1]), end]
    if kind == "below":
        begin = (x + width // 2, y + height)
        across = gutter(row[source.host or source.id] + 1)
        return [begin, (begin[0], across), (gap(to), across), (gap(to), end[1]), end]
    out, across = gap(column[source.id] + 1), gutter(row[target])
    return [begin, (out, begin[1]), (out, across), (gap(to), across), (gap(to), end[1]), end]


def _lanes(
    sheet: Sheet, rows_of_lane: dict[str, int], top: list[int], end: Point, channels: _Channels
) -> None:
    """Each lane from the gutter above its first row to that of the next lane."""
    bounds: list[int] = []
    at = 0
    for count in rows_of_lane.values():
        bounds.append(0 if at == 0 else top[at] - MARGIN // 2)
        at += count
    bounds.append(end[1])
    for lane, (upper, lower) in zip(rows_of_lane, itertools.pairwise(bounds), strict=True):
        sheet.lanes[lane] = (HEADER // 2, upper, end[0] - HEADER // 2, lower - upper)
    sheet.whole = (0, 0, end[0], end[1])


def corners(points: Iterable[Point]) -> list[Point]:
    """Corners without those that lie on a straight line between their neighbours."""
    kept: list[Point] = []
    for point in points:
        if len(kept) > 1 and (
            kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]
        ):
            kept[-1] = point
        elif not kept or kept[-1] != point:
            kept.append(point)
    return kept
