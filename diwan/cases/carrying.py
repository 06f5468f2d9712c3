"""Carrying a case over to another version of its service: what would come of it, or why it cannot be.

The case is changed in memory only, so a dry run and the move itself are the same code; the action writes it down. What
is open stays open: tasks keep their tokens, whoever has taken one over keeps it as long as the same people may do it,
and bills and documents never change under people's feet.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from diwan.cases import carried_answers, carried_clocks, clockwork, ladders, routing, tasks
from diwan.cases.facts import rule_facts
from diwan.cases.loading import Loaded
from diwan.cases.models import Case, OpenTask
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.flow.position import Outcome, Position, Standing, Token, standing
from diwan.flow.table import Step, Text
from diwan.flow.transplant import Hindrance, Transplant
from diwan.kit.errors import DiwanError

_WHO = ("role", "scope", "department_from", "nearest", "entity", "entity_from")


@dataclass(frozen=True, slots=True)
class Target:
    """From which version to which, and which steps stand for one another."""

    old: CompiledService
    new: CompiledService
    transplant: Transplant

    @property
    def separating(self) -> frozenset[str]:
        """Steps of the old version whose doers may not do others."""
        return frozenset(key for step in self.old.flow.steps.values() for key in step.not_same_person_as)


def target_of(from_version_id: int, to_version_id: int, steps: Mapping[str, str] | None = None) -> Target:
    """The way between two versions of one service that runs; ValueError for one that is only read."""
    old, new = service_of(from_version_id), service_of(to_version_id)
    return Target(old, new, Transplant(old.flow, new.flow, dict(steps or {})))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a case stays: a code of `cases.wording.STAYS`, with the words that its sentence names."""

    code: str
    step: Text | None = None
    to: Text | None = None
    names: tuple[Text, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As it is kept with the record of the move."""
        return {
            "code": self.code, "step": _both(self.step), "to": _both(self.to),
            "names": [_both(name) for name in self.names],
        }  # fmt: skip


@dataclass(slots=True)
class Carriage:
    """What comes of carrying a case over: reasons to stay, or where it then stands and what changes for it."""

    steps_before: tuple[str, ...]
    reasons: list[Reason] = field(default_factory=list)
    steps_after: tuple[str, ...] = ()
    gone: tuple[Text, ...] = ()
    """Questions whose answers the new form no longer has; the record of the move keeps them."""
    due_before: datetime | None = None
    due_after: datetime | None = None
    dues: tuple[tuple[str, datetime | None, datetime | None], ...] = ()
    """Steps of the new version whose deadline is another now: before and after."""
    told_anew: bool = False
    """State, stage or holder are others now."""


def carry(loaded: Loaded, target: Target, *, at: datetime) -> Carriage:
    """Change the case that was read so that it is one of the new version; with reasons it must not be written."""
    case = loaded.case
    made = Carriage(tuple(task.step for task in loaded.tasks), due_before=_first_due(loaded.tasks))
    if case.closed_at is not None or not loaded.tasks:
        made.reasons.append(Reason("ended"))
    elif case.version_id != target.old.version_id:
        made.reasons.append(Reason("elsewhere"))
    if made.reasons:
        return made
    carried = target.transplant.carry(loaded.position)
    made.reasons += [_worded(found, target) for found in carried.hindrances]
    made.reasons += [*_running(loaded, target), *_duties(loaded.case, target)]
    answers = carried_answers.carried(case, target.old, target.new)
    if answers.lacking:
        made.reasons.append(Reason("answers", names=answers.lacking))
    if made.reasons or carried.position is None:
        return made
    made.gone = answers.gone
    case.data = answers.values
    case.facts = _facts(case, answers.derived, target)
    try:
        _stand(loaded, carried.position, target, made, at=at)
    except routing.NobodyInCharge:
        made.reasons.append(Reason("nobody"))
    except DiwanError:
        made.reasons.append(Reason("rule"))
    return made


def _stand(loaded: Loaded, position: Position, target: Target, made: Carriage, *, at: datetime) -> None:
    """Tasks, clocks and what is told, by the new version."""
    case, old, new = loaded.case, target.old, target.new
    was, now = standing(old.flow, loaded.position), standing(new.flow, position)
    told = (case.state, case.stage, case.holder)
    dues = {task.token: task.due_at for task in loaded.tasks}
    case.version_id, loaded.service = new.version_id, new
    if old.department != new.department:
        case.unit_id = routing.unit_for(department=new.department, municipality_id=case.municipality_id)
    for join in loaded.joins:
        join.split = target.transplant.name(join.split)
    for task in loaded.tasks:
        token = position.token(task.token)
        assert token is not None
        _follow(task, token, loaded, target, at=at)
    loaded.position = position
    _take_standing(case, new, position, now)
    if was.paused and not now.paused:
        clockwork.resume_case(case, old, at=at)
    carried_clocks.whole(case, old, new, at=at)
    if now.paused and not was.paused:
        clockwork.pause_case(case, new, at=at)
    for task in loaded.tasks:
        rung = ladders.next_of(task, new, case, rule_facts(new, case, item=tasks.item_of(task.data)))
        task.next_level_at = rung.at if rung is not None else None
    made.steps_after = tuple(task.step for task in loaded.tasks)
    made.due_after = _first_due(loaded.tasks)
    made.dues = tuple(
        (task.step, dues[task.token], task.due_at) for task in loaded.tasks if dues[task.token] != task.due_at
    )
    made.told_anew = told != (case.state, case.stage, case.holder)


def _take_standing(case: Case, new: CompiledService, position: Position, now: Standing) -> None:
    case.state, case.stage, case.holder = now.state, now.step, now.holder
    if case.holder == "entity":
        case.holder = tasks.entity_holder(new, case, Outcome(position, ()))


def _follow(task: OpenTask, token: Token, loaded: Loaded, target: Target, *, at: datetime) -> None:
    """The task at its step of the new version: what the machine needs, who may do it, until when."""
    before, after = target.old.flow.steps[task.step], target.new.flow.steps[token.step]
    task.step = after.key
    task.data = {**task.data, **tasks.token_data(after, token)}
    if any(getattr(before, name) != getattr(after, name) for name in _WHO):
        _place(task, loaded, after)
    facts = rule_facts(target.new, loaded.case, item=tasks.item_of(task.data))
    carried_clocks.of_task(task, before, after, target.new, facts, at=at)


def _place(task: OpenTask, loaded: Loaded, step: Step) -> None:
    """Where it waits now; whoever had taken it over keeps it while unit and role are the same."""
    seat, holder = (task.unit_id, task.role), task.assignee_id
    task.unit_id, task.role, task.entity_id, task.assignee_id = None, "", None, None
    tasks.place(task, tasks.Routed(loaded.service, step), loaded)
    if not step.nearest and (task.unit_id, task.role) == seat:
        task.assignee_id = holder


def _facts(case: Case, derived: Mapping[str, Any] | None, target: Target) -> dict[str, Any]:
    """The facts of the case under the names of the new version."""
    facts, steps = dict(case.facts), target.transplant.steps
    if derived is not None:
        facts["derived"] = dict(derived)
    if steps:
        name = target.transplant.name
        for told in {"outcomes", "answered"} & set(facts):
            facts[told] = {name(step): said for step, said in facts[told].items()}
        earlier = {old: name(new) for old, new in facts.get("renamed", {}).items()}
        facts["renamed"] = {**earlier, **steps}
    return facts


def _running(loaded: Loaded, target: Target) -> Iterator[Reason]:
    """A bill that is open and a document that is approved or being made must mean the same in the new version."""
    old, new = target.old.definition, target.new.definition
    kinds = {task.kind for task in loaded.tasks}
    if OpenTask.Kind.PAYMENT in kinds and (old.fees, old.bill_days) != (new.fees, new.bill_days):
        yield Reason("bill")
    if old.result != new.result:
        if OpenTask.Kind.DOCUMENT in kinds:
            yield Reason("document")
        elif loaded.case.facts.get("approved"):
            yield Reason("approved")


def _duties(case: Case, target: Target) -> Iterator[Reason]:
    """Steps of the case that whoever did them bars from others, and that nothing stands for in the new version: who did
    them would be forgotten."""
    for step in case.facts.get("outcomes", {}):
        if step in target.separating and target.transplant.name(step) not in target.new.flow.steps:
            yield Reason("duties", step=target.old.stage_title(step))


def _worded(found: Hindrance, target: Target) -> Reason:
    return Reason(
        found.code,
        step=target.old.stage_title(found.step) if found.step else None,
        to=target.new.stage_title(found.to) if found.to else None,
    )


def _first_due(open_tasks: Sequence[OpenTask]) -> datetime | None:
    return min((task.due_at for task in open_tasks if task.due_at is not None), default=None)


def _both(text: Text | None) -> dict[str, str] | None:
    return None if text is None else {"ar": text.ar, "en": text.en}
