"""The shape of the invented city: a piece of coast cut into cells that meet exactly.

The cells are the Voronoi cells of points spread by Lloyd's method. Every border is drawn once, slightly bent, and the
faces between the borders are the districts: neighbours share the very same coordinates, so there are neither gaps nor
overlaps. Lengths are kilometres from the middle of the city; results are WGS84 degrees with six decimals.
"""

import math
import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import shapely
from shapely.geometry import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, unary_union

#: Middle of the city (longitude, latitude): open coast where no city lies.
MIDDLE: Final = (37.02, 25.62)
_LNG_KM: Final = 111.320 * math.cos(math.radians(MIDDLE[1]))
_LAT_KM: Final = 110.784
_GRID: Final = 1e-6
_ROUNDS: Final = 4
_BEND_STEP_KM: Final = 0.45
_BEND: Final = 0.035
_BEYOND_KM: Final = 0.3

_COAST: Final = (
    (-6.0, -10.0), (-6.5, -8.4), (-7.4, -6.8), (-6.2, -5.4), (-5.1, -4.2), (-5.5, -2.8), (-7.0, -1.9),
    (-8.4, -0.8), (-7.8, 0.5), (-6.3, 1.2), (-4.8, 1.8), (-4.9, 2.8), (-6.6, 3.4), (-7.2, 5.0), (-6.3, 6.4),
    (-7.0, 8.1), (-6.1, 10.2),
)  # fmt: skip
_INLAND: Final = (
    (-1.0, 10.8), (4.0, 10.6), (9.0, 9.4), (11.4, 5.5), (12.0, 0.8), (11.2, -4.2),
    (8.2, -8.6), (2.6, -10.6), (-2.2, -10.4),
)  # fmt: skip


def to_degrees(east: float, north: float) -> tuple[float, float]:
    """Longitude and latitude of a point given in kilometres from the middle."""
    return round(MIDDLE[0] + east / _LNG_KM, 6), round(MIDDLE[1] + north / _LAT_KM, 6)


def land() -> Polygon:
    """The land of the city in kilometres: a coast with a harbour, bays and a headland; straight enough inland."""
    return Polygon([*_smooth(_COAST, 3), *_smooth(_INLAND, 2)])


def _smooth(points: Sequence[tuple[float, float]], times: int) -> list[tuple[float, float]]:
    """Chaikin's corner cutting; the ends stay."""
    line = list(points)
    for _ in range(times):
        cut = [line[0]]
        for (x1, y1), (x2, y2) in pairwise(line):
            cut += [
                (0.75 * x1 + 0.25 * x2, 0.75 * y1 + 0.25 * y2),
                (0.25 * x1 + 0.75 * x2, 0.25 * y1 + 0.75 * y2),
            ]
        line = [*cut, points[-1]]
    return line


def centres(count: int, *, near: tuple[float, float], rng: random.Random) -> list[Point]:
    """`count` points spread over the land, a little closer together around `near` (the old town)."""
    ground = land()
    west, south, east, north = ground.bounds
    points: list[Point] = []
    while len(points) < count:
        point = Point(rng.uniform(west, east), rng.uniform(south, north))
        weight = 0.25 + math.exp(-math.dist((point.x, point.y), near) / 4.0)
        if ground.contains(point) and rng.random() < weight:
            points.append(point)
    for _ in range(_ROUNDS):
        points = [cell.centroid for cell in _raw_cells(points, ground)]
    return points


def _raw_cells(points: Sequence[Point], ground: Polygon) -> list[BaseGeometry]:
    cells = shapely.voronoi_polygons(MultiPoint(points), extend_to=ground.buffer(5), ordered=True)
    return [cell.intersection(ground) for cell in cells.geoms]


def cells(points: Sequence[Point], *, rng: random.Random) -> list[BaseGeometry]:
    """One polygon in degrees for each point; together they are exactly the land."""
    ground = land()
    borders = shapely.voronoi_polygons(MultiPoint(points), extend_to=ground.buffer(5), only_edges=True)
    # A little beyond the land, so that rounding never leaves a border short of the coast.
    inside = unary_union(borders).intersection(ground.buffer(_BEYOND_KM))
    lines = [_bent(line, rng) for line in _lines(inside)]
    outline = Polygon([to_degrees(x, y) for x, y in ground.exterior.coords])
    network = shapely.union_all([*lines, outline.exterior], grid_size=_GRID)
    faces = [face for face in polygonize(network) if outline.contains(face.representative_point())]
    return _one_each(faces, points)


def _lines(shape: BaseGeometry) -> list[LineString]:
    merged = shapely.line_merge(shape)
    parts = getattr(merged, "geoms", [merged])
    segments = []
    for part in parts:
        coords = list(part.coords)
        segments += [LineString(pair) for pair in pairwise(coords)]
    return sorted(segments, key=lambda line: line.coords[0] + line.coords[1])


def _bent(line: LineString, rng: random.Random) -> LineString:
    """The border in degrees, bent slightly as old roads are; its ends stay, since others meet there."""
    pieces = max(1, round(line.length / _BEND_STEP_KM))
    (x1, y1), (x2, y2) = line.coords
    across = ((y1 - y2) / line.length, (x2 - x1) / line.length)
    points = [(x1, y1)]
    for number in range(1, pieces):
        share, aside = number / pieces, rng.uniform(-_BEND, _BEND)
        points.append(
            (x1 + (x2 - x1) * share + across[0] * aside, y1 + (y2 - y1) * share + across[1] * aside)
        )
    return LineString([to_degrees(x, y) for x, y in [*points, (x2, y2)]])


def _one_each(faces: list[Polygon], points: Sequence[Point]) -> list[BaseGeometry]:
    """The faces gathered by the nearest point; a scrap that the coast cut off joins its neighbour."""
    seats = [Point(to_degrees(point.x, point.y)) for point in points]
    groups: list[list[Polygon]] = [[] for _ in points]
    for face in faces:
        middle = face.representative_point()
        groups[min(range(len(seats)), key=lambda number: seats[number].distance(middle))].append(face)
    scraps: list[Polygon] = []
    for group in groups:
        group.sort(key=lambda face: -face.area)
        scraps += group[1:]
        del group[1:]
    for scrap in scraps:
        touching = [group for group in groups if group and shapely.intersection(group[0], scrap).length > 0]
        max(touching, key=lambda group: shapely.intersection(group[0], scrap).length).append(scrap)
    return [shapely.normalize(unary_union(group)) for group in groups]


def across(shape: BaseGeometry, *, angle: float, aside: float) -> LineString | None:
    """A street through a district: the longest piece of a line at an angle, `aside` of the centre, kept inside."""
    middle, reach = shape.centroid, max(shape.bounds[2] - shape.bounds[0], shape.bounds[3] - shape.bounds[1])
    dx, dy = math.cos(angle), math.sin(angle)
    x, y = middle.x - dy * aside * reach, middle.y + dx * aside * reach
    whole = LineString([(x - dx * reach, y - dy * reach), (x + dx * reach, y + dy * reach)])
    cut = whole.intersection(shape.buffer(-0.0012))
    pieces = [
        piece
        for piece in getattr(cut, "geoms", [cut])
        if piece.geom_type == "LineString" and not piece.is_empty
    ]
    return _rounded(max(pieces, key=lambda piece: piece.length)) if pieces else None


def road(points: Sequence[tuple[float, float]]) -> BaseGeometry | None:
    """A road through points given in kilometres, smoothed and kept on the land; its longest piece, in degrees."""
    cut = LineString(_smooth(points, 2)).intersection(land().buffer(-0.15))
    pieces = [
        piece
        for piece in getattr(cut, "geoms", [cut])
        if piece.geom_type == "LineString" and not piece.is_empty
    ]
    if not pieces:
        return None
    longest = max(pieces, key=lambda piece: piece.length)
    return LineString([to_degrees(x, y) for x, y in longest.coords])


def _rounded(line: LineString) -> LineString:
    return LineString([(round(x, 6), round(y, 6)) for x, y in line.coords])
