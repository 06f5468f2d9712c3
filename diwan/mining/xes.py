"""An event log as XES (IEEE 1849-2016), written piece by piece. Pure.

Standard extensions: concept, time, lifecycle, organizational. Each task gives two events of the same
`concept:instance`: `schedule` when it came and `complete` when it was done. Nobody is named: `org:role` and
`org:group` say the role and the unit, and cases have names that lead to no case number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Final
from xml.sax.saxutils import quoteattr

NAMESPACE: Final = "http://www.xes-standard.org/"
EXTENSIONS: Final = {
    "Concept": "concept", "Time": "time", "Lifecycle": "lifecycle", "Organizational": "org",
}  # fmt: skip
_INDENT: Final = "      "
_THERE: Final = timezone(timedelta(hours=3))
"""Riyadh, which has no summer time: a zone without rules is asked four times as fast."""
BEGIN: Final = "0001-01-01T00:00:00Z"
_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
"""
_GLOBALS: Final = f"""  <global scope="trace">
    <string key="concept:name" value="unknown"/>
  </global>
  <global scope="event">
    <string key="concept:name" value="unknown"/>
    <string key="concept:instance" value="unknown"/>
    <string key="lifecycle:transition" value="complete"/>
    <date key="time:timestamp" value="{BEGIN}"/>
  </global>
  <classifier name="Step" keys="concept:name"/>
  <classifier name="Step and transition" keys="concept:name lifecycle:transition"/>
  <string key="lifecycle:model" value="standard"/>
"""


@dataclass(frozen=True, slots=True)
class LogTask:
    """A finished task of the log."""

    instance: str
    step: str
    title: str
    kind: str
    outcome: str
    role: str
    unit: str
    entered: datetime
    due: datetime | None
    done: datetime


@dataclass(frozen=True, slots=True)
class LogCase:
    """A case of the log with its tasks. ``name`` says nothing of the case number."""

    name: str
    municipality: str
    state: str
    tasks: list[LogTask]


def _string(key: str, value: str, indent: str) -> str:
    return f"{indent}<string key={quoteattr(key)} value={quoteattr(value)}/>\n" if value else ""


def _date(key: str, value: datetime, indent: str) -> str:
    moment = value.astimezone(_THERE).isoformat(timespec="milliseconds")
    return f'{indent}<date key="{key}" value="{moment}"/>\n'


def write(name: str, cases: Iterable[LogCase]) -> Iterator[str]:
    """The file, a piece a case."""
    extensions = "".join(
        f'  <extension name="{title}" prefix="{prefix}" uri="{NAMESPACE}{prefix}.xesext"/>\n'
        for title, prefix in EXTENSIONS.items()
    )
    yield _HEAD + extensions + _GLOBALS + _string("concept:name", name, "  ")
    for case in cases:
        yield _trace(case)
    yield "</log>\n"


def _trace(case: LogCase) -> str:
    moments: list[tuple[datetime, int, str]] = []
    for number, task in enumerate(case.tasks):
        moments.append((task.entered, 2 * number, _event(task, "schedule", task.entered)))
        moments.append((task.done, 2 * number + 1, _event(task, "complete", task.done)))
    events = "".join(text for _, _, text in sorted(moments))
    head = _string("concept:name", case.name, "    ") + _string("municipality", case.municipality, "    ")
    return f"  <trace>\n{head}{_string('state', case.state, '    ')}{events}  </trace>\n"


def _event(task: LogTask, transition: str, at: datetime) -> str:
    last = ""
    if transition == "complete":
        last = _outcome(task.outcome)
    elif task.due is not None:
        last = _date("due", task.due, _INDENT)
    return (
        f"    <event>\n{_what(task.title, task.role, task.unit, task.step, task.kind)}"
        f"{_string('concept:instance', task.instance, _INDENT)}"
        f'{_INDENT}<string key="lifecycle:transition" value="{transition}"/>\n'
        f"{_date('time:timestamp', at, _INDENT)}{last}    </event>\n"
    )


@lru_cache(maxsize=4096)
def _what(title: str, role: str, unit: str, step: str, kind: str) -> str:
    """What all events of a step at a unit say."""
    pairs = {"concept:name": title, "org:role": role, "org:group": unit, "step": step, "kind": kind}
    return "".join(_string(key, value, _INDENT) for key, value in pairs.items())


@lru_cache(maxsize=4096)
def _outcome(outcome: str) -> str:
    return _string("outcome", outcome, _INDENT)
