"""Whether an act may happen: permission, segregation of duties, the moment, and the facts it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from diwan.cases import visibility
from diwan.cases.contests import deciders
from diwan.cases.errors import CaseNotFound, NotAllowed, Outrun, SamePerson, WrongMoment
from diwan.cases.facts import names_of
from diwan.cases.loading import Loaded
from diwan.cases.models import Case, DoneTask, History, OpenTask
from diwan.cases.wording import act_text
from diwan.catalogue.compiled import CompiledService
from diwan.flow.table import CONTESTED, FILER, FOLLOWED, Exit
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError, FieldErrors, Problem
from diwan.people.actor import Actor

ACT = "cases.act"
_BY_PEOPLE = frozenset({OpenTask.Kind.TASK, OpenTask.Kind.VISIT, OpenTask.Kind.CHAIN, OpenTask.Kind.OUTSIDE})


@dataclass(frozen=True, slots=True)
class Checked:
    """A filled-in checklist: the answers as kept with the task, and the score with its rule."""

    data: Mapping[str, Any]
    why: Mapping[str, Any]


def task_for(loaded: Loaded, *, task_id: int, revision: int, by: Actor) -> OpenTask:
    """The task the actor wants to act on, at the revision the actor read. CaseNotFound hides what may not be seen."""
    # Mostly the tasks that were read tell it; all of them only where these do not.
    if not visibility.can_see(by, loaded.case, loaded.held) and not (
        loaded.partly and visibility.can_see(by, loaded.case, loaded.tasks)
    ):
        raise CaseNotFound
    task = loaded.task(task_id)
    if task is None or loaded.case.revision != revision:
        raise outrun(loaded.case)
    return task


def outrun(case: Case) -> Outrun:
    """Who acted last, when and what, for the one who came second."""
    last = History.objects.filter(case=case).exclude(act="decided").order_by("-id").first()
    if last is None:
        return Outrun(who="", when="", what="")
    when = clock.local(last.at)
    english = (get_language() or "ar").startswith("en")
    who = last.actor_en if english else last.actor_ar
    return Outrun(who=who, when=f"{when:%H:%M}", what=act_text(last.act))


def exit_for(loaded: Loaded, task: OpenTask, outcome: str, *, by: Actor) -> Exit:
    """The exit of the task's step that a person may take. WrongMoment for any other."""
    if task.kind not in _BY_PEOPLE:
        raise WrongMoment(stage=loaded.service.title(loaded.case.stage, by.language))
    exit_ = loaded.service.flow.steps[task.step].exits.get(outcome)
    if exit_ is None or exit_.label is None:
        raise WrongMoment(stage=loaded.service.title(loaded.case.stage, by.language))
    return exit_


def may_act(loaded: Loaded, task: OpenTask, *, by: Actor) -> None:
    """The task is the actor's to do (post, role, unit or body), and no rule of segregation forbids it."""
    if task.kind == OpenTask.Kind.OUTSIDE:
        if by.entity_id is None or by.entity_id != task.entity_id:
            raise NotAllowed
        return
    if not may_do(task, by=by):
        raise NotAllowed
    not_same_person(loaded, task, by=by)


def may_do(task: OpenTask, *, by: Actor) -> bool:
    """Whether the post may take this task: it has the role in the unit, or it was assigned to it."""
    if not by.can(ACT) or by.position_id is None or not by.covers(task.service):
        return False
    if task.assignee_id is not None:
        return task.assignee_id in by.position_ids
    return task.role in by.roles and by.reaches(task.municipality_id) and task.unit_id in (by.unit_id, None)


def not_same_person(loaded: Loaded, task: OpenTask, *, by: Actor) -> None:
    """Nobody acts on a case filed by, for or previously decided by the same person where the step forbids it."""
    case = loaded.case
    if by.account_id in (case.account_id, case.filed_by_account) or by.account_id in barred(
        loaded.service, loaded.case, task.step
    ):
        raise SamePerson


def barred(service: CompiledService, case: Case, step: str) -> frozenset[int]:
    """Accounts that may not do this step since they did one that it must not follow, decided what is contested,
    or acted on the case that this one follows."""
    forbidden = service.flow.steps[step].not_same_person_as
    steps = names_of(case, (key for key in forbidden if key not in (FILER, CONTESTED, FOLLOWED)))
    acted = DoneTask.objects.filter(account_id__isnull=False).values_list("account_id", flat=True)
    rows = [*(acted.filter(case=case, step__in=steps) if steps else ())]
    if FOLLOWED in forbidden:
        rows += acted.filter(case_id=case.facts.get("follows", {}).get("case", 0))
    found = {account for account in rows if account is not None}
    if CONTESTED in forbidden:
        found |= deciders(case)
    return frozenset(found)


class VisitNotPassed(DiwanError):
    """A visit is reported as passed though its checklist does not pass."""

    code = "cases.visit_not_passed"
    message = N_("The checklist does not pass: {score} of 100, {critical} critical. Report it as not passed.")


def checklist(loaded: Loaded, task: OpenTask, exit_: Exit, answers: Mapping[str, Any]) -> Checked | None:
    """The score of a visit's checklist: every item answered; weights sum to 100; a failed critical item fails it.

    A way out that gives a reason of its own instead (nobody opened) goes without answers. Raises FieldErrors, and
    VisitNotPassed for "passed" with a checklist that does not pass. Source: domain 6.2 (pass at 80, no critical item).
    """
    code = loaded.service.flow.steps[task.step].checklist
    if code is None or (exit_.effect == "continue" and exit_.reason != "none"):
        return None
    items = loaded.service.checklist(code)
    missing = {
        f"item_{item.code}": [Problem("cases.item_unanswered", N_("Answer this item: met, or not met."))]
        for item in items
        if answers.get(item.code) not in ("met", "not_met")
    }
    if missing:
        raise FieldErrors(missing)
    result = loaded.service.scored(code, {item.code for item in items if answers[item.code] == "not_met"})
    if exit_.effect == "continue" and not result["passed"]:
        raise VisitNotPassed(score=result["score"], critical=len(result["critical"]))
    kept = {item.code: answers[item.code] for item in items}
    return Checked(
        data={"answers": kept, **result},
        why={"rule": code, "inputs": kept, "result": result},
    )
