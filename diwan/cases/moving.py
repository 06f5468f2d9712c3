"""The one way in which a case moves: flow event in, rows out, in the caller's transaction.

Every action that moves a case ends here, so history, audit, messages, deadlines, bills and events are written in one
place and in one order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from diwan.audit.actions import audit_row
from diwan.cases import (
    accounting,
    billing,
    children,
    clockwork,
    events,
    notices,
    parties,
    registry,
    saving,
    tasks,
    whys,
)
from diwan.cases.errors import WrongMoment
from diwan.cases.facts import rule_facts
from diwan.cases.loading import Loaded
from diwan.cases.models import Case, DoneTask, History, OpenTask
from diwan.cases.saving import Step
from diwan.flow import answers
from diwan.flow import effects as fx
from diwan.flow.core import advance
from diwan.flow.errors import FlowError
from diwan.flow.events import Completed, Event, Expired
from diwan.flow.position import Outcome
from diwan.kit import clock
from diwan.people.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the history says of an act. `act` is a code of `cases.wording.ACTS`."""

    act: str
    step: str = ""
    outcome: str = ""
    note: str = ""
    reasons: Sequence[str] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)
    why: Mapping[str, Any] | None = None
    public: bool = True


def move(
    loaded: Loaded, event: Event, *, by: Actor, entry: Entry, task_data: Mapping[str, Any] | None = None,
    delay_notices: bool = False,
) -> Case:  # fmt: skip
    """Advance the locked case by one event and write everything that follows from it.

    `task_data` is kept with the task that the event closes (checklist answers, a register's answer). With
    `delay_notices` the applicant hears of it only when it can no longer be undone. Raises WrongMoment when the event
    does not fit the position.
    """
    case = loaded.case
    now = clock.now()
    _remember_outcome(loaded, event, task_data or {})
    try:
        outcome = _advanced(loaded, event)
    except FlowError as error:
        raise WrongMoment(stage=loaded.service.title(case.stage, by.language)) from error
    _forget_answers(loaded, outcome)
    step = Step(done=loaded.done)
    _close_tasks(loaded, outcome, step, by=by, now=now, task_data=task_data or {})
    _take_standing(loaded, outcome, now=now)
    routed = _open_tasks(loaded, outcome, step, now=now)
    case.next_token = outcome.position.next_id
    case.returns = outcome.position.returns
    case.ended_at_step = outcome.position.end or ""
    act = _act_row(case, by=by, entry=entry, at=now, routed=routed)
    step.history = [act, *_decisions(case, outcome, at=now)]
    if case.closed_at == now:
        case.spent = accounting.written(accounting.at_the_end(case, step.history, step.done))
    step.audit = _audited(case, by=by, entry=entry)
    step.messages = notices.of_move(case, outcome, at=now, delayed=delay_notices)
    step.events += _events(case, outcome, entry)
    saving.save(case, step, before=loaded.position, after=outcome.position)
    loaded.position, loaded.last_act = outcome.position, act.pk
    _settle(loaded, step, by=by, at=now)
    _bring_about(loaded, outcome, by=by)
    if case.facts.get("parties") and outcome.position.end is not None and not outcome.position.tokens:
        parties.tell_end(case, at=now)
    return case


def _advanced(loaded: Loaded, event: Event) -> Outcome:
    """What the flow makes of the event. Raises FlowError.

    Where only a part of the open tasks was read, that is enough for an event that closes one of them and opens no
    further branch: state, stage, holder and clock follow from the first and the last of those that are alike. Any
    other event is answered from the whole.
    """
    facts = rule_facts(loaded.service, loaded.case)
    flow, evaluate = loaded.service.flow, loaded.service.evaluate
    if loaded.partly:
        try:
            outcome = advance(flow, loaded.position, event, facts, evaluate)
        except FlowError:
            outcome = None
        if outcome is not None and _alone(outcome, loaded.position.next_id):
            return outcome
        loaded.complete()
    return advance(flow, loaded.position, event, facts, evaluate)


def _alone(outcome: Outcome, next_token: int) -> bool:
    """Whether one task has closed, and no branch was opened."""
    closed = {effect.token for effect in outcome.effects if isinstance(effect, fx.CloseTask)}
    return len(closed) == 1 and outcome.position.next_id == next_token and outcome.position.end is None


def _settle(loaded: Loaded, step: Step, *, by: Actor, at: datetime) -> None:
    """What payment steps and parties' steps bring with them: a bill withdrawn or made, a party asked."""
    case, service = loaded.case, loaded.service
    unpaid = [row for row in step.done if row.kind == OpenTask.Kind.PAYMENT and row.outcome != "paid"]
    for _row in unpaid:
        billing.withdraw(case, by=by)
    for row in step.opened:
        if row.kind == OpenTask.Kind.PAYMENT:
            billing.request(case, service, token=row.token, at=at)
        elif row.kind == OpenTask.Kind.PARTY:
            parties.ask(case, service, row, at=at)


def _bring_about(loaded: Loaded, outcome: Outcome, *, by: Actor) -> None:
    """What the service declares for the documents that are issued by this move, and for the end that it reaches."""
    if not loaded.service.definition.consequences:
        return
    reached = [
        effect.step
        for effect in outcome.effects
        if isinstance(effect, fx.End)
        or (isinstance(effect, fx.CloseTask) and effect.kind == OpenTask.Kind.DOCUMENT and effect.outcome)
    ]
    for step in reached:
        for each in loaded.service.consequences_on(step):
            registry.consequence_of(each.kind)(loaded.case, each, by)


def _remember_outcome(loaded: Loaded, event: Event, task_data: Mapping[str, Any]) -> None:
    """Let the rules of this very move read the exit taken (`outcomes.<step>`) and what a visit found (`visit.*`)."""
    if not isinstance(event, Completed | Expired):
        return
    task = loaded.by_token(event.token)
    if task is None:
        return
    step = loaded.service.flow.steps[task.step]
    outcome = event.outcome if isinstance(event, Completed) else step.on_expired or ""
    case = loaded.case
    outcomes, answered = answers.taken(
        case.facts.get("outcomes", {}),
        case.facts.get("answered", {}),
        step=task.step,
        outcome=outcome,
        data=task.data,
    )
    case.facts = {**case.facts, "outcomes": outcomes, **({"answered": answered} if answered else {})}
    if "score" in task_data:
        found = {key: task_data[key] for key in ("score", "passed", "critical")}
        case.facts = {**case.facts, "visit": found}


def _forget_answers(loaded: Loaded, outcome: Outcome) -> None:
    """An each that opens again begins its list of answers anew."""
    answered = loaded.case.facts.get("answered")
    if answered:
        kept = answers.still_answered(loaded.service.flow, answered, outcome)
        loaded.case.facts = {**loaded.case.facts, "answered": kept}


def save(case: Case) -> None:
    """Write the case under its next revision. The row is locked, so nobody can have been faster."""
    case.revision += 1
    case.save()


def write_act(loaded: Loaded, *, by: Actor, entry: Entry, at: datetime) -> History:
    """Write one history row and its audit row; state, stage and holder are those after the act."""
    row = _act_row(loaded.case, by=by, entry=entry, at=at)
    row.save(force_insert=True)
    audit_row(**_audited(loaded.case, by=by, entry=entry))
    return row


def _act_row(
    case: Case, *, by: Actor, entry: Entry, at: datetime, routed: Sequence[Mapping[str, Any]] = ()
) -> History:
    """`routed`: by which rules the tasks that the act opened found their desks (`cases.whys`)."""
    return History(
        case=case, at=at, account_id=by.account_id, position_id=by.position_id, capacity=by.capacity,
        actor_ar=by.name_ar, actor_en=by.name_en, title_ar=by.title_ar, title_en=by.title_en,
        on_behalf_of=by.on_behalf_of, act=entry.act, step=entry.step, outcome=entry.outcome, note=entry.note,
        reasons=list(entry.reasons), changes=dict(entry.changes),
        why=whys.complete(entry.why, by=by, version_id=case.version_id, result=entry.outcome, routed=routed),
        state=case.state, stage=case.stage,
        holder=case.holder, public=entry.public,
    )  # fmt: skip


def _audited(case: Case, *, by: Actor, entry: Entry) -> dict[str, Any]:
    """The audit row of an act, as `audit_row` takes it."""
    changes = dict(entry.changes)
    return {
        "by": by, "action": f"cases.case.{entry.act}", "object_type": "case", "object_id": case.pk,
        "municipality_id": case.municipality_id,
        "fields": [name for name, value in (("note", entry.note), ("reasons", entry.reasons)) if value],
        "values": {"outcome": entry.outcome, "step": entry.step, "changes": changes, "note": entry.note},
    }  # fmt: skip


def _close_tasks(
    loaded: Loaded, outcome: Outcome, step: Step, *, by: Actor, now: datetime, task_data: Mapping[str, Any]
) -> None:
    for effect in outcome.effects:
        if not isinstance(effect, fx.CloseTask):
            continue
        task = loaded.by_token(effect.token)
        if task is None:  # opened and closed within this move
            continue
        loaded.held.remove(task)
        loaded.closed.append(task)
        acted = effect.outcome is not None
        step.closed.append(task.token)
        step.done.append(
            DoneTask(
                case=loaded.case, token=task.token, step=task.step, kind=task.kind, outcome=effect.outcome or "closed",
                data={**task.data, **task_data} if acted else task.data, municipality_id=task.municipality_id,
                unit_id=task.unit_id, role=task.role, entity_id=task.entity_id,
                position_id=(by.position_id if acted else None) or task.assignee_id,
                account_id=by.account_id if acted else None, entered_at=task.entered_at, due_at=task.due_at,
                done_at=now,
            )
        )  # fmt: skip
        if task.kind == OpenTask.Kind.CHILD and not acted:
            child = task.data[children.CHILD]
            step.events.append(
                {"name": events.CHILD_LEFT, "subject": f"case:{child}", "data": {"case": child}}
            )


def _take_standing(loaded: Loaded, outcome: Outcome, *, now: datetime) -> None:
    """State, stage and holder, and the clock of the whole case with them."""
    case = loaded.case
    for effect in outcome.effects:
        if isinstance(effect, fx.SetState):
            case.state, case.stage, case.holder = effect.state, effect.step, effect.holder
        elif isinstance(effect, fx.PauseClock):
            clockwork.pause_case(case, loaded.service, at=now)
        elif isinstance(effect, fx.ResumeClock):
            clockwork.resume_case(case, loaded.service, at=now)
        elif isinstance(effect, fx.End):
            case.closed_at = now
    if case.holder == "entity":
        case.holder = tasks.entity_holder(loaded.service, case, outcome)
    if outcome.position.tokens:
        case.closed_at = case.spent = None


def _open_tasks(loaded: Loaded, outcome: Outcome, step: Step, *, now: datetime) -> list[Mapping[str, Any]]:
    """Open the tasks; by which rules they found their desks."""
    routed: list[Mapping[str, Any]] = []
    for effect in outcome.effects:
        if not isinstance(effect, fx.OpenTask):
            continue
        token = outcome.position.token(effect.token)
        if token is None or token.step != effect.step:  # left again within this move
            continue
        row, by_rule = tasks.new_task(loaded, token, same_officer=effect.same_officer, at=now)
        if row.kind == OpenTask.Kind.CHILD:
            registry.open_child(loaded.case, loaded.service, row)
        routed += by_rule
        step.opened.append(row)
        loaded.held.append(row)
        loaded.opened.append(row)
    return routed


def _decisions(case: Case, outcome: Outcome, *, at: datetime) -> list[History]:
    """One history row for each rule that routed the case: version, inputs and result, in the reader's words."""
    return [
        History(
            case=case, at=at, capacity="system:rule", actor_ar="النظام", actor_en="The system", act="decided",
            step=effect.step, outcome=effect.to, public=False, state=case.state, stage=case.stage, holder=case.holder,
            why=whys.of_decision(effect, version_id=case.version_id),
        )
        for effect in outcome.effects
        if isinstance(effect, fx.Decided)
    ]  # fmt: skip


def _events(case: Case, outcome: Outcome, entry: Entry) -> list[Mapping[str, Any]]:
    """That the case moved, and that it ended; as `emit` takes them."""
    about = {"case": case.pk, "service": case.service, "state": case.state}
    moved = {**about, "stage": case.stage, "act": entry.act}
    found: list[Mapping[str, Any]] = [{"name": events.MOVED, "subject": f"case:{case.pk}", "data": moved}]
    if any(isinstance(effect, fx.End) for effect in outcome.effects):
        found.append({"name": events.ENDED, "subject": f"case:{case.pk}", "data": about})
    return found
