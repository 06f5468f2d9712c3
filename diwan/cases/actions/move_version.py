"""Move open cases to another version of their service: asked for as a whole, carried out case by case.

Asking writes one row a case that waits; each is then moved in a transaction of its own, under its row lock, and weighed
again at that moment. A process that dies in between leaves whole cases: what still waits is gone on with by the worker.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.cases import events, undo
from diwan.cases.carrying import Carriage, Reason, Target, carry, target_of
from diwan.cases.errors import CaseNotFound, NotAllowed
from diwan.cases.loading import Loaded, lock_case
from diwan.cases.models import CaseParty, MovedCase, OpenTask, VersionMove
from diwan.cases.moving import Entry, save, write_act
from diwan.catalogue.models import ServiceVersion
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.outbox.actions import emit
from diwan.people.actor import Actor
from diwan.people.registry import PUBLISH_CATALOGUE

log = logging.getLogger("diwan.cases")
MOST_CASES: Final = 500
AT_ONCE: Final = 100
FURTHER: Final = ("version_id", "late_level")


class NoWayThere(DiwanError):
    """Cases are moved between two published versions of one service that runs."""

    code = "cases.no_way_there"
    message = N_("Requests can be moved between two published versions of one service. Choose both again.")


class NothingToMove(DiwanError):
    """No case was chosen, or too many at once."""

    code = "cases.nothing_to_move"
    message = N_("Choose at least one request and at most {most} at once.")


@transaction.atomic
def move_version(
    *, from_version_id: int, to_version_id: int, case_ids: Sequence[int], by: Actor,
    steps: Mapping[str, str] | None = None, note: str = "",
) -> VersionMove:  # fmt: skip
    """Ask for these cases to be moved; `steps` maps steps of the old version to those meant in the new one.

    `carry_out` then moves them. Raises NotAllowed, NoWayThere, NothingToMove.
    """
    if not by.can(PUBLISH_CATALOGUE):
        raise NotAllowed
    service = _service_of_both(from_version_id, to_version_id)
    chosen = sorted(set(case_ids))
    if not 0 < len(chosen) <= MOST_CASES:
        raise NothingToMove(most=MOST_CASES)
    made = VersionMove.objects.create(
        service=service, from_version_id=from_version_id, to_version_id=to_version_id, steps=dict(steps or {}),
        note=note, at=clock.now(), **author_of(by),
    )  # fmt: skip
    MovedCase.objects.bulk_create(MovedCase(move=made, case_id=case_id) for case_id in chosen)
    audit_row(
        by=by, action="cases.version_move.asked", object_type="version_move", object_id=made.pk, municipality_id=None,
        fields=("steps", "note"),
        values={"service": service, "from": from_version_id, "to": to_version_id, "steps": made.steps,
                "cases": len(chosen), "note": note},
    )  # fmt: skip
    return made


def carry_out(*, move_id: int, limit: int = AT_ONCE) -> int:
    """Move at most `limit` of the cases that wait for it; how many were looked at."""
    move = VersionMove.objects.get(pk=move_id)
    waiting = MovedCase.objects.filter(move=move, state=MovedCase.State.WAITING).order_by("id")
    ids = list(waiting.values_list("id", "case_id")[:limit])
    if not ids:
        return 0
    target = target_of(move.from_version_id, move.to_version_id, move.steps)
    for row_id, case_id in ids:
        try:
            move_one(move=move, row_id=row_id, case_id=case_id, target=target)
        except Exception:
            log.exception("case %s of moving %s could not be moved", case_id, move_id)
            _stayed(MovedCase.objects.get(pk=row_id), Carriage((), [Reason("failed")]), at=clock.now())
    return len(ids)


@transaction.atomic
def move_one(*, move: VersionMove, row_id: int, case_id: int, target: Target) -> None:
    """Move one case of a moving, or write down why it stays. Done already: nothing."""
    now, by = clock.now(), actor_of(move)
    try:
        loaded = lock_case(case_id)
    except CaseNotFound:
        _stayed(MovedCase.objects.get(pk=row_id), Carriage((), [Reason("missing")]), at=now)
        return
    row = MovedCase.objects.select_for_update().get(pk=row_id)
    if row.state != MovedCase.State.WAITING:
        return
    before = undo.whole(loaded, further=FURTHER)
    made = carry(loaded, target, at=now)
    if made.reasons:
        _stayed(row, made, at=now)
        return
    _written(loaded)
    write_act(loaded, by=by, entry=_entry(move, target, made), at=now)
    save(loaded.case)
    tell(loaded, move, made.told_anew, back=False)
    row.state, row.before, row.revision, row.done_at = (
        MovedCase.State.MOVED,
        before,
        loaded.case.revision,
        now,
    )
    row.steps_before, row.steps_after = list(made.steps_before), list(made.steps_after)
    row.save()


def tell(loaded: Loaded, move: VersionMove, told_anew: bool, *, back: bool) -> None:
    """The events of a case that was moved or taken back."""
    case = loaded.case
    ends = (move.to_version_id, move.from_version_id) if back else (move.from_version_id, move.to_version_id)
    emit(
        name=events.CARRIED, subject=f"case:{case.pk}",
        data={"case": case.pk, "service": case.service, "from": ends[0], "to": ends[1], "move": move.pk},
    )  # fmt: skip
    if told_anew:
        act = "carried_back" if back else "carried"
        emit(
            name=events.MOVED, subject=f"case:{case.pk}",
            data={"case": case.pk, "service": case.service, "state": case.state, "stage": case.stage, "act": act},
        )  # fmt: skip


def author_of(by: Actor) -> dict[str, Any]:
    """Who acts, as the history keeps it."""
    return {
        "account_id": by.account_id, "position_id": by.position_id, "capacity": by.capacity, "actor_ar": by.name_ar,
        "actor_en": by.name_en, "title_ar": by.title_ar, "title_en": by.title_en, "on_behalf_of": by.on_behalf_of,
    }  # fmt: skip


def actor_of(move: VersionMove) -> Actor:
    """Whoever asked for the moving: the author of each move, with no right to anything else."""
    return Actor(
        account_id=move.account_id, capacity=move.capacity, name_ar=move.actor_ar, name_en=move.actor_en,
        position_id=move.position_id, title_ar=move.title_ar, title_en=move.title_en, on_behalf_of=move.on_behalf_of,
    )  # fmt: skip


def _service_of_both(from_version_id: int, to_version_id: int) -> str:
    rows = ServiceVersion.objects.filter(
        pk__in=(from_version_id, to_version_id),
        state=ServiceVersion.State.PUBLISHED,
        valid_from__lte=clock.today(),
    ).select_related("service")
    found = {row.pk: row for row in rows}
    slugs = {row.service.slug for row in rows}
    if len(found) != 2 or len(slugs) != 1 or any(row.compiled["table"] is None for row in rows):
        raise NoWayThere
    return slugs.pop()


def _entry(move: VersionMove, target: Target, made: Carriage) -> Entry:
    old, new = target.old, target.new
    return Entry(
        act="carried", note=move.note, public=False,
        why={
            "rule": "version_move", "version": new.version_id,
            "inputs": {"move": move.pk, "from": old.number, "to": new.number, "steps": dict(move.steps)},
            "result": {"from": list(made.steps_before), "to": list(made.steps_after)},
        },
    )  # fmt: skip


def _written(loaded: Loaded) -> None:
    """The rows of the position as they are now; the case itself is saved with its revision."""
    for task in loaded.tasks:
        task.save()
        if task.kind == OpenTask.Kind.PARTY:
            CaseParty.objects.filter(case_id=task.case_id, token=task.token).update(due_at=task.due_at)
    for join in loaded.joins:
        join.save(update_fields=["split"])


def _stayed(row: MovedCase, made: Carriage, *, at: datetime) -> None:
    row.state, row.done_at = MovedCase.State.STAYED, at
    row.hindrances = [reason.plain() for reason in made.reasons]
    row.steps_before = list(made.steps_before)
    row.save()
