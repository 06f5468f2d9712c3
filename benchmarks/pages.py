"""Pages for the people of the skew, on a small and on a large database at the same time, request by request in turn."""

import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any, Final

from benchmarks import load
from benchmarks.figures import AT_MOST, Figure
from benchmarks.house import Web
from benchmarks.statements import Cost, Meter, usual
from diwan.project.launch.phases import phase

REQUESTS: Final = 120
WARMING: Final = 25
TURNS: Final = 7
COUNTED: Final = 10
"""Statements are counted in turns of so many requests, the sizes in turn; their time is that of the median turn."""
NOISE_MS: Final = 0.05
"""Statements quicker than this are not compared by time: the clock of the server is not finer."""
FEW_BUFFERS: Final = 20
"""Statements that touch fewer pages than this grow by one level of an index; they count in the sum only."""
LIMITS: Final = {"queue": 12, "case": 12, "status": 6, "my": 12}


@dataclass(frozen=True, kw_only=True)
class Place:
    """A web server on a database of some size, and the server's counters."""

    web: Web
    meter: Meter
    requests: Mapping[str, Sequence[bytes]]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One page at both sizes: median time in milliseconds, and the cost of a request."""

    name: str
    small_ms: float
    large_ms: float
    small: Cost
    large: Cost

    @property
    def growth(self) -> float:
        """How much longer it takes at the large size."""
        return self.large_ms / self.small_ms

    def as_data(self) -> dict[str, Any]:
        """For the JSON file, statement by statement."""
        return {
            "page": self.name, "small_ms": self.small_ms, "large_ms": self.large_ms,
            "small": self.small.as_data(), "large": self.large.as_data(),
        }  # fmt: skip


def measure(small: Place, large: Place) -> list[Measured]:
    """Every page, first timed in turn on both, then counted on each."""
    with phase("Pages at both sizes"):
        return [_page(name, small, large) for name in small.requests]


def _page(name: str, small: Place, large: Place) -> Measured:
    places = (small, large)
    connections = [load.Connection(place.web.port) for place in places]
    sources = [cycle(place.requests[name]) for place in places]
    times: list[list[float]] = [[], []]
    for number in range(WARMING + REQUESTS):
        for side in (0, 1) if number % 2 else (1, 0):
            took = _timed(connections[side], next(sources[side]))
            if number >= WARMING:
                times[side].append(took * 1000)
    costs: list[list[Cost]] = [[], []]
    for _turn in range(TURNS):
        for connection, source, place, turns in zip(connections, sources, places, costs, strict=True):
            place.meter.reset()
            for _ in range(COUNTED):
                _timed(connection, next(source))
            turns.append(place.meter.read(COUNTED))
    for connection in connections:
        connection.close()
    return Measured(
        name=name,
        small_ms=statistics.median(times[0]),
        large_ms=statistics.median(times[1]),
        small=usual(costs[0]),
        large=usual(costs[1]),
    )


def _timed(connection: load.Connection, raw: bytes) -> float:
    began = time.perf_counter()
    status, answer = connection.ask(raw)
    took = time.perf_counter() - began
    if status != 200:
        raise load.LoadError(f"{raw[:80]!r} answered {status}: {answer[:1500].decode(errors='replace')}")
    return took


def figures(measured: Sequence[Measured], *, small: int, large: int) -> Iterator[Figure]:
    """Every page with its statements, then the worst growth of page, of time and of buffers of a statement."""
    for page in measured:
        most = next(limit for word, limit in LIMITS.items() if page.name.startswith(word))
        yield Figure(
            name=f"page: {page.name}", value=page.large_ms, unit="ms p50", compared_with=f"{small:,} cases",
            compared_value=page.small_ms, ratio=page.growth, sense=AT_MOST, bound=1.3,
            statements=page.large.statements, buffers=page.large.buffers, note=f"{page.large.ms:.2f} ms in statements",
        )  # fmt: skip
        yield Figure(
            name=f"statements: {page.name}",
            value=page.large.statements,
            unit="a request",
            sense=AT_MOST,
            bound=most,
        )
    sizes = f"{small:,} to {large:,} cases"
    worst = max(measured, key=lambda page: page.growth)
    yield Figure(
        name="growth_page", value=worst.large_ms, unit="ms p50", compared_with=sizes, compared_value=worst.small_ms,
        ratio=worst.growth, sense=AT_MOST, bound=1.3, note=worst.name,
    )  # fmt: skip
    for unit, pairs in (("ms", list(_times(measured))), ("buffers", list(_buffers(measured)))):
        before, after, query = max(pairs, key=lambda pair: pair[1] / pair[0])
        yield Figure(
            name=f"growth_statement_{unit}", value=after, unit=unit, compared_with=sizes, compared_value=before,
            ratio=after / before, sense=AT_MOST, bound=1.5, note=query,
        )  # fmt: skip


def _pairs(measured: Sequence[Measured]) -> Iterator[tuple[Any, Any]]:
    for page in measured:
        known = {one.query: one for one in page.small.listed}
        for one in page.large.listed:
            if one.query in known:
                yield known[one.query], one


def _times(measured: Sequence[Measured]) -> Iterator[tuple[float, float, str]]:
    for page in measured:
        yield page.small.ms, page.large.ms, f"all statements of: {page.name}"
    for before, after in _pairs(measured):
        if after.ms / after.calls >= NOISE_MS:
            yield max(before.ms, NOISE_MS), after.ms, after.query


def _buffers(measured: Sequence[Measured]) -> Iterator[tuple[float, float, str]]:
    for page in measured:
        yield page.small.buffers, page.large.buffers, f"all statements of: {page.name}"
    for before, after in _pairs(measured):
        if after.buffers / after.calls >= FEW_BUFFERS:
            yield max(before.buffers, 1.0), after.buffers, after.query
