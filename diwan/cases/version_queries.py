"""What is open on which version of a service, what moving it would bring, and the record of what was moved."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, F, Q, QuerySet

from diwan.cases.carrying import Carriage, Target, carry, target_of
from diwan.cases.loading import Loaded
from diwan.cases.models import Case, Draft, JoinCounter, MovedCase, OpenTask, VersionMove
from diwan.cases.position import read_position
from diwan.cases.services import service_of
from diwan.kit import clock

__all__ = [
    "MOST_JUDGED",
    "DraftsAt",
    "Judged",
    "Moving",
    "Standing",
    "Target",
    "drafts_at",
    "judged",
    "move_with_cases",
    "moves_of",
    "open_at",
    "open_on",
    "open_on_others",
    "target_of",
    "unfinished_moves",
]  # fmt: skip

MOST_JUDGED: Final = 500
"""Cases weighed in one dry run; more are told to be more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """So many open cases of a version stand at a step."""

    version_id: int
    step: str
    cases: int


@dataclass(frozen=True, slots=True)
class DraftsAt:
    """So many drafts of a version were left at a page (empty: at the first)."""

    version_id: int
    page: str
    drafts: int


@dataclass(frozen=True, slots=True)
class Judged:
    """An open case and what moving it would bring."""

    case_id: int
    made: Carriage


@dataclass(frozen=True, slots=True)
class Moving:
    """A moving with how many of its cases are in which state."""

    move: VersionMove
    counts: Mapping[str, int]

    @property
    def unfinished(self) -> int:
        """Cases that still wait to be moved or taken back."""
        return self.counts.get("waiting", 0) + self.counts.get("returning", 0)


def open_at(slug: str) -> list[Standing]:
    """Open cases of a service by version and step, the most first. A case with parallel steps counts at each."""
    rows = (
        OpenTask.objects.filter(service=slug)
        .values("step", version=F("case__version_id"))
        .annotate(cases=Count("case_id", distinct=True))
    )
    found = [Standing(row["version"], row["step"], row["cases"]) for row in rows]
    return sorted(found, key=lambda one: (-one.version_id, -one.cases, one.step))


def open_on(slug: str) -> dict[int, int]:
    """Open cases of a service by version."""
    rows = OpenTask.objects.filter(service=slug).values(version=F("case__version_id"))
    return {row["version"]: row["cases"] for row in rows.annotate(cases=Count("case_id", distinct=True))}


def drafts_at(slug: str) -> list[DraftsAt]:
    """Unfinished applications of a service by version and page; what completes a case follows its case instead."""
    rows = Draft.objects.filter(
        version__service__slug=slug, case_id__isnull=True, amends__isnull=True, expires_at__gt=clock.now()
    )
    counted = rows.values("version_id", "page").annotate(drafts=Count("id"))
    return [
        DraftsAt(row["version_id"], row["page"], row["drafts"])
        for row in counted.order_by("version_id", "page")
    ]


def open_on_others(on: date) -> dict[str, int]:
    """Slug -> on how many versions it has open cases, of services with some on a version that is not in force."""
    here = Q(case__version__valid_from__lte=on) & (
        Q(case__version__valid_to__isnull=True) | Q(case__version__valid_to__gt=on)
    )
    rows = OpenTask.objects.values("service").annotate(
        versions=Count("case__version_id", distinct=True), others=Count("id", filter=~here)
    )
    return {row["service"]: row["versions"] for row in rows.filter(others__gt=0)}


def judged(target: Target, *, step: str = "", case_ids: Iterable[int] | None = None) -> list[Judged]:
    """What moving would bring for open cases of the version (those at a step; these alone), the oldest first.

    Nothing is written or locked: the move weighs each again. At most `MOST_JUDGED`.
    """
    open_ones = OpenTask.objects.filter(service=target.old.slug)
    if step:
        open_ones = open_ones.filter(step=step)
    if case_ids is not None:
        open_ones = open_ones.filter(case_id__in=list(case_ids))
    rows = Case.objects.filter(version_id=target.old.version_id, pk__in=open_ones.values("case_id")).order_by(
        "id"
    )
    now = clock.now()
    return [Judged(loaded.case.pk, carry(loaded, target, at=now)) for loaded in _loaded(rows[:MOST_JUDGED])]


def _loaded(rows: QuerySet[Case]) -> list[Loaded]:
    """Cases with where they stand, without a lock; three statements."""
    cases = list(rows)
    ids = [case.pk for case in cases]
    tasks: dict[int, list[OpenTask]] = defaultdict(list)
    joins: dict[int, list[JoinCounter]] = defaultdict(list)
    for task in OpenTask.objects.filter(case_id__in=ids).order_by("id"):
        tasks[task.case_id].append(task)
    for join in JoinCounter.objects.filter(case_id__in=ids).order_by("number"):
        joins[join.case_id].append(join)
    return [
        Loaded(
            case=case, service=service_of(case.version_id), held=tasks[case.pk], joins=joins[case.pk],
            position=read_position(case, tasks[case.pk], joins[case.pk]),
        )
        for case in cases
    ]  # fmt: skip


def moves_of(slug: str, *, most: int = 50) -> list[Moving]:
    """The movings of a service's cases, the newest first."""
    moves = list(
        VersionMove.objects.filter(service=slug)
        .select_related("from_version", "to_version")
        .order_by("-id")[:most]
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = MovedCase.objects.filter(move__in=moves).values("move_id", "state").annotate(cases=Count("id"))
    for row in rows:
        counts[row["move_id"]][row["state"]] = row["cases"]
    return [Moving(move, counts[move.pk]) for move in moves]


def move_with_cases(move_id: int) -> tuple[VersionMove, Sequence[MovedCase]] | None:
    """One moving and what became of each of its cases, by number; None when there is none."""
    move = VersionMove.objects.select_related("from_version", "to_version").filter(pk=move_id).first()
    return None if move is None else (move, list(move.cases.order_by("case_id")))


def unfinished_moves() -> tuple[list[int], list[int]]:
    """Movings with cases that wait to be moved, and such with cases that wait to be taken back."""
    rows = MovedCase.objects.filter(state__in=(MovedCase.State.WAITING, MovedCase.State.RETURNING))
    pairs = set(rows.values_list("move_id", "state"))
    moving = sorted(move for move, state in pairs if state == MovedCase.State.WAITING)
    return moving, sorted(move for move, state in pairs if state == MovedCase.State.RETURNING)
