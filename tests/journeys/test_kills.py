"""Kills with -9 of web, worker, signer and database while a partner submits: nothing acknowledged is lost or doubled.

The installation is the test's own, without the year of cases. 200 submissions with `./test --full`, fewer in `./test`.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from diwan.project.launch.cluster import READ, Cluster
from tests.journeys.partner import Acknowledged, Partner, application
from tests.journeys.steps import Broken
from tools.installation import Shared

pytestmark = pytest.mark.journey

PORT = 8680
SENDERS = 4
VICTIMS = ("web", "worker", "signer", "database")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """A started installation of the test's own."""
    with Shared(data=tmp_path_factory.mktemp("kills") / "data", port=PORT, cases=0) as shared:
        yield shared


@pytest.fixture(scope="module")
def partner(installation: Shared) -> Partner:
    """A client of its API."""
    base = installation.addresses()["JOURNEY_BASE"]
    made = installation.run("diwan", "token", "make", "Partner of the kills", "shop-licence-instant")
    assert made.returncode == 0, made.stderr
    return Partner(base, token=made.stdout.strip().splitlines()[-1])


def _process_of(data: Path, name: str) -> int | None:
    """The process to be killed: the database's first one, or the part that the supervisor wrote down."""
    if name == "database":
        return Cluster(home=data / "database", durable=True).running()
    children = json.loads((data / "running.json").read_text()).get("children", {})
    found = children.get(name, {}).get("pid")
    return None if found is None else int(found)


def _kill(data: Path, name: str, *, seconds: float = 60) -> None:
    """Kill -9 a part that lives; one that is just being started again is waited for."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            process = _process_of(data, name)
            if process is not None:
                os.kill(process, signal.SIGKILL)
                return
        except (OSError, ValueError):
            pass
        time.sleep(0.1)
    raise Broken(f"{name} did not come back to be killed")


def _submit_under_fire(installation: Shared, partner: Partner, *, count: int, rounds: int) -> None:
    """Submit from several threads; between them every part is killed `rounds` times, evenly spread.

    Stops unless every acknowledged case is there, once.
    """
    run = f"{time.time_ns()}"
    victims = VICTIMS * rounds
    due = {(number + 1) * count // (len(victims) + 1): name for number, name in enumerate(victims)}

    def one(number: int) -> Acknowledged:
        if number in due:
            _kill(installation.data, due[number])
        return _submitted(partner, f"kill-{run}-{number}")

    with ThreadPoolExecutor(SENDERS) as pool:
        made = list(pool.map(one, range(count)))
    _wait_healthy(installation)
    lost = [case.number for case in made if not partner.knows(case)]
    assert not lost, f"acknowledged and lost: {lost}"
    assert len({case.number for case in made}) == count, "two keys were answered with one case"
    assert _cases(installation, run) == count, "more cases than applications, or fewer"
    again = partner.submit(made[0].key, _bodies[made[0].key])
    assert again.number == made[0].number, "the same key made another case after the kills"


_bodies: dict[str, dict[str, Any]] = {}


def _submitted(partner: Partner, key: str) -> Acknowledged:
    paper = partner.send_paper(key)
    _bodies[key] = application(key, paper)
    return partner.submit(key, _bodies[key])


def _cases(installation: Shared, run: str) -> int:
    url = Cluster(home=installation.data / "database", durable=True).url(READ)
    with psycopg.connect(url) as connection:
        row = connection.execute(
            """SELECT count(*) FROM "case" WHERE data->>'trade_name_en' LIKE %s""", (f"Shop kill-{run}-%",)
        ).fetchone()
    assert row is not None
    return int(row[0])


def _wait_healthy(installation: Shared, *, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while installation.run("status").returncode != 0:
        if time.monotonic() > deadline:
            raise Broken(f"the installation does not recover: {installation.run('status').stdout}")
        time.sleep(1)


def test_a_few_submissions_survive_a_kill_of_each_part(installation: Shared, partner: Partner) -> None:
    _submit_under_fire(installation, partner, count=24, rounds=1)


@pytest.mark.full
def test_two_hundred_submissions_survive_three_kills_of_each_part(
    installation: Shared, partner: Partner
) -> None:
    _submit_under_fire(installation, partner, count=200, rounds=3)


def test_the_log_holds_and_nothing_is_left_running(installation: Shared, partner: Partner) -> None:
    verified = installation.run("diwan", "audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    installation.stop()
    left = subprocess.run(["ps", "-ewwo", "pid,args"], capture_output=True, text=True, check=True).stdout
    ours = [line for line in left.splitlines() if str(installation.data) in line]
    assert not ours, "\n".join(ours)
    assert installation.run("status").returncode == 3
