"""Logs made for the tests: cases with finished tasks, written as the engine writes them, at moments that are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from diwan.cases.models import Case, DoneTask, History
from diwan.catalogue.models import ServiceVersion
from diwan.kit.clock import local
from diwan.kit.numbers import CASES_A_YEAR
from diwan.people.models import Position

OFFICER, SECTION = "ROLE-LICENSING-OFFICER", "ROLE-SECTION-HEAD"


@dataclass(frozen=True, slots=True)
class Did:
    """A finished task: step, outcome, hours from the opening to its coming and to its end, who did it."""

    step: str
    outcome: str
    came: float
    done: float
    kind: str = "automatic"
    role: str = ""
    post: Position | None = None
    due: float | None = None
    claimed: float | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A case of the log. ``decided``: (step, to) of its rules; ``end``: the step at which it ended, "" for none."""

    opened: datetime
    municipality: int
    tasks: list[Did]
    end: str = ""
    ended: float = 0.0
    state: str = "issued"
    decided: list[tuple[str, str]] = field(default_factory=list)


def write(slug: str, cases: list[Made], *, first: int = 50_000_000) -> list[int]:
    """Write the log of a service; the numbers of its cases."""
    version = ServiceVersion.objects.filter(service__slug=slug, state="published").latest("number")
    unit = Position.objects.order_by("pk").values_list("unit_id", flat=True)[0]
    rows, tasks, acts = [], [], []
    for number, made in enumerate(cases):
        case_id = local(made.opened).year % 100 * CASES_A_YEAR + first + number
        closed = made.opened + timedelta(hours=made.ended) if made.end else None
        rows.append(
            Case(
                id=case_id, version=version, service=slug, municipality_id=made.municipality, unit_id=unit,
                channel="portal", state=made.state, stage=made.end or "review", ended_at_step=made.end, holder="none",
                opened_at=made.opened, closed_at=closed,
            )
        )  # fmt: skip
        for token, did in enumerate(made.tasks):
            tasks.append(_task(case_id, token, did, made))
            if did.claimed is not None:
                acts.append(_act(case_id, made, "claimed", did.step, "", did.claimed))
        acts += [_act(case_id, made, "decided", step, to, 0.0) for step, to in made.decided]
    Case.objects.bulk_create(rows, batch_size=1000)
    DoneTask.objects.bulk_create(tasks, batch_size=1000)
    History.objects.bulk_create(acts, batch_size=1000)
    return [row.pk for row in rows]


def _task(case_id: int, token: int, did: Did, made: Made) -> DoneTask:
    def at(hours: float) -> datetime:
        return made.opened + timedelta(hours=hours)

    post: dict[str, Any] = {}
    if did.post is not None:
        post = {"position_id": did.post.pk, "unit_id": did.post.unit_id, "account_id": 1}
    return DoneTask(
        case_id=case_id, token=token, step=did.step, kind=did.kind, outcome=did.outcome, role=did.role,
        municipality_id=made.municipality, entered_at=at(did.came),
        due_at=None if did.due is None else at(did.due), done_at=at(did.done), **post,
    )  # fmt: skip


def _act(case_id: int, made: Made, act: str, step: str, outcome: str, hours: float) -> History:
    return History(
        case_id=case_id, at=made.opened + timedelta(hours=hours), capacity="system:rule", actor_ar="نورة القحطاني",
        actor_en="Nora", act=act, step=step, outcome=outcome, state="under_review", stage=step, holder="us",
    )  # fmt: skip
