"""The figures of a service over a period, as plain values. Pure: made from the rows of `log_sql.figures`.

Times are seconds. "Working" counts the hours of the municipality's calendar, "elapsed" day and night.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class StepFigures:
    """One step: how often it was done, in how many cases, how long it took, how much of it was late.

    ``share``: its part of all the time that cases spent at steps (0 to 1). ``touch``: median working seconds until
    somebody took it over, of the ``touched`` times for which that was written down. ``waiting`` are open now.
    """

    key: str
    kind: str
    role: str
    done: int
    cases: int
    total: float
    share: float
    elapsed: float
    elapsed_p90: float
    working: float
    working_p90: float
    due: int
    late: int
    touch: float | None = None
    touched: int = 0
    waiting: int = 0
    waiting_late: int = 0

    @property
    def late_share(self) -> float | None:
        """Late ones of those with a deadline; None where nothing had one."""
        return self.late / self.due if self.due else None


@dataclass(frozen=True, slots=True)
class Path:
    """A path that cases took from the start to the end: its steps, how many, their share, their median lead time."""

    steps: tuple[str, ...]
    count: int
    share: float
    lead: float


@dataclass(frozen=True, slots=True)
class Loop:
    """A step that was done again in the same case: in how many cases, how often in all, at most how often in one."""

    step: str
    cases: int
    again: int
    most: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was measured. ``lead``: median time from opening to the end, of cases that have ended."""

    opened: int
    ended: int
    lead: float | None
    lead_p90: float | None
    versions: int
    steps: Mapping[str, StepFigures]
    outcomes: Mapping[str, Mapping[str, int]]
    decisions: Mapping[str, Mapping[str, int]]
    ends: Mapping[str, int]
    paths: tuple[Path, ...]
    different_paths: int
    loops: tuple[Loop, ...]
    waiting: Mapping[str, int] = field(default_factory=dict)

    @property
    def bottleneck(self) -> StepFigures | None:
        """The step with the largest share of the time of cases; None while nothing took time."""
        found = max(self.steps.values(), key=lambda step: (step.total, step.key), default=None)
        return found if found is not None and found.total > 0 else None

    def entered(self, step: str) -> int:
        """How often cases came to a waiting step or an end."""
        done = self.steps[step].done if step in self.steps else 0
        return done + self.waiting.get(step, 0) + self.ends.get(step, 0)


def figures_of(rows: Iterable[tuple[str, Mapping[str, Any]]]) -> Figures:
    """The figures from the rows (part, found) of the one statement."""
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for part, found in rows:
        parts.setdefault(part, []).append(found)
    whole = parts["whole"][0]
    paths = parts.get("path", [])
    lead = whole["lead_at"] or [None, None]
    return Figures(
        opened=whole["opened"], ended=whole["ended"], lead=lead[0], lead_p90=lead[1], versions=whole["versions"],
        steps=_steps(parts), outcomes=_counts(parts.get("outcome", []), "outcome"),
        decisions=_counts(parts.get("decision", []), "to"),
        ends={row["step"]: row["count"] for row in parts.get("end", [])},
        paths=tuple(_path(row) for row in sorted(paths, key=lambda row: (-row["count"], row["path"]))),
        different_paths=paths[0]["different"] if paths else 0, loops=_loops(parts.get("loop", [])),
        waiting={row["step"]: row["count"] for row in parts.get("waiting", [])},
    )  # fmt: skip


def _steps(parts: Mapping[str, list[Mapping[str, Any]]]) -> dict[str, StepFigures]:
    rows = parts.get("step", [])
    touches = {row["step"]: row for row in parts.get("touch", [])}
    waiting = {row["step"]: row for row in parts.get("waiting", [])}
    everything = sum(row["elapsed"] for row in rows) or 1.0
    found = [
        _step(row, touches.get(row["step"], {}), waiting.get(row["step"], {}), everything) for row in rows
    ]
    return {step.key: step for step in sorted(found, key=lambda step: (-step.total, step.key))}


def _step(
    row: Mapping[str, Any], touch: Mapping[str, Any], waiting: Mapping[str, Any], everything: float
) -> StepFigures:
    return StepFigures(
        key=row["step"], kind=row["kind"], role=row["role"], done=row["done"], cases=row["cases"],
        total=row["elapsed"], share=row["elapsed"] / everything, elapsed=row["elapsed_at"][0],
        elapsed_p90=row["elapsed_at"][1], working=row["working_at"][0], working_p90=row["working_at"][1],
        due=row["due"], late=row["late"], touch=touch.get("waited"), touched=touch.get("known", 0),
        waiting=waiting.get("count", 0), waiting_late=waiting.get("late", 0),
    )  # fmt: skip


def _counts(rows: Iterable[Mapping[str, Any]], second: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["step"], {})[row[second]] = row["count"]
    return found


def _path(row: Mapping[str, Any]) -> Path:
    return Path(tuple(row["path"]), row["count"], row["count"] / row["of"], row["lead"])


def _loops(rows: Iterable[Mapping[str, Any]]) -> tuple[Loop, ...]:
    loops = [Loop(row["step"], row["cases"], row["again"], row["most"]) for row in rows]
    return tuple(sorted(loops, key=lambda loop: (-loop.cases, loop.step)))
