"""`python -m benchmarks [--quick] [--json FILE]`: measure everything, print the table, name every missed bound.

Times never fail anything: the exit status is 0 when all was measured. `--only` engine, hot, near, pages, search,
webhooks or verify measures one part, `--keep` leaves the databases for looking at plans.
"""

import argparse
import json
import os
import pickle
import platform
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks import bulk, engine, figures, hot, house, pages, reports, verifying
from benchmarks.figures import AT_LEAST, AT_MOST, Figure
from benchmarks.statements import Meter
from diwan.project.launch import binaries
from diwan.project.launch.install import Install
from diwan.project.launch.phases import phase, say

LARGE: Final = "large"
NEAR: Final = "near"
OPEN_REPORTS: Final = 200_000
SMALL_CASES: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is measured."""

    large_cases: int
    rounds: int
    seconds: float


FULL: Final = Plan(large_cases=1_000_000, rounds=5, seconds=5)
QUICK: Final = Plan(large_cases=100_000, rounds=3, seconds=3)


def main() -> int:
    """Measure; 0 when everything was measured, whatever the figures."""
    parser = argparse.ArgumentParser(prog="./bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="100,000 cases and short rounds instead of 1,000,000"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON as well")
    parser.add_argument(
        "--only",
        choices=("engine", "hot", "near", "pages", "search", "verify", "webhooks"),
        help="measure one part",
    )
    parser.add_argument("--keep", action="store_true", help="leave the databases in var/bench")
    parser.add_argument("--reuse", action="store_true", help="measure the databases that --keep has left")
    asked = parser.parse_args()
    plan = QUICK if asked.quick else FULL
    install, began = house.open_house(), time.time()
    try:
        found, details = _measured(install, plan, only=asked.only or "", reuse=asked.reuse)
    finally:
        with phase("Stopping the database"):
            install.cluster.stop() if asked.keep else house.leave(install)
    say()
    for line in [*figures.table(found), "", *_surroundings(plan), *figures.missed(found)]:
        say(line)
    if asked.json:
        record = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "seconds": round(time.time() - began), "quick": asked.quick,
            "surroundings": _surroundings(plan), "figures": [figure.as_data() for figure in found], "pages": details,
        }  # fmt: skip
        asked.json.write_text(json.dumps(record, ensure_ascii=False, indent=1))
    return 0


def _measured(
    install: Install, plan: Plan, *, only: str, reuse: bool
) -> tuple[list[Figure], list[dict[str, Any]]]:
    found: list[Figure] = []
    details: list[dict[str, Any]] = []
    if only in ("", "engine"):
        with phase("The core beside SpiffWorkflow"):
            found.append(engine.measure())
        house.build_city(install)
        with phase("Saved steps beside SpiffWorkflow and pgbench"):
            found += engine.saved(install, rounds=plan.rounds)
    if only in ("", "verify"):
        found.append(_verify(plan))
    if only in ("engine", "verify"):
        return found, details
    if reuse:
        install.cluster.start()
    elif only == "near":
        house.build_city(install)
    else:
        _load(install, plan)
    if only in ("", "near"):
        found.append(_near(install))
    if only == "near":
        return found, details
    with house.web_server(install, LARGE) as large:
        if only in ("", "search"):
            found.append(_search(install))
        if only in ("", "pages"):
            measured = _pages(install, large)
            details = [page.as_data() for page in measured]
            found += pages.figures(measured, small=SMALL_CASES, large=plan.large_cases)
        if only in ("", "hot"):
            count = hot.needed(rounds=plan.rounds, seconds=plan.seconds)
            made = _staged(install, LARGE, "--api", str(count), "--form", str(count))
            hot_figures = hot.measure(install, LARGE, large, made, rounds=plan.rounds, seconds=plan.seconds)
            found = [*hot_figures, *found]
        if only in ("", "webhooks"):
            found.append(_webhooks(install))
    return found, details


def _verify(plan: Plan) -> Figure:
    """Sealed files that one web process judges for the verify page; no database is asked."""
    with phase("Verify page"):
        return verifying.of_the_sample(plan.seconds)


def _load(install: Install, plan: Plan) -> None:
    house.build_city(install)
    house.run_inside(install, house.CITY, "searching", "--write")
    with phase(f"Loading {SMALL_CASES:,} cases"):
        bulk.load(house.superuser(install, house.CITY), cases=SMALL_CASES)
    with phase(f"Loading {plan.large_cases:,} cases"):
        install.cluster.clone_database(house.CITY, LARGE)
        bulk.load(house.superuser(install, LARGE), cases=plan.large_cases)


def _pages(install: Install, large: house.Web) -> list[pages.Measured]:
    with ExitStack() as stack:
        places = []
        for name, web in (
            (house.CITY, stack.enter_context(house.web_server(install, house.CITY))),
            (LARGE, large),
        ):
            meter = Meter(house.superuser(install, name))
            stack.callback(meter.close)
            places.append(pages.Place(web=web, meter=meter, requests=_staged(install, name)["pages"]))
        places[1].meter.execute("CHECKPOINT")
        return pages.measure(places[0], places[1])


def _search(install: Install) -> Figure:
    """The one box over all the cases: rare and frequent words, three people of different reach."""
    with phase("Search"):
        told = json.loads(house.run_inside(install, LARGE, "searching")[0])
    return Figure(
        name="search_p95_ms", value=told["p95"], unit="ms", sense=AT_MOST, bound=50,
        note=f"median {told['p50']:.1f} ms, slowest {told['worst']:.1f} ms: {told['worst_text']}",
    )  # fmt: skip


def _near(install: Install) -> Figure:
    """What is open near a place, among as many open reports as the city ever has, in a database of their own."""
    with phase(f"Loading {OPEN_REPORTS:,} open reports"):
        if NEAR not in install.cluster.databases():
            install.cluster.clone_database(house.CITY, NEAR)
            reports.load(house.superuser(install, NEAR), reports=OPEN_REPORTS)
    meter = Meter(house.superuser(install, NEAR))
    try:
        with phase("Similar reports near"):
            meter.reset()
            told = json.loads(house.run_inside(install, NEAR, "near")[0])
            cost = meter.read(told["asked"])
    finally:
        meter.close()
    return Figure(
        name="near_reports_p95_ms", value=told["p95"], unit="ms", sense=AT_MOST, bound=100,
        statements=cost.statements, buffers=cost.buffers,
        note=f"median {told['p50']:.1f} ms, slowest {told['worst']:.1f} ms; {told['open']:,} open, "
        f"{told['offered']} of {told['asked']} were offered something",
    )  # fmt: skip


def _webhooks(install: Install) -> Figure:
    """Events from the outbox to a receiver that checks every signature."""
    with phase("Webhooks"):
        told = json.loads(house.run_inside(install, LARGE, "webhooks")[0])
    return Figure(
        name="webhooks_per_s", value=told["rate"], unit="events/s", sense=AT_LEAST, bound=200,
        cpu_us=told["cpu_us"],
        note=f"{told['events']:,} events, signed, to a receiver in a process of its own",
    )  # fmt: skip


def _staged(install: Install, database: str, *words: str) -> dict[str, Any]:
    """The requests of one database, made by a process of the product."""
    with phase(f"Preparing requests ({database})"):
        file = house.HOME / f"requests-{database}.pickle"
        house.run_inside(install, database, "stage", str(file), *words)
        made: dict[str, Any] = pickle.loads(file.read_bytes())
        file.unlink()
        return made


def _surroundings(plan: Plan) -> list[str]:
    """On what this was measured."""
    loads = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    measured_on = (
        f"{os.cpu_count()} cores, load {loads} (what else runs here included), Python {platform.python_version()}, "
        f"PostgreSQL {binaries.major_version()}, fsync on; {plan.rounds} rounds of {plan.seconds:g} s; growth from "
        f"{SMALL_CASES:,} to {plan.large_cases:,} cases."
    )
    return [measured_on]


if __name__ == "__main__":
    sys.exit(main())
