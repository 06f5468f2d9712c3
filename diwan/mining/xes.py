"""An event log as XES (IEEE 1849-2016), written piece by piece. Pure.

Standard extensions: concept, time, lifecycle, organizational. Each task gives two events of the same
`concept:instance`: `schedule` when it came and `complete` when it was done. Nobody is named: `org:role` and
`org:group` say the role and the unit, and cases have names that lead to no case number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.sax.saxutils import quoteattr

from diwan.kit.clock import RIYADH

NAMESPACE: Final = "http://www.xes-standard.org/"
EXTENSIONS: Final = {
    "Concept": "concept", "Time": "time", "Lifecycle": "lifecycle", "Organizational": "org",
}  # fmt: skip
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
    moment = value.astimezone(RIYADH).isoformat(timespec="milliseconds")
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
    indent = "      "
    parts = [
        _string("concept:name", task.title, indent), _string("concept:instance", task.instance, indent),
        _string("lifecycle:transition", transition, indent), _date("time:timestamp", at, indent),
        _string("org:role", task.role, indent), _string("org:group", task.unit, indent),
        _string("step", task.step, indent), _string("kind", task.kind, indent),
    ]  # fmt: skip
    if transition == "complete":
        parts.append(_string("outcome", task.outcome, indent))
    elif task.due is not None:
        parts.append(_date("due", task.due, indent))
    return "    <event>\n" + "".join(parts) + "    </event>\n"
