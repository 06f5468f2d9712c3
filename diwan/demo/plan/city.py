"""The plan of the ground: municipalities, districts, streets and landmarks."""

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Final

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from diwan.demo.plan import shapes
from diwan.demo.plan.source import generator, read

DISTRICTS: Final = 66
LOCAL_STREETS: Final = 3
#: Since when the organisation and its borders stand.
FOUNDED: Final = date(2010, 1, 1)
#: The day on which one district passed from one municipality to its neighbour.
MOVED_ON: Final = date(2026, 1, 1)
#: Days before the day of loading since when a municipality offers the services; the last one goes live later.
LIVE: Final = {"101": 5000, "102": 5000, "103": 300, "104": 210, "105": -45}
AMANAH: Final = ("000", "أمانة مدينة المرسى", "Marsa City Amanah")


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality: code, names, city class (1 to 5) and its seat in degrees (longitude, latitude)."""

    code: str
    name_ar: str
    name_en: str
    city_class: int
    seat: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Quarter:
    """A district: its shape and municipality; `former` is the municipality it belonged to until MOVED_ON.

    `use` is the land use of all of it: cells that are generated know no blocks.
    """

    code: str
    name_ar: str
    name_en: str
    town: str
    shape: BaseGeometry
    former: str = ""
    use: str = "mixed"


@dataclass(frozen=True, slots=True)
class Way:
    """A named street or road with its line in degrees; `quarter` is empty for a road through the city."""

    name_ar: str
    name_en: str
    line: BaseGeometry
    quarter: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place people name, in degrees."""

    kind: str
    name_ar: str
    name_en: str
    lng: float
    lat: float


@dataclass(frozen=True, slots=True)
class Ground:
    """All of it. Towns by code; quarters in the order of their codes."""

    towns: Mapping[str, Town]
    quarters: tuple[Quarter, ...]
    ways: tuple[Way, ...]
    marks: tuple[Mark, ...]

    def quarters_of(self, town: str) -> list[Quarter]:
        """Districts that belong to the municipality today."""
        return [quarter for quarter in self.quarters if quarter.town == town]

    def ways_of(self, quarter: str) -> list[Way]:
        """Local streets of a district."""
        return [way for way in self.ways if way.quarter == quarter]


@cache
def ground() -> Ground:
    """The ground of the demo city; the same on every call."""
    rng = generator(0)
    data = read("places")
    towns = {row["code"]: _town(row) for row in data["municipalities"]}
    quarters = _with_uses(_quarters(data["municipalities"], rng), data["land_use"])
    return Ground(
        towns=towns,
        quarters=quarters,
        ways=(*_roads(data["roads"], rng), *_streets(quarters, rng)),
        marks=(*_known_marks(data["landmarks"]), *_local_marks(quarters, rng)),
    )


def _town(row: Mapping[str, Any]) -> Town:
    seat = shapes.to_degrees(*row["at"])
    return Town(row["code"], row["name"]["ar"], row["name"]["en"], row["city_class"], seat)


def _quarters(rows: list[Mapping[str, Any]], rng: random.Random) -> tuple[Quarter, ...]:
    """Cells given to the nearest seat; the code counts from the seat outwards."""
    points = shapes.centres(DISTRICTS, near=tuple(rows[0]["at"]), rng=rng)
    cells = shapes.cells(points, rng=rng)
    seats = {row["code"]: Point(row["at"]) for row in rows}
    groups: dict[str, list[tuple[float, BaseGeometry]]] = {code: [] for code in seats}
    for point, cell in zip(points, cells, strict=True):
        code = min(seats, key=lambda known: seats[known].distance(point))
        groups[code].append((seats[code].distance(point), cell))
    made = []
    for row in rows:
        near_first = sorted(groups[row["code"]], key=lambda pair: pair[0])
        for number, ((_, cell), (name_ar, name_en)) in enumerate(
            zip(near_first, row["districts"], strict=False), 1
        ):
            made.append(Quarter(f"{row['code']}-{number:02}", name_ar, name_en, row["code"], cell))
    return _with_one_moved(made)


def _with_uses(quarters: tuple[Quarter, ...], uses: Mapping[str, list[str]]) -> tuple[Quarter, ...]:
    by_name = {name: use for use, names in uses.items() for name in names}
    return tuple(replace(quarter, use=by_name.get(quarter.name_ar, quarter.use)) for quarter in quarters)


def _with_one_moved(quarters: list[Quarter]) -> tuple[Quarter, ...]:
    """The outermost district of the third municipality that touches the first one now belongs to the first."""
    centre = [quarter.shape for quarter in quarters if quarter.town == "101"]
    neighbours = [
        quarter
        for quarter in quarters
        if quarter.town != "101"
        and any(shapely.intersection(quarter.shape, shape).length > 0 for shape in centre)
    ]
    chosen = min(neighbours, key=lambda quarter: (quarter.town != "103", -int(quarter.code[4:])))
    moved = Quarter(
        chosen.code, chosen.name_ar, chosen.name_en, town="101", shape=chosen.shape, former=chosen.town
    )
    return tuple(moved if quarter is chosen else quarter for quarter in quarters)


def _roads(data: Mapping[str, Any], rng: random.Random) -> Iterator[Way]:
    along, across = data["along"], data["across"]
    for number, (name_ar, name_en) in enumerate(along):
        east = -5.8 + number * 17.0 / len(along)
        line = shapes.road([(east + rng.uniform(-0.5, 0.5), north) for north in range(-11, 13, 3)])
        if line is not None:
            yield Way(name_ar, name_en, line)
    for number, (name_ar, name_en) in enumerate(across):
        north = -9.0 + number * 19.0 / len(across)
        line = shapes.road([(east, north + rng.uniform(-0.5, 0.5)) for east in range(-9, 14, 3)])
        if line is not None:
            yield Way(name_ar, name_en, line)


def _streets(quarters: tuple[Quarter, ...], rng: random.Random) -> Iterator[Way]:
    names = iter(read("streets")["streets"])
    for quarter in quarters:
        turn = rng.uniform(0, math.pi)
        for number in range(LOCAL_STREETS):
            line = shapes.across(
                quarter.shape, angle=turn + (number % 2) * math.pi / 2, aside=(number - 1) * 0.18
            )
            if line is not None:
                name_ar, name_en = next(names)
                yield Way(f"شارع {name_ar}", f"{name_en} Street", line, quarter.code)


def _known_marks(rows: list[Any]) -> Iterator[Mark]:
    for kind, name_ar, name_en, east, north in rows:
        yield Mark(kind, name_ar, name_en, *shapes.to_degrees(east, north))


def _local_marks(quarters: tuple[Quarter, ...], rng: random.Random) -> Iterator[Mark]:
    """A mosque in each district, and one or two of the places a district has."""
    others = (
        ("school", "مدرسة {} الابتدائية", "{} Primary School"),
        ("park", "حديقة {}", "{} Park"),
        ("clinic", "مركز صحي {}", "{} Health Centre"),
        ("market", "سوق {}", "{} Market"),
        ("fuel", "محطة وقود {}", "{} Petrol Station"),
    )
    for number, quarter in enumerate(quarters):
        chosen = (
            ("mosque", "جامع {}", "{} Mosque"),
            others[number % 5],
            *((others[(number + 2) % 5],) * (number % 2)),
        )
        for kind, name_ar, name_en in chosen:
            lng, lat = point_in(quarter.shape, rng)
            yield Mark(kind, name_ar.format(quarter.name_ar), name_en.format(quarter.name_en), lng, lat)


def point_in(shape: BaseGeometry, rng: random.Random) -> tuple[float, float]:
    """A point (longitude, latitude) well inside a shape."""
    inner = shape.buffer(-0.002)
    west, south, east, north = inner.bounds
    for _ in range(200):
        point = Point(round(rng.uniform(west, east), 6), round(rng.uniform(south, north), 6))
        if inner.contains(point):
            return point.x, point.y
    middle = shape.representative_point()
    return round(middle.x, 6), round(middle.y, 6)
