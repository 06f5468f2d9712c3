"""What the rules of a run read, and how an act changes it: answers, checks, visits, votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from diwan.catalogue.schema import Check
from diwan.flow.table import ISSUED, NO_QUORUM, RESUBMITTED, Step
from diwan.flow.voting import Member, Result, count
from diwan.forms.entry import examine
from diwan.sandbox.errors import AnswersMissing, VisitFails, VoteTied
from diwan.sandbox.moves import Move
from diwan.sandbox.people import employees
from diwan.sandbox.setting import Setting

CHECKS: Final = "checks.registers"
AWAY: Final = "away"
"""In place of a vote: the member did not come."""
ABSTAINS: Final = "abstain"


@dataclass(frozen=True, slots=True)
class Known:
    """What rules read besides the applicant: answers, facts, papers, and what has come out so far."""

    data: Mapping[str, Any] = field(default_factory=dict)
    derived: Mapping[str, Any] = field(default_factory=dict)
    papers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    checks: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    answered: Mapping[str, Sequence[str]] = field(default_factory=dict)
    visit: Mapping[str, Any] = field(default_factory=dict)
    round: int = 1


def facts_of(setting: Setting, known: Known, today: date, item: str = "") -> dict[str, Any]:
    """The variables of every rule; inside an each with the `item` of the token."""
    return setting.service.environment(
        values=known.data, facts=known.derived, today=today, applicant=setting.person.snapshot, entry=setting.held,
        documents=known.papers, checks=known.checks, outcomes=known.outcomes, visit=known.visit,
        case={"round": known.round, "channel": "portal"}, answered=known.answered, item=item,
        contested=setting.contested(),
    )  # fmt: skip


def with_answers(setting: Setting, known: Known, move: Move, *, part: str) -> Known:
    """What is known once the form's answers of the move are in, those of the applicant or of a party's `part`.

    Raises AnswersMissing.
    """
    plan = setting.service.form
    papers = {
        slot.key: [str(number) for number in range(max(1, slot.least))]
        for slot in plan.slots
        if slot.key in (move.papers or ())
    }
    found = examine(plan, move.values or {}, papers, setting.context(part))
    if found.problems:
        raise AnswersMissing(problems=found.problems)
    others = {one.key for page, _group, one in plan.placed() if page.by != part}
    data = {**{key: value for key, value in known.data.items() if key in others}, **found.values}
    derived = setting.service.derive(data, setting.context(None)) if part else found.facts
    return replace(known, data=data, derived=derived, papers={**known.papers, **papers})


def checks_at(setting: Setting, step: Step, facts: Mapping[str, Any]) -> list[Check]:
    """The checks that an automatic step runs, those that apply."""
    if step.act != CHECKS:
        return []
    service = setting.service
    due = [check for check in service.checks if check.at in ("", step.key)]
    return [check for check in due if service.holds(check.when, facts)]


def completed(
    setting: Setting, known: Known, facts: Mapping[str, Any], step: Step, move: Move
) -> tuple[Known, str]:
    """What is known with an act, and the exit that it takes. Raises AnswersMissing, VisitFails, VoteTied."""
    if step.kind == "applicant":
        mended = with_answers(setting, known, move, part="")
        return replace(mended, round=known.round + 1), RESUBMITTED
    if step.kind == "document":
        return known, ISSUED
    if step.kind == "party" and any(page.by == step.key for page in setting.service.form.pages):
        return with_answers(setting, known, move, part=step.key), move.outcome
    if step.kind == "vote":
        return known, _decided(step, move)
    if step.act == CHECKS:
        checks = {**known.checks, **_states(setting, step, facts, move)}
        return replace(known, checks=checks), setting.service.gravest(checks)
    if step.kind == "visit":
        return _visited(setting, known, step, move), move.outcome
    if step.kind == "task" and step.key in setting.service.by_hand:
        seen = {code: "manual" if one == "silent" else one for code, one in known.checks.items()}
        return replace(known, checks=seen), move.outcome
    return known, move.outcome


def _states(setting: Setting, step: Step, facts: Mapping[str, Any], move: Move) -> dict[str, str]:
    """What each check finds: rules over the answers are asked, registers say what the move says."""
    known = {**facts, "answer": {}}
    return {
        check.code: ("passed" if setting.service.evaluate_check(check, known).value is True else "failed")
        if check.kind == "rule"
        else move.checks.get(check.code, "passed")
        for check in checks_at(setting, step, facts)
    }


def _visited(setting: Setting, known: Known, step: Step, move: Move) -> Known:
    """The score of the checklist. Raises VisitFails for "passed" with one that does not pass."""
    exit_ = step.exits.get(move.outcome)
    if step.checklist is None or exit_ is None or (exit_.effect == "continue" and exit_.reason != "none"):
        return known
    found = setting.service.scored(step.checklist, move.failing)
    if exit_.effect == "continue" and not found["passed"]:
        raise VisitFails
    return replace(known, visit=found)


def _decided(step: Step, move: Move) -> str:
    """What the committee decides. Raises VoteTied."""
    result = counted(step, move.votes)
    if result is None or not result.quorate:
        return NO_QUORUM
    if result.choice is None:
        raise VoteTied
    return result.choice


def counted(step: Step, votes: Mapping[str, str]) -> Result | None:
    """How the votes of the test employees count, the first of them in the chair; None at a step without a vote."""
    if step.vote is None:
        return None
    posts = {code: number for number, code in enumerate(employees())}
    members = [Member(number, is_chair=number == 0) for number in posts.values()]
    given = {posts[who]: choice for who, choice in votes.items() if who in posts and choice != AWAY}
    ballots = {post: "" if choice == ABSTAINS else choice for post, choice in given.items()}
    return count(step.vote, [key for key in step.exits if key != NO_QUORUM], members, ballots)
