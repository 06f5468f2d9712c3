"""What can be told of the installation itself: database, worker, systems outside, disk, backups, version."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import connection

from diwan.health.calls import ENOUGH
from diwan.health.models import Connector
from diwan.health.queries import connectors, newest_beat, operations
from diwan.health.registry import Finding, State, grade, probe, seconds_since
from diwan.health.version import version
from diwan.kit import clock
from diwan.kit.errors import N_

DAY: Final = 86_400.0
WORKER_WATCH, WORKER_BAD = 45.0, 180.0
#: A sweep that has not ended a round for so long is stuck (documents take the longest).
STUCK: Final = 900.0
FREE_WATCH, FREE_BAD = 0.15, 0.05
BACKUP_WATCH, BACKUP_BAD = 1.5 * DAY, 7 * DAY
DRILL_WATCH, DRILL_BAD = 45 * DAY, 120 * DAY


@probe("services", "health.services")
def services() -> Iterator[Finding]:
    """Whoever reads this was answered by a web process and its database; the worker tells by its signs of life."""
    yield Finding(key="web", name=N_("Web server"), state="good", says=N_("Answers."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity")
        used, most = cursor.fetchone()
    yield Finding(
        key="database", name=N_("Database"), state="watch" if used > 0.8 * most else "good", count=used,
        says=N_("{used} of {most} connections are in use."), params={"used": used, "most": most},
        advice=N_("Lower DIWAN_DATABASE_POOL_MAX or the number of web processes, or raise max_connections."),
    )  # fmt: skip
    yield _worker()


def _worker() -> Finding:
    found = newest_beat("worker")
    name = N_("Worker")
    if found is None:
        return Finding(
            key="worker", name=name, state="bad", says=N_("No sign of life."),
            advice=N_("Start the worker: nothing that waits for the machine goes on without it."),
        )  # fmt: skip
    now = clock.real_now()
    age = seconds_since(found.at, now=now)
    stuck = [sweep for sweep, ended in found.facts.items() if _since(str(ended), now) > STUCK]
    state = grade(age, watch=WORKER_WATCH, bad=WORKER_BAD)
    if state == "good" and stuck:
        return Finding(
            key="worker", name=name, state="watch", age=age, at=found.at, says=N_("One sweep does not end: {sweeps}."),
            params={"sweeps": ", ".join(sorted(stuck))},
            advice=N_("Look in the log of the worker; if nothing moves there, start the worker again."),
        )  # fmt: skip
    return Finding(
        key="worker", name=name, state=state, age=age, at=found.at, says=N_("Last sign of life"),
        advice=N_("Start the worker: nothing that waits for the machine goes on without it."),
    )  # fmt: skip


def _since(text: str, now: datetime) -> float:
    return seconds_since(datetime.fromisoformat(text), now=now) or 0.0


@probe("connectors", "health.connectors")
def outside() -> Iterator[Finding]:
    """Every system that was called once: when it last answered, and since when it does not."""
    for found in connectors():
        yield _connector(found)


def _connector(found: Connector) -> Finding:
    failing = found.failing_since is not None
    state: State = "good" if not failing else "bad" if found.failures >= ENOUGH else "watch"
    return Finding(
        key=found.name, name=_SYSTEMS.get(found.name.partition(".")[0], N_("Outside system")),
        detail=found.name.partition(".")[2], state=state,
        at=found.failing_since if failing else found.last_success_at,
        says=N_("Does not answer since") if failing else N_("Last answer"),
        age=seconds_since(found.failing_since) if failing else None,
        advice=N_("Ask the operator of that system. What waits for it is done by itself when it answers again.")
        if failing else "", count=found.failures if failing else None,
    )  # fmt: skip


_SYSTEMS: Final = {
    "registers": N_("State register"), "requests": N_("Outside body"), "payments": N_("Payment system"),
    "email": N_("Mail server"), "sms": N_("Text message gateway"), "authority": N_("Certification authority"),
}  # fmt: skip


@probe("keeping", "health.disk")
def disk() -> Iterator[Finding]:
    """The file system of the data directory."""
    usage = shutil.disk_usage(settings.DIWAN.data)
    share = usage.free / usage.total
    state: State = "good" if share >= FREE_WATCH else "watch" if share >= FREE_BAD else "bad"
    yield Finding(
        key="disk", name=N_("Disk"), state=state, count=usage.free,
        says=N_("{free} GB of {total} GB are free."),
        params={"free": round(usage.free / 1e9, 1), "total": round(usage.total / 1e9, 1)},
        advice=N_("Make room or enlarge the disk: without room no application can be taken."),
    )  # fmt: skip


@probe("keeping", "health.backups")
def backups() -> Iterator[Finding]:
    """Age of the last backup, and what the last restore drill said."""
    known = operations()
    yield _kept(
        known.get("backup"), key="backup", name=N_("Backup"), watch=BACKUP_WATCH, bad=BACKUP_BAD,
        advice=N_("Run ./run backup FILE, best every night by a timer, and keep the file on another machine."),
    )  # fmt: skip
    yield _kept(
        known.get("drill"), key="drill", name=N_("Restore drill"), watch=DRILL_WATCH, bad=DRILL_BAD,
        advice=N_("Run ./run drill FILE with the newest backup: only a backup that was restored is one."),
    )  # fmt: skip


def _kept(found: object, *, key: str, name: str, watch: float, bad: float, advice: str) -> Finding:
    if not isinstance(found, dict) or "at" not in found:
        return Finding(key=key, name=name, state="watch", says=N_("Never done."), advice=advice)
    at = datetime.fromisoformat(str(found["at"]))
    age = seconds_since(at)
    if not found.get("ok", True):
        return Finding(
            key=key, name=name, state="bad", at=at, age=age, says=N_("It failed: {why}"),
            params={"why": str(found.get("why", ""))[:200]}, advice=advice,
        )  # fmt: skip
    return Finding(
        key=key, name=name, state=grade(age, watch=watch, bad=bad), at=at, age=age,
        says=N_("It took {seconds} seconds."), params={"seconds": found.get("seconds", "?")}, advice=advice,
    )  # fmt: skip


@probe("version", "health.version")
def running_version() -> Iterator[Finding]:
    """Which state of the product this process runs, and whether the worker runs the same."""
    here, found = version(), newest_beat("worker")
    other = found is not None and bool(found.version) and found.version != here
    yield Finding(
        key="version", name=N_("Version"), state="watch" if other else "good", detail=here,
        says=N_("The worker runs {version}.") if other and found else "",
        params={"version": found.version} if other and found else {},
        advice=N_("Start the older of the two again.") if other else "",
    )  # fmt: skip
