"""Who knows how a part of the installation is. A package registers its probes in `probes.py`; the report asks them."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from django.db import DatabaseError, transaction

from diwan.kit import clock
from diwan.kit.errors import N_

log = logging.getLogger("diwan.health")
State = Literal["good", "watch", "bad"]
GROUPS: Final = ("services", "connectors", "queues", "schedules", "certificates", "keeping", "version")
ORDER: Final[Mapping[State, int]] = {"good": 0, "watch": 1, "bad": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the report. Texts are English message ids with parameters; `advice` is what to do unless all is good.

    `name` is translated too, `detail` is not (a code, a number of a post). `count` and `age` (seconds) become figures
    for machines under `key`, which holds no personal value.
    """

    key: str
    name: str
    state: State
    says: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    detail: str = ""
    advice: str = ""
    count: int | None = None
    age: float | None = None
    at: datetime | None = None


Probe = Callable[[], Iterable[Finding]]
_probes: dict[str, tuple[str, Probe]] = {}


def probe(group: str, name: str) -> Callable[[Probe], Probe]:
    """Register a probe under its lasting name (`cases.queues`) in one of `GROUPS`."""
    if group not in GROUPS:
        raise ValueError(f"no group {group!r}")

    def register(run: Probe) -> Probe:
        known = _probes.get(name)
        if known is not None and known[1].__qualname__ != run.__qualname__:
            raise ValueError(f"two probes are named {name}")
        _probes[name] = (group, run)
        return run

    return register


def report() -> dict[str, list[Finding]]:
    """Findings by group, in the order of `GROUPS`. A probe that fails is itself a finding; the others go on."""
    found: dict[str, list[Finding]] = {group: [] for group in GROUPS}
    for name, (group, run) in sorted(_probes.items()):
        found[group] += _asked(name, run)
    return found


def worst(findings: Iterable[Finding]) -> State:
    """The gravest state of some findings; good when there are none."""
    return max((finding.state for finding in findings), key=lambda state: ORDER[state], default="good")


def grade(age: float | None, *, watch: float, bad: float) -> State:
    """The state of something that waits, by the seconds that the oldest has waited."""
    if age is None or age < watch:
        return "good"
    return "watch" if age < bad else "bad"


def seconds_since(moment: datetime | None, *, now: datetime | None = None) -> float | None:
    """Seconds from a moment to now (real time unless told otherwise), at least 0; None for none."""
    return None if moment is None else max(0.0, ((now or clock.real_now()) - moment).total_seconds())


def _asked(name: str, run: Probe) -> list[Finding]:
    try:
        with transaction.atomic():
            return list(run())
    except DatabaseError as error:
        log.warning("probe %s: %s", name, type(error).__name__)
    except Exception:  # whatever stands in the way of one probe must not hide what the others know
        log.exception("probe %s failed", name)
    return [
        Finding(
            key=name, name=N_("Probe"), detail=name, state="bad", says=N_("This could not be read."),
            advice=N_("Look for the probe's name in the log of the web server."),
        )
    ]  # fmt: skip
