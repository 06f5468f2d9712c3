"""An employee or an outside body acts on an open task: approve, return with remarks, refuse, report a visit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from diwan.cases import amending, checks, guards, registry, remarks, signing, undo
from diwan.cases.errors import NoteRequired, ReasonRequired, UnknownReason
from diwan.cases.loading import Loaded, lock_case
from diwan.cases.models import Case, NoteDraft, OpenTask
from diwan.cases.moving import Entry, move
from diwan.cases.remarks import Remark
from diwan.flow.events import Completed, Signed
from diwan.flow.table import Exit
from diwan.people.actor import Actor


@transaction.atomic
def take_step(
    *,
    case_id: int,
    task_id: int,
    revision: int,
    outcome: str,
    by: Actor,
    note: str = "",
    reasons: Sequence[str] = (),
    field_remarks: Sequence[Remark] = (),
    answers: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Case:
    """Complete the task with one of the outcomes of its step and move the case on.

    `revision` is the case as the actor read it: when somebody else acted since, Outrun tells who and what, and the
    note draft keeps the text. `reasons` are codes of the step's list; `field_remarks` go with a return; `answers` are
    those of a visit's checklist; `changes` mend answers that the step may change. Raises CaseNotFound, NotAllowed,
    SamePerson, Outrun, WrongMoment, ReasonRequired, NoteRequired, UnknownReason, NoRemarks, FieldErrors,
    VisitNotPassed, StepUpRequired.
    """
    loaded = lock_case(case_id, task_id=task_id)
    task = guards.task_for(loaded, task_id=task_id, revision=revision, by=by)
    exit_ = guards.exit_for(loaded, task, outcome, by=by)
    guards.may_act(loaded, task, by=by)
    if exit_.effect == "return" and not reasons:
        reasons = sorted({remark.reason for remark in field_remarks})
    check_reasons(loaded, exit_, reasons)
    if exit_.guard is not None:
        registry.guard_of(exit_.guard)(loaded.case, task, by)
    if exit_.note == "required" and not note.strip():
        raise NoteRequired
    before = undo.snapshot(loaded)
    changed = amending.amend(loaded, changes or {}, allowed=loaded.service.flow.steps[task.step].may_change)
    said = Entry(act="acted", step=task.step, outcome=exit_.key, note=note, reasons=reasons, changes=changed)
    case = _act(loaded, task, exit_, by=by, said=said, field_remarks=field_remarks, answers=answers)
    if not any(opened.kind == OpenTask.Kind.CHILD for opened in loaded.held):
        undo.offer(loaded, before=before, by=by)
    NoteDraft.objects.filter(case_id=case_id, account_id=by.account_id or 0).delete()
    return case


def _act(
    loaded: Loaded,
    task: OpenTask,
    exit_: Exit,
    *,
    by: Actor,
    said: Entry,
    field_remarks: Sequence[Remark],
    answers: Mapping[str, Any] | None,
) -> Case:
    """Remarks, mandate and move, in this order, for an act that was found allowed."""
    if exit_.effect == "return":
        remarks.write(loaded, field_remarks, by=by)
    if (
        task.kind == OpenTask.Kind.CHAIN
        and exit_.effect == "approve"
        and not signing.is_last(loaded, task, by=by)
    ):
        signing.step_up(by=by)
        said = replace(said, act="signed", outcome="", public=False)
        return move(loaded, Signed(task.token), by=by, entry=said)
    if exit_.effect == "approve":
        signing.authorise(loaded, task, exit_, by=by)
    if exit_.effect in ("continue", "approve"):
        checks.confirm_by_hand(loaded, task)
    checked = guards.checklist(loaded, task, exit_, answers or {})
    return move(
        loaded,
        Completed(task.token, exit_.key),
        by=by,
        entry=replace(
            said,
            act="returned" if exit_.effect == "return" else said.act,
            why=checked.why if checked else None,
        ),
        task_data=checked.data if checked else None,
        delay_notices=exit_.effect == "reject",
    )


def check_reasons(loaded: Loaded, exit_: Exit, reasons: Sequence[str]) -> None:
    """Reasons are asked for and come from the list that the service allows for this way out."""
    if exit_.reason == "required" and not reasons:
        raise ReasonRequired
    allowed = loaded.service.reasons_for(exit_)
    for code in reasons:
        if code not in allowed:
            raise UnknownReason(reason=code)
