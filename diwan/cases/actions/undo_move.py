"""Take cases back to the version from which they were moved: each that nobody has acted on since."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.cases import undo
from diwan.cases.actions.move_version import AT_ONCE, author_of, tell
from diwan.cases.carrying import Reason
from diwan.cases.errors import CaseNotFound, NotAllowed
from diwan.cases.loading import Loaded, lock_case
from diwan.cases.models import CaseParty, History, MovedCase, VersionMove
from diwan.cases.moving import Entry, save, write_act
from diwan.cases.services import service_of
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor
from diwan.people.registry import PUBLISH_CATALOGUE


class NothingToTakeBack(DiwanError):
    """None of the chosen cases was moved, or they are back already."""

    code = "cases.nothing_to_take_back"
    message = N_("None of these requests can be taken back: they stayed, or they are back already.")


@transaction.atomic
def undo_move(*, move_id: int, by: Actor, case_ids: Sequence[int] | None = None) -> int:
    """Ask for the moved cases (None: all) of a moving to be taken back; how many. `take_back` then does it.

    Raises NotAllowed, NothingToTakeBack.
    """
    if not by.can(PUBLISH_CATALOGUE):
        raise NotAllowed
    rows = MovedCase.objects.filter(move_id=move_id, state=MovedCase.State.MOVED)
    if case_ids is not None:
        rows = rows.filter(case_id__in=case_ids)
    asked = rows.update(state=MovedCase.State.RETURNING, returned_by=author_of(by))
    if not asked:
        raise NothingToTakeBack
    audit_row(
        by=by, action="cases.version_move.undone", object_type="version_move", object_id=move_id, municipality_id=None,
        values={"cases": asked},
    )  # fmt: skip
    return asked


def take_back(*, move_id: int, limit: int = AT_ONCE) -> int:
    """Take back at most `limit` of the cases that wait for it; how many were looked at."""
    move = VersionMove.objects.get(pk=move_id)
    waiting = MovedCase.objects.filter(move=move, state=MovedCase.State.RETURNING).order_by("id")
    ids = list(waiting.values_list("id", "case_id")[:limit])
    for row_id, case_id in ids:
        return_one(move=move, row_id=row_id, case_id=case_id)
    return len(ids)


@transaction.atomic
def return_one(*, move: VersionMove, row_id: int, case_id: int) -> None:
    """Put one case back as it was before the move; one on which somebody has acted since stays, and says so."""
    now = clock.now()
    try:
        loaded = lock_case(case_id)
    except CaseNotFound:
        _kept(MovedCase.objects.get(pk=row_id), "missing")
        return
    row = MovedCase.objects.select_for_update().get(pk=row_id)
    if row.state != MovedCase.State.RETURNING:
        return
    late = History.objects.filter(case_id=case_id, act="escalated", at__gt=row.done_at or now).exists()
    if row.before is None or loaded.case.revision != row.revision or late:
        _kept(row, "acted")
        return
    _restored(loaded, row.before)
    by = _returner(row.returned_by or {})
    inputs = {"move": move.pk, "from": move.to_version_id, "to": move.from_version_id}
    why = {"rule": "version_move", "version": move.from_version_id, "inputs": inputs}
    write_act(loaded, by=by, entry=Entry(act="carried_back", public=False, why=why), at=now)
    save(loaded.case)
    tell(loaded, move, True, back=True)
    row.state, row.done_at, row.hindrances = MovedCase.State.RETURNED, now, []
    row.save()


def _restored(loaded: Loaded, before: dict[str, Any]) -> None:
    undo.restore(loaded.case, before)
    loaded.service = service_of(loaded.case.version_id)
    for task in before["tasks"]:
        fields = task["fields"]
        if fields["kind"] == "party":
            CaseParty.objects.filter(case_id=loaded.case.pk, token=fields["token"]).update(
                due_at=fields["due_at"]
            )


def _kept(row: MovedCase, code: str) -> None:
    row.state, row.hindrances = MovedCase.State.MOVED, [Reason(code).plain()]
    row.save()


def _returner(told: dict[str, Any]) -> Actor:
    return Actor(
        account_id=told.get("account_id"), capacity=told.get("capacity", ""), name_ar=told.get("actor_ar", ""),
        name_en=told.get("actor_en", ""), position_id=told.get("position_id"), title_ar=told.get("title_ar", ""),
        title_en=told.get("title_en", ""), on_behalf_of=told.get("on_behalf_of", ""),
    )  # fmt: skip
