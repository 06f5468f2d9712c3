"""Reads one step of a definition: which keys each kind knows, and how they become a `Step`."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from diwan.flow.reader import Path, Reader
from diwan.flow.table import (
    ACTING,
    ACTION_EFFECTS,
    EXPIRED,
    HOLDERS,
    ISSUED,
    KINDS,
    LATE,
    LATE_ACTS,
    MAJORITIES,
    NO_QUORUM,
    OTHERWISE,
    PAID,
    REACHED,
    REASONS,
    RESUBMITTED,
    ROUTING,
    SCOPES,
    STATES,
    UNITS,
    Branch,
    Deadline,
    Exit,
    Late,
    Silence,
    Step,
    VoteRule,
)

COMMON = ("kind", "title", "public", "state", "holder", "clock", "notices", "deadline")
ROUTE = ("kind", "title")
PERSON = (
    "role",
    "scope",
    "department_from",
    "actions",
    "not_same_person_as",
    "may_change",
    "same_officer_on_return",
    "silence",
    "nearest",
)

KEYS: Mapping[str, tuple[str, ...]] = {
    "task": (*COMMON, *PERSON),
    "visit": (*COMMON, *PERSON, "checklist"),
    "applicant": (*COMMON, "resume", "on_late", "may_change"),
    "choice": (*COMMON, "actions", "on_late"),
    "outside": (*COMMON, "entity", "entity_from", "actions", "silence"),
    "automatic": (*COMMON, "act", "outcomes"),
    "payment": (*COMMON, "on_paid", "on_expired"),
    "document": (*COMMON, "template", "authority", "to"),
    "wait": (*COMMON, "message", "to", "until", "on_date", "on_late"),
    "chain": (*COMMON, *PERSON, "up_to"),
    "child": (*COMMON, "service", "passes", "outcomes", "otherwise"),
    "party": (*COMMON, "party", "mobile", "shows", "actions", "silence"),
    "vote": (*COMMON, *PERSON, "chair", "quorum", "majority", "undecided", "no_quorum"),
    "decision": (*ROUTE, "branches", "otherwise", "table"),
    "split": (*ROUTE, "branches"),
    "each": (*ROUTE, "over", "to"),
    "join": (*ROUTE, "of", "to"),
    "end": ("kind", "title", "public", "state", "notices", "terminates"),
}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "task": ("public", "role", "actions"),
    "visit": ("public", "role", "actions", "checklist"),
    "applicant": ("public", "resume", "deadline", "on_late"),
    "choice": ("public", "actions", "deadline", "on_late"),
    "outside": ("public", "actions"),
    "automatic": ("public", "act", "outcomes"),
    "payment": ("public", "on_paid", "on_expired"),
    "document": ("public", "template", "authority", "to"),
    "wait": ("public", "to"),
    "chain": ("public", "role", "actions", "up_to"),
    "child": ("public", "service", "otherwise"),
    "party": ("public", "party", "mobile", "actions", "deadline", "silence"),
    "vote": ("public", "role", "actions", "chair", "quorum", "majority", "undecided", "no_quorum"),
    "decision": ("branches",),
    "split": ("branches",),
    "each": ("over", "to"),
    "join": ("of", "to"),
    "end": ("public", "state"),
}
_STATE = {
    "task": "under_review", "visit": "inspection", "applicant": "returned", "outside": "external_wait",
    "automatic": "under_review", "payment": "invoiced", "document": "approved", "wait": "external_wait",
    "choice": "resolved", "party": "external_wait", "vote": "under_review", "chain": "under_review",
    "child": "under_review", "end": "closed",
}  # fmt: skip
_HOLDER = {
    "applicant": "applicant", "choice": "applicant", "payment": "payer", "outside": "entity", "party": "party",
}  # fmt: skip
_PAUSED = frozenset({"applicant", "choice", "payment", "party"})
_EXIT_KEYS = ("to", "label", "cancels", "notices")
_ACTION_KEYS = (*_EXIT_KEYS, "effect", "reason", "reasons", "note", "step_up", "guard")
STANDING = "standing"
APPROVAL = "approval:"


def read_step(reader: Reader, key: str, value: Mapping[str, Any], path: Path) -> Step:
    """Read the step ``key``."""
    kind = reader.text(value, "kind", path)
    if kind is None:
        reader.fault("flow.missing", path, name="kind")
    if kind is None or not reader.known(kind, KINDS, (*path, "kind")):
        return Step(key, "task")
    reader.keys(value, path, KEYS[kind], REQUIRED[kind])
    if kind in ROUTING:
        return _routing(reader, key, kind, value, path)
    deadline = read_deadline(reader, value, path)
    silence = _silence(reader, value, path, deadline)
    exits = _exits(reader, kind, value, path)
    scope = reader.choice(value, "scope", path, SCOPES, SCOPES[0])
    clock = reader.choice(value, "clock", path, ("runs", "paused"), "paused" if kind in _PAUSED else "runs")
    if silence is not None:
        reader.known(silence.outcome, exits, (*path, "silence", "outcome"))
    elif deadline is not None and any(rung.act == "silence" for rung in deadline.late):
        reader.fault("flow.late_silence_without_rule", (*path, "deadline", "late"))
    on_expired = silence.outcome if silence is not None else None
    if kind in ("applicant", "choice", "payment", "wait"):
        on_expired = {"payment": EXPIRED, "wait": REACHED if value.get("until") else LATE}.get(kind, LATE)
    _waits(reader, kind, value, path)
    if kind == "outside" and (value.get("entity") is None) == (value.get("entity_from") is None):
        reader.fault("flow.entity_once", path)
    return Step(
        key=key,
        kind=kind,
        state=reader.choice(value, "state", path, STATES, _STATE[kind]),
        holder=reader.choice(value, "holder", path, HOLDERS, _HOLDER.get(kind, "us")),
        paused=clock == "paused",
        title=reader.both(value, "title", path),
        public=reader.both(value, "public", path),
        notices=reader.texts(value, "notices", path),
        exits=exits,
        on_expired=on_expired if on_expired in exits else None,
        deadline=deadline,
        silence=silence,
        role=reader.text(value, "role", path),
        scope=scope,
        department_from=reader.text(value, "department_from", path),
        nearest=reader.flag(value, "nearest", path),
        not_same_person_as=reader.texts(value, "not_same_person_as", path),
        may_change=reader.texts(value, "may_change", path),
        same_officer=reader.flag(value, "same_officer_on_return", path),
        resume=reader.text(value, "resume", path),
        entity=reader.text(value, "entity", path),
        entity_from=reader.text(value, "entity_from", path),
        checklist=reader.text(value, "checklist", path),
        act=reader.text(value, "act", path),
        message=reader.text(value, "message", path),
        until=reader.text(value, "until", path),
        service=reader.text(value, "service", path),
        passes=reader.rules(value, "passes", path),
        up_to=reader.text(value, "up_to", path),
        template=reader.text(value, "template", path),
        authority=_authority(reader, value, path),
        party=reader.text(value, "party", path),
        mobile=reader.text(value, "mobile", path),
        shows=reader.texts(value, "shows", path),
        vote=_vote(reader, value, path) if kind == "vote" else None,
        terminates=reader.flag(value, "terminates", path),
    )


def _waits(reader: Reader, kind: str, value: Mapping[str, Any], path: Path) -> None:
    """A wait is for a message, for a date, or for whichever comes first; a date takes the place of a deadline."""
    if kind != "wait":
        return
    message, until = value.get("message"), value.get("until")
    if message is None and until is None:
        reader.fault("flow.wait_for_what", path)
    if (value.get("on_date") is not None) != (message is not None and until is not None):
        reader.fault("flow.on_date", path)
    if until is not None and (value.get("deadline") is not None or value.get("on_late") is not None):
        reader.fault("flow.until_or_deadline", (*path, "until"))


def _vote(reader: Reader, value: Mapping[str, Any], path: Path) -> VoteRule:
    """How the committee of the step decides."""
    return VoteRule(
        chair=reader.text(value, "chair", path) or "",
        quorum=reader.number(value, "quorum", path),
        majority=reader.choice(value, "majority", path, MAJORITIES, MAJORITIES[0]),
        undecided=reader.text(value, "undecided", path) or "",
    )


def _exits(reader: Reader, kind: str, value: Mapping[str, Any], path: Path) -> dict[str, Exit]:
    """The ways out, by kind."""
    exits: dict[str, Exit] = {}
    if kind in ACTING:
        for key, item in reader.mapping(value.get("actions", {}), (*path, "actions")).items():
            exits[key] = _action(reader, key, item, (*path, "actions", key))
            if kind == "vote" and key == NO_QUORUM:
                reader.fault("flow.bad_code", (*path, "actions", key), name=key)
    elif kind in ("automatic", "child"):
        for key, item in reader.mapping(value.get("outcomes", {}), (*path, "outcomes")).items():
            exits[key] = _exit(reader, key, item, (*path, "outcomes", key))
            if kind == "child" and key == OTHERWISE:
                reader.fault("flow.bad_code", (*path, "outcomes", key), name=key)
    elif kind == "applicant":
        resume = reader.text(value, "resume", path)
        if resume is not None:
            exits[RESUBMITTED] = Exit(RESUBMITTED, resume)
    message = str(value.get("message") or REACHED) if kind == "wait" else ISSUED
    if message == LATE or (message == REACHED and value.get("message") is not None):
        reader.fault("flow.bad_code", (*path, "message"), name=message)
    named = {
        "payment": (("on_paid", PAID), ("on_expired", EXPIRED)),
        "applicant": (("on_late", LATE),),
        "choice": (("on_late", LATE),),
        "document": (("to", message),),
        "wait": (("to", message), ("on_date", REACHED), ("on_late", LATE)),
        "child": (("otherwise", OTHERWISE),),
        "vote": (("no_quorum", NO_QUORUM),),
    }
    for key, outcome in named.get(kind, ()):
        if value.get(key) is not None:
            exits[outcome] = _exit(reader, outcome, value[key], (*path, key))
    return exits


def _exit(reader: Reader, key: str, value: Any, path: Path) -> Exit:
    """An exit written as a step's key, or as a mapping with more to say."""
    if isinstance(value, str):
        return Exit(key, value)
    item = reader.mapping(value, path)
    reader.keys(item, path, _EXIT_KEYS, ("to",))
    return Exit(
        key=key,
        to=reader.text(item, "to", path) or "",
        label=reader.both(item, "label", path),
        cancels=reader.texts(item, "cancels", path),
        notices=reader.texts(item, "notices", path),
    )


def _action(reader: Reader, key: str, value: Any, path: Path) -> Exit:
    """An action of a person. Returning and rejecting ask for a reason unless the definition says otherwise."""
    item = reader.mapping(value, path)
    reader.keys(item, path, _ACTION_KEYS, ("to", "label"))
    effect = reader.choice(item, "effect", path, ACTION_EFFECTS, "continue")
    asked = "required" if effect in ("return", "reject") else "none"
    return Exit(
        key=key,
        to=reader.text(item, "to", path) or "",
        label=reader.both(item, "label", path),
        effect=effect,
        reason=reader.choice(item, "reason", path, REASONS, asked),
        reasons=reader.text(item, "reasons", path),
        note=reader.choice(item, "note", path, REASONS, "optional"),
        step_up=reader.flag(item, "step_up", path),
        guard=reader.text(item, "guard", path),
        cancels=reader.texts(item, "cancels", path),
        notices=reader.texts(item, "notices", path),
    )


def _routing(reader: Reader, key: str, kind: str, value: Mapping[str, Any], path: Path) -> Step:
    """Decision, split, each and join."""
    table = reader.text(value, "table", path)
    needed = ("to",) if kind == "split" else ("to", "value" if table is not None else "when")
    branches: list[Branch] = []
    for place, item in reader.items(value, "branches", path):
        known = ("to", "why", "value") if table is not None else ("to", "why", "when")
        reader.keys(item, place, known, needed)
        branches.append(
            Branch(
                to=reader.text(item, "to", place) or "",
                when=reader.text(item, "when", place),
                why=reader.both(item, "why", place),
                value=reader.text(item, "value", place),
            )
        )
    otherwise, why = value.get("otherwise"), None
    if isinstance(otherwise, Mapping):
        place = (*path, "otherwise")
        reader.keys(otherwise, place, ("to", "why"), ("to",))
        why = reader.both(otherwise, "why", place)
        otherwise = reader.text(otherwise, "to", place)
    elif otherwise is not None:
        otherwise = reader.text(value, "otherwise", path)
    if kind == "decision" and table is None and otherwise is None:
        reader.fault("flow.missing", path, name="otherwise")
    return Step(
        key=key,
        kind=kind,
        title=reader.both(value, "title", path),
        branches=tuple(branches),
        otherwise=otherwise,
        otherwise_why=why,
        table=table,
        of=reader.text(value, "of", path),
        over=reader.text(value, "over", path),
        next=reader.text(value, "to", path) if kind in ("join", "each") else None,
    )


def read_deadline(reader: Reader, value: Mapping[str, Any], path: Path) -> Deadline | None:
    """Read the key ``deadline`` of a step or of the whole."""
    found = value.get("deadline")
    if found is None:
        return None
    path = (*path, "deadline")
    item = reader.mapping(found, path)
    reader.keys(item, path, ("amount", "unit", "late"), ("amount", "unit"))
    given = item.get("amount")
    amount: int | str = given if isinstance(given, str) else reader.number(item, "amount", path)
    late: list[Late] = []
    for place, rung in reader.items(item, "late", path):
        reader.keys(rung, place, ("at", "act"), ("at", "act"))
        late.append(
            Late(reader.number(rung, "at", place), reader.choice(rung, "act", place, LATE_ACTS, "remind"))
        )
    if any(first.at > second.at for first, second in itertools.pairwise(late)):
        reader.fault("flow.late_order", (*path, "late"))
    return Deadline(amount, _unit(reader, item, path, amount), tuple(late))


def _unit(reader: Reader, item: Mapping[str, Any], path: Path, amount: int | str) -> str:
    """One of `UNITS`; beside an amount that is a rule, a rule as well (a bare word is no rule)."""
    unit = item.get("unit")
    if isinstance(amount, str) and isinstance(unit, str) and not unit.replace("_", "").isalpha():
        return unit
    return reader.choice(item, "unit", path, UNITS, UNITS[0])


def _silence(
    reader: Reader, value: Mapping[str, Any], path: Path, deadline: Deadline | None
) -> Silence | None:
    found = value.get("silence")
    if found is None:
        return None
    place = (*path, "silence")
    item = reader.mapping(found, place)
    reader.keys(item, place, ("outcome", "text"), ("outcome", "text"))
    text, outcome = reader.both(item, "text", place), reader.text(item, "outcome", place)
    if deadline is None:
        reader.fault("flow.silence_without_deadline", place)
    if text is None or outcome is None:
        return None
    return Silence(outcome, text)


def _authority(reader: Reader, value: Mapping[str, Any], path: Path) -> tuple[str, ...]:
    """``standing``, or ``approval:<step>`` (several: the latest approval counts) -> step keys."""
    steps: list[str] = []
    for name in reader.texts(value, "authority", path):
        if name.startswith(APPROVAL):
            steps.append(name.removeprefix(APPROVAL))
        elif name != STANDING:
            reader.known(name, (STANDING, APPROVAL + "<step>"), (*path, "authority"))
    return tuple(steps)


assert frozenset(KEYS) == frozenset(REQUIRED) == frozenset(KINDS)
