"""`Table` -> the definition that compiles to it: what the YAML of a workflow says, with every default written out.

The definition of a published workflow is needed where only its table is kept: to draw it, to show it as YAML, to begin
its next version from. ``compile_workflow(definition_of(table)) == table`` for every table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diwan.flow.steps import APPROVAL, STANDING
from diwan.flow.table import (
    ACTING,
    EXPIRED,
    ISSUED,
    LATE,
    NO_QUORUM,
    OTHERWISE,
    PAID,
    REACHED,
    RESUBMITTED,
    Branch,
    Deadline,
    Exit,
    Intervention,
    Step,
    Table,
    Text,
)

Plain = dict[str, Any]

_NAMED = {
    "payment": ((PAID, "on_paid"), (EXPIRED, "on_expired")),
    "applicant": ((LATE, "on_late"),),
    "choice": ((LATE, "on_late"),),
    "document": ((ISSUED, "to"),),
    "wait": ((REACHED, "on_date"), (None, "to"), (LATE, "on_late")),
    "child": ((OTHERWISE, "otherwise"),),
    "vote": ((NO_QUORUM, "no_quorum"),),
}
"""Exits that stand under a key of their own: (outcome, key); None is the message of a wait."""


def definition_of(table: Table) -> Plain:
    """The definition of ``table`` as plain data: texts, whole numbers, flags, lists and mappings."""
    whole: Plain = {"key": table.key, "start": table.start}
    if table.deadline is not None:
        whole["deadline"] = _deadline(table.deadline)
    if table.withdraw is not None:
        whole["withdraw"] = _filled(to=table.withdraw.to, allowed_in=list(table.withdraw.allowed_in))
    if table.cancel is not None:
        cancel = table.cancel
        whole["cancel"] = _filled(to=cancel.to, role=cancel.role, allowed_in=list(cancel.allowed_in))
    if table.reopen is not None:
        reopen = table.reopen
        whole["reopen"] = _filled(
            to=list(reopen.to), role=reopen.role, within_days=reopen.within_days, ends=list(reopen.ends)
        )
    if table.returns is not None:
        returns = table.returns
        whole["returns"] = {"most": returns.most, "to": returns.to, "why": _text(returns.why)}
    if table.interventions:
        whole["interventions"] = {key: _ruling(rule) for key, rule in table.interventions.items()}
    whole["steps"] = {key: step_definition(step) for key, step in table.steps.items()}
    return whole


def step_definition(step: Step) -> Plain:
    """The definition of one step."""
    if step.kind in ("decision", "split"):
        return _branching(step)
    if step.kind == "join":
        return _filled(kind="join", title=_text(step.title), of=step.of, to=step.next)
    if step.kind == "each":
        return _filled(kind="each", title=_text(step.title), over=step.over, to=step.next)
    found = _filled(
        kind=step.kind,
        title=_text(step.title),
        public=_text(step.public),
        state=step.state,
        notices=list(step.notices),
    )
    if step.kind == "end":
        return found | _filled(terminates=step.terminates)
    found |= _filled(
        holder=step.holder, clock="paused" if step.paused else "runs", deadline=_deadline(step.deadline)
    )
    found |= _own(step)
    found |= _exits(step)
    return found


def _own(step: Step) -> Plain:
    """What one kind knows and another does not; a kind that does not know it holds its empty default."""
    kind = step.kind
    found = _filled(
        role=step.role, nearest=step.nearest, department_from=step.department_from,
        not_same_person_as=list(step.not_same_person_as), may_change=list(step.may_change),
        same_officer_on_return=step.same_officer, resume=step.resume,
        entity=step.entity, entity_from=step.entity_from, checklist=step.checklist, act=step.act,
        message=step.message, until=step.until, service=step.service, passes=dict(step.passes), up_to=step.up_to,
        template=step.template, party=step.party, mobile=step.mobile, shows=list(step.shows),
    )  # fmt: skip
    if kind in ("task", "visit", "vote", "chain"):
        found["scope"] = step.scope
    if kind == "document":
        found["authority"] = [APPROVAL + name for name in step.authority] or [STANDING]
    if step.vote is not None:
        vote = step.vote
        found |= {
            "chair": vote.chair, "quorum": vote.quorum, "majority": vote.majority, "undecided": vote.undecided
        }  # fmt: skip
    if step.silence is not None:
        found["silence"] = {"outcome": step.silence.outcome, "text": _text(step.silence.text)}
    return found


def _exits(step: Step) -> Plain:
    named = {(outcome or step.message or REACHED): key for outcome, key in _NAMED.get(step.kind, ())}
    found: Plain = {}
    others: Plain = {}
    for outcome, exit_ in step.exits.items():
        if outcome in named:
            found[named[outcome]] = _exit(exit_)
        elif outcome != RESUBMITTED:
            others[outcome] = _action(exit_) if step.kind in ACTING else _exit(exit_)
    if step.kind in ACTING:
        found["actions"] = others
    elif step.kind == "automatic" or others:
        found["outcomes"] = others
    return found


def _exit(exit_: Exit) -> Plain | str:
    more = _filled(label=_text(exit_.label), cancels=list(exit_.cancels), notices=list(exit_.notices))
    return {"to": exit_.to, **more} if more else exit_.to


def _action(exit_: Exit) -> Plain:
    return {
        "to": exit_.to,
        "effect": exit_.effect,
        **_filled(label=_text(exit_.label)),
        "reason": exit_.reason,
        **_filled(reasons=exit_.reasons),
        "note": exit_.note,
        **_filled(
            step_up=exit_.step_up, guard=exit_.guard, cancels=list(exit_.cancels), notices=list(exit_.notices)
        ),
    }


def _branching(step: Step) -> Plain:
    found = _filled(kind=step.kind, title=_text(step.title), table=step.table)
    found["branches"] = [_branch(branch) for branch in step.branches]
    if step.otherwise is not None:
        why = _text(step.otherwise_why)
        found["otherwise"] = step.otherwise if why is None else {"to": step.otherwise, "why": why}
    return found


def _branch(branch: Branch) -> Plain:
    return {"to": branch.to, **_filled(when=branch.when, value=branch.value, why=_text(branch.why))}


def _ruling(rule: Intervention) -> Plain:
    return {
        "to": rule.to,
        "roles": list(rule.roles),
        **_filled(label=_text(rule.label), allowed_in=list(rule.allowed_in)),
        "reason": rule.reason,
        **_filled(reasons=rule.reasons, may_change=list(rule.may_change), notices=list(rule.notices)),
    }


def _deadline(deadline: Deadline | None) -> Plain | None:
    if deadline is None:
        return None
    late = [{"at": rung.at, "act": rung.act} for rung in deadline.late]
    return {"amount": deadline.amount, "unit": deadline.unit, **_filled(late=late)}


def _text(text: Text | None) -> Plain | None:
    return None if text is None else {"ar": text.ar, "en": text.en}


def _filled(**found: Any) -> Plain:
    """What says something: neither None nor empty nor False."""
    return {key: item for key, item in found.items() if item not in (None, False, "") and not _empty(item)}


def _empty(item: Any) -> bool:
    return isinstance(item, list | Mapping) and not item
