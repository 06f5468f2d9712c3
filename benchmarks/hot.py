"""The hot path: short slices of each side of a ratio, one after the other, many times.

What disturbs the machine disturbs both sides alike; a ratio is that of the sums over all slices.
"""

import json
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Final

from benchmarks import house, load, reference
from benchmarks.figures import AT_LEAST, AT_MOST, Figure
from benchmarks.house import Web
from benchmarks.statements import Cost, Meter
from diwan.project.launch import cluster as embedded
from diwan.project.launch.install import Install
from diwan.project.launch.phases import phase

SAMPLE: Final = 40
"""Requests over which statements and buffers are counted."""
WARMING: Final = 60
READ_WARMING: Final = 300
"""Reads are warmed until each process has met every service among them: it reads a service once and remembers it."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One kind of request of the hot path."""

    name: str
    status: int
    source: Iterator[bytes]


@dataclass
class Rounds:
    """What the rounds gave: by name, requests a second of each round; processor time and cost of a request."""

    rates: dict[str, list[float]] = field(default_factory=dict)
    cpu_us: dict[str, list[float]] = field(default_factory=dict)
    costs: dict[str, Cost] = field(default_factory=dict)

    def add(self, name: str, rate: float, cpu_us: float | None = None) -> None:
        """Keep one measurement."""
        self.rates.setdefault(name, []).append(rate)
        if cpu_us is not None:
            self.cpu_us.setdefault(name, []).append(cpu_us)

    def rate(self, name: str) -> float:
        """The mean rate: every slice lasts equally long."""
        return statistics.fmean(self.rates[name])

    def cpu(self, name: str) -> float:
        """The median processor time of one request, in microseconds."""
        return statistics.median(self.cpu_us[name])

    def ratio(self, name: str, to: str) -> float:
        """How the rates compare over all slices."""
        return self.rate(name) / self.rate(to)


def needed(*, rounds: int, seconds: float) -> int:
    """How many applications to make ready for the API and for the form: enough for a fast machine."""
    return int(rounds * seconds * 900) + WARMING + SAMPLE


def sides(made: Mapping[str, Any]) -> list[Side]:
    """The four kinds of requests."""
    return [
        Side(name="empty view", status=200, source=cycle(made["empty"])),
        Side(name="status JSON", status=200, source=cycle(made["status"])),
        Side(name="submit API", status=201, source=iter(made["api"])),
        Side(name="submit form", status=302, source=iter(made["form"])),
    ]


def measure(
    install: Install, database: str, web: Web, made: Mapping[str, Any], *, rounds: int, seconds: float
) -> list[Figure]:
    """The figures of the hot path on one database."""
    url = install.cluster.url(embedded.APP, database)
    meter = Meter(house.superuser(install, database))
    found, asked = Rounds(), sides(made)
    with phase("Warming up, counting statements"):
        for side in asked:
            _send(web, side, READ_WARMING if side.status == 200 else WARMING)
            meter.reset()
            _send(web, side, SAMPLE)
            found.costs[side.name] = meter.read(SAMPLE)
    for number in range(rounds):
        with phase(f"Hot path, round {number + 1} of {rounds}"):
            meter.execute("CHECKPOINT")
            for _ in range(int(seconds)):
                rate = reference.cases_per_second(
                    url, made["reference"], connections=web.connections, seconds=1
                )
                found.add("reference", rate)
                for side in asked:
                    _slice(web, side, found)
            _open_sets(install, database, web, found, seconds)
    meter.close()
    return list(_figures(found))


def _slice(web: Web, side: Side, found: Rounds) -> None:
    """One second of one kind of request."""
    before = web.cpu_seconds()
    outcome = load.run(web.port, side.source, status=side.status, connections=web.connections, seconds=1)
    found.add(side.name, outcome.per_second, (web.cpu_seconds() - before) / outcome.requests * 1e6)


def _open_sets(install: Install, database: str, web: Web, found: Rounds, seconds: float) -> None:
    """Sets of 500 from as many processes as the web server has, each on one connection."""
    printed = house.run_inside(install, database, "opening", "--seconds", str(seconds), times=web.workers)
    opened = [json.loads(text) for text in printed]
    found.add(
        "open 500",
        sum(one["cases"] for one in opened) / max(one["seconds"] for one in opened),
        statistics.fmean(one["cpu_us"] for one in opened),
    )


def _send(web: Web, side: Side, count: int) -> None:
    """So many requests, one after the other per connection."""
    batch = [next(side.source) for _ in range(count)]
    load.run(web.port, iter(batch), status=side.status, connections=web.connections, seconds=60)


def _figures(found: Rounds) -> Iterator[Figure]:
    yield _compared(found, "status_json_vs_empty_view", "status JSON", "empty view", 0.45)
    yield _compared(found, "submit_api_vs_reference", "submit API", "reference", 0.15)
    yield _compared(found, "submit_form_vs_reference", "submit form", "reference", 0.08)
    yield Figure(
        name="open_set500_per_s", value=found.rate("open 500"), unit="cases/s", sense=AT_LEAST, bound=2500,
        compared_with="reference", compared_value=found.rate("reference"), cpu_us=found.cpu("open 500"),
        note="a process and a connection for each process of the web server; the bound is on the value",
    )  # fmt: skip
    for name, side, most in (
        ("statements_status_json", "status JSON", 1),
        ("statements_submit_form", "submit form", 8),
    ):
        yield Figure(
            name=name, value=found.costs[side].statements, unit="a request", sense=AT_MOST, bound=most
        )


def _compared(found: Rounds, name: str, side: str, to: str, bound: float) -> Figure:
    cost = found.costs[side]
    return Figure(
        name=name, value=found.rate(side), unit="requests/s", compared_with=to, compared_value=found.rate(to),
        ratio=found.ratio(side, to), sense=AT_LEAST, bound=bound, statements=cost.statements, buffers=cost.buffers,
        cpu_us=found.cpu(side),
    )  # fmt: skip
