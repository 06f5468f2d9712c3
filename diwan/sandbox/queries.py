"""Reading runs: one, those of a version, and how far a version was tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from diwan.catalogue.compiled import load_definition
from diwan.catalogue.models import ServiceVersion
from diwan.flow import effects as fx
from diwan.flow.table import ROUTING, Table
from diwan.sandbox.errors import RunUnknown
from diwan.sandbox.models import Run
from diwan.sandbox.playing import Play, play
from diwan.sandbox.setting import setting_of

MOST: Final = 40
"""Runs of a version that count for how far it was tried, the newest."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How far a version was tried: runs, those that came to an end; exits (step, outcome) and end steps, taken and in
    all, in the order of the workflow."""

    runs: int
    ended: int
    exits: tuple[tuple[str, str], ...]
    taken: frozenset[tuple[str, str]]
    ends: tuple[str, ...]
    reached: frozenset[str]

    @property
    def open_exits(self) -> list[tuple[str, str]]:
        """Exits that no run has taken."""
        return [one for one in self.exits if one not in self.taken]

    @property
    def open_ends(self) -> list[str]:
        """Ends that no run has come to."""
        return [one for one in self.ends if one not in self.reached]


def run_of(run_id: int) -> Run:
    """A run with its version, service and who began it. Raises RunUnknown."""
    rows = Run.objects.select_related("version__service", "begun_by")
    found = rows.filter(pk=run_id).first()
    if found is None:
        raise RunUnknown
    return found


def played(run: Run) -> Play:
    """The run as far as its moves go on the version as it now is."""
    return play(setting_of(run), run.moves)


def runs_of(version_id: int | None = None) -> Sequence[Run]:
    """The newest runs, of one version or of all."""
    rows = Run.objects.select_related("version__service", "begun_by").order_by("-changed_at", "-pk")
    return list((rows if version_id is None else rows.filter(version_id=version_id))[:MOST])


def tried(version: ServiceVersion) -> Tried | None:
    """How far the version was tried; None for a service without a workflow."""
    table = load_definition(version).table
    if table is None:
        return None
    taken, reached, ended = set[tuple[str, str]](), set[str](), 0
    runs = runs_of(version.pk)
    for run in runs:
        done = played(run)
        ended += done.ended
        for effect in (effect for line in done.lines for effect in line.effects):
            if isinstance(effect, fx.CloseTask) and effect.outcome is not None:
                taken.add((effect.step, effect.outcome))
            elif isinstance(effect, fx.End):
                reached.add(effect.step)
    return Tried(
        len(runs), ended, exits_of(table), frozenset(taken),
        tuple(key for key, step in table.steps.items() if step.kind == "end"), frozenset(reached),
    )  # fmt: skip


def exits_of(table: Table) -> tuple[tuple[str, str], ...]:
    """Every way out of a step that waits."""
    waiting = [step for step in table.steps.values() if step.kind not in ROUTING and step.kind != "end"]
    return tuple((step.key, outcome) for step in waiting for outcome in step.exits)
