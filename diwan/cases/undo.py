"""Taking back the last act of an officer: within ten minutes, until payment, and while nobody else has acted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.serializers.python import Deserializer, Serializer
from django.db.models import Subquery

from diwan.cases.loading import Loaded
from diwan.cases.models import Case, JoinCounter, OpenTask, UndoSlot
from diwan.cases.services import service_of
from diwan.kit import clock
from diwan.people.actor import Actor

PERIOD: Final = timedelta(minutes=10)
_CASE_COLUMNS: Final = (
    "state", "stage", "holder", "next_token", "returns", "ended_at_step", "facts", "clock_remaining", "clock_from",
    "spent", "data",
    "municipality_id", "district_id", "unit_id",
)  # fmt: skip
_CASE_TIMES: Final = ("due_at", "closed_at", "approved_at")


@dataclass(frozen=True, slots=True)
class Before:
    """A case before an act: its columns and its open splits, as JSON."""

    case: dict[str, Any]
    joins: list[dict[str, Any]]


def snapshot(loaded: Loaded) -> Before:
    """What an act is about to change, beside the tasks: those the move keeps with `loaded`."""
    return Before(case=_columns(loaded.case), joins=_rows(loaded.joins))


def whole(loaded: Loaded, *, further: Sequence[str]) -> dict[str, Any]:
    """The case with `further` columns and all rows of its position, as `restore` takes them."""
    case = _columns(loaded.case) | {name: getattr(loaded.case, name) for name in further}
    return {"case": case, "joins": _rows(loaded.joins), "tasks": _rows(loaded.tasks)}


def _columns(case: Case) -> dict[str, Any]:
    columns = {name: getattr(case, name) for name in _CASE_COLUMNS}
    return columns | {name: _text(getattr(case, name)) for name in _CASE_TIMES}


def offer(loaded: Loaded, *, before: Before, by: Actor) -> None:
    """Remember what the act replaced, so that its author can take it back for a while.

    Of the tasks those that it closed, and the tokens of those that it opened. An act that ended the case with
    consequences (an entry was cancelled, a suspension lifted) is not taken back.
    """
    case = loaded.case
    if by.account_id is None or service_of(case.version_id).consequences_on(case.ended_at_step):
        return
    replaced = {
        "case": before.case,
        "joins": before.joins,
        "tasks": _rows(loaded.closed),
        "opened": [task.token for task in loaded.opened],
    }
    slot = UndoSlot(
        case_id=case.pk, history_id=loaded.last_act, account_id=by.account_id, capacity=by.capacity,
        revision=case.revision, before=replaced, until=clock.now() + PERIOD,
    )  # fmt: skip
    UndoSlot.objects.bulk_create(
        [slot], update_conflicts=True, unique_fields=["case_id"],
        update_fields=["history_id", "account_id", "capacity", "revision", "before", "until"],
    )  # fmt: skip


def is_open(case_id: int, account_id: int | None) -> bool:
    """Whether this account's act is still the last one of the case, within its time. One statement."""
    if account_id is None:
        return False
    revision = Case.objects.filter(pk=case_id).values("revision")
    slot = UndoSlot.objects.filter(case_id=case_id, account_id=account_id, until__gte=clock.now())
    return slot.filter(revision=Subquery(revision)).exists()


def open_until(case: Case) -> datetime | None:
    """Until when whoever acted last may take it back; None when nobody may (an applicant's or an automatic act)."""
    slot = UndoSlot.objects.filter(case_id=case.pk, revision=case.revision, until__gte=clock.now())
    return slot.values_list("until", flat=True).first()


def restore(case: Case, before: dict[str, Any]) -> None:
    """Put columns and rows back as they were. The caller holds the lock and writes the history."""
    for name, value in before["case"].items():
        setattr(case, name, datetime.fromisoformat(value) if name in _CASE_TIMES and value else value)
    opened = OpenTask.objects.filter(case=case)
    if "opened" in before:  # else these are all the tasks of the case: it was moved to another version
        opened = opened.filter(token__in=before["opened"])
    opened.delete()
    JoinCounter.objects.filter(case=case).delete()
    for row in [*before["tasks"], *before["joins"]]:
        for restored in Deserializer([row]):
            restored.save(force_insert=True)


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _rows(rows: Sequence[OpenTask | JoinCounter]) -> list[dict[str, Any]]:
    plain: list[dict[str, Any]] = Serializer().serialize(rows)
    for row in plain:
        for name, value in row["fields"].items():
            if isinstance(value, datetime):
                row["fields"][name] = value.isoformat()
    return plain
