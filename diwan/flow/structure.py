"""Checks that need no exploring: names, shapes and the plain graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set

from diwan.flow.graph import inside, reached, roots, successors, targets
from diwan.flow.reader import Path, Reader
from diwan.flow.rule_check import of_step
from diwan.flow.table import (
    ACTING,
    CONTESTED,
    FILER,
    FOLLOWED,
    NO_QUORUM,
    ORIGIN,
    PEOPLE,
    ROUTING,
    Step,
    Table,
)
from diwan.flow.vocabulary import Vocabulary
from diwan.rules.rulebook import TABLE

SPLITS = frozenset({"split", "each"})
_ITEM = re.compile(r"(?<![.\w])item(?!\w)")


def check_structure(reader: Reader, table: Table, vocabulary: Vocabulary) -> None:
    """Note everything that is wrong with names and shape. Later checks run only when this found nothing."""
    _names(reader, table)
    for key, step in table.steps.items():
        _step(reader, table, step, ("steps", key))
        _vocabulary(reader, step, ("steps", key), vocabulary)
    _whole(reader, table)
    _rulings(reader, table, vocabulary)
    if reader.faults:
        return
    follow = successors(table)
    alive = reached(roots(table), follow)
    for key in table.steps:
        if key not in alive:
            reader.fault("flow.unreachable", ("steps", key), name=key)
    _circles(reader, table, follow)
    for key, step in table.steps.items():
        if step.kind == "vote" and key in reached(follow[key], follow):
            reader.fault("flow.vote_twice", ("steps", key), name=key)
    _authorities(reader, table, follow)
    _each(reader, table)


def _names(reader: Reader, table: Table) -> None:
    steps = table.steps
    reader.known(table.start, steps, ("start",))
    first = steps.get(table.start)
    if first is not None and first.kind == "party":
        reader.fault("flow.party_first", ("start",), name=table.start)
    if first is not None and first.kind == "child":
        reader.fault("flow.child_first", ("start",), name=table.start)
    for key, step in steps.items():
        for path, to in targets(step):
            reader.known(to, steps, ("steps", key, *path))


def _step(reader: Reader, table: Table, step: Step, path: Path) -> None:
    empty = not step.branches if step.kind in ("decision", "split") else not step.exits
    if empty and step.kind not in ("join", "each", "end"):
        reader.fault("flow.no_exit", path, name=step.key)
    _exits(reader, table, step, path)
    for name in step.not_same_person_as:
        place = (*path, "not_same_person_as")
        known = reader.known(name, (*table.steps, FILER, CONTESTED, FOLLOWED), place)
        if known and name in table.steps and table.steps[name].kind not in PEOPLE:
            reader.fault("flow.not_human", place, name=name)
    for name in step.authority:
        place = (*path, "authority")
        if reader.known(name, table.steps, place) and not _approves(table.steps[name]):
            reader.fault("flow.authority_step", place, name=name)
    _parallel(reader, table, step, path)
    _vote(reader, step, path)
    _chain(reader, table, step, path)
    if step.nearest and step.key == table.start:
        reader.fault("flow.nearest_first", (*path, "nearest"))
    _values(reader, step, path)


def _exits(reader: Reader, table: Table, step: Step, path: Path) -> None:
    for outcome, exit_ in step.exits.items():
        place = (*path, "actions", outcome) if step.kind in ACTING else path
        target = table.steps.get(exit_.to)
        if exit_.effect == "return" and target is not None and target.kind != "applicant":
            reader.fault("flow.return_target", (*place, "to"), name=exit_.to)
        for split in exit_.cancels:
            if (
                reader.known(split, table.steps, (*place, "cancels"))
                and table.steps[split].kind not in SPLITS
            ):
                reader.fault("flow.not_a_split", (*place, "cancels"), name=split)


def _parallel(reader: Reader, table: Table, step: Step, path: Path) -> None:
    """Each split has one join, each join one split."""
    if step.kind in SPLITS and step.key not in table.joins:
        reader.fault("flow.no_join", path, name=step.key)
    if step.kind == "join" and step.of is not None and reader.known(step.of, table.steps, (*path, "of")):
        if table.steps[step.of].kind not in SPLITS:
            reader.fault("flow.not_a_split", (*path, "of"), name=step.of)
        elif table.joins[step.of] != step.key:
            reader.fault("flow.two_joins", (*path, "of"), name=step.of)


def _vote(reader: Reader, step: Step, path: Path) -> None:
    """A committee has two choices or more, of which one stands when none wins; it returns nothing."""
    rule = step.vote
    if rule is None:
        return
    choices = [key for key in step.exits if key != NO_QUORUM]
    if len(choices) < 2:
        reader.fault("flow.vote_choices", (*path, "actions"))
    if rule.quorum < 2:
        reader.fault("flow.vote_quorum", (*path, "quorum"))
    reader.known(rule.undecided, choices, (*path, "undecided"))
    for key in choices:
        if step.exits[key].effect == "return":
            reader.fault("flow.vote_returns", (*path, "actions", key, "effect"), name=key)


def _chain(reader: Reader, table: Table, step: Step, path: Path) -> None:
    """A chain ends by one approval with a second factor."""
    if step.kind != "chain":
        return
    approving = [exit_ for exit_ in step.exits.values() if exit_.effect == "approve"]
    if len(approving) != 1 or not approving[0].step_up:
        reader.fault("flow.chain_approve", (*path, "actions"))


def _each(reader: Reader, table: Table) -> None:
    """Nothing opens one for each inside another, and `item` is asked only where it is known."""
    known: set[str] = set()
    for key, step in table.steps.items():
        if step.kind == "each":
            body = inside(table, key)
            known |= body
            for inner in sorted(body):
                if table.steps[inner].kind == "each":
                    reader.fault("flow.each_inside", ("steps", inner), name=inner)
    for key, step in table.steps.items():
        if key not in known:
            for path, text, _kind in of_step(step, ("steps", key)):
                if _ITEM.search(text):
                    reader.fault("flow.item_outside", path, name=key)


def _approves(step: Step) -> bool:
    return any(exit_.effect == "approve" and exit_.step_up for exit_ in step.exits.values())


def _values(reader: Reader, step: Step, path: Path) -> None:
    """The values of a decision by table are named once each."""
    seen: set[str] = set()
    for index, branch in enumerate(step.branches):
        if branch.value is not None and branch.value in seen:
            reader.fault("flow.repeated", (*path, "branches", index, "value"), name=branch.value)
        seen.add(branch.value or "")


def _vocabulary(reader: Reader, step: Step, path: Path, vocabulary: Vocabulary) -> None:
    def check(names: Iterable[str | None], known: Set[str] | None, *key: str | int) -> None:
        for name in names:
            if known is not None and name is not None:
                reader.known(name, known, (*path, *key))

    check([step.role], vocabulary.roles, "role")
    check([step.vote.chair if step.vote else None], vocabulary.roles, "chair")
    check(step.shows, vocabulary.fields, "shows")
    check(step.notices, vocabulary.notices, "notices")
    check([step.checklist], vocabulary.checklists, "checklist")
    check([step.entity], vocabulary.entities, "entity")
    check([step.template], vocabulary.templates, "template")
    check([step.service], vocabulary.services, "service")
    check(step.may_change, vocabulary.fields, "may_change")
    for outcome, exit_ in step.exits.items():
        check([exit_.reasons], vocabulary.reasons, "actions", outcome, "reasons")
        check(exit_.notices, vocabulary.notices, "actions", outcome, "notices")
        check([exit_.guard], vocabulary.guards, "actions", outcome, "guard")
    if (
        step.act is not None
        and vocabulary.acts is not None
        and reader.known(step.act, vocabulary.acts, (*path, "act"))
    ):
        _cover(reader, vocabulary.acts[step.act], step.exits, (*path, "outcomes"))
    tables = vocabulary.tables
    if tables is not None:
        _asked(reader, step, path, tables, vocabulary.roles)
    if step.table is not None and tables is not None and reader.known(step.table, tables, (*path, "table")):
        named = [branch.value for branch in step.branches if branch.value is not None]
        _cover(reader, tables[step.table], named, (*path, "branches"), complete=step.otherwise is None)


def _asked(
    reader: Reader, step: Step, path: Path, tables: Mapping[str, Set[str]], roles: Set[str] | None
) -> None:
    """Tables that say who does a step exist, and the roles that one answers."""
    for name, rule in (("department_from", step.department_from), ("up_to", step.up_to)):
        if rule is None or not rule.startswith(TABLE):
            continue
        table = rule.removeprefix(TABLE)
        if reader.known(table, tables, (*path, name)) and name == "up_to" and roles is not None:
            for role in sorted(tables[table]):
                reader.known(role, roles, (*path, name))


def _rulings(reader: Reader, table: Table, vocabulary: Vocabulary) -> None:
    """Steps, roles, reasons, fields and notices that the interventions name."""
    for key, rule in table.interventions.items():
        reader.known(rule.to, table.steps, ("interventions", key, "to"))
        for name in rule.allowed_in:
            reader.known(name, table.steps, ("interventions", key, "allowed_in"))
        lists: tuple[tuple[str, Iterable[str], Set[str] | None], ...] = (
            ("roles", rule.roles, vocabulary.roles),
            ("reasons", [rule.reasons] if rule.reasons else [], vocabulary.reasons),
            ("may_change", rule.may_change, vocabulary.fields),
            ("notices", rule.notices, vocabulary.notices),
        )
        for part, names, known in lists:
            for name in names:
                if known is not None:
                    reader.known(name, known, ("interventions", key, part))


def _cover(
    reader: Reader, possible: Set[str], named: Iterable[str], path: Path, *, complete: bool = True
) -> None:
    """Everything named is possible and, when ``complete``, everything possible is named."""
    names = tuple(named)
    for name in names:
        reader.known(name, possible, path)
    if complete:
        for name in sorted(set(possible) - set(names)):
            reader.fault("flow.missing", path, name=name)


def _whole(reader: Reader, table: Table) -> None:
    steps = table.steps
    if table.withdraw is not None:
        reader.known(table.withdraw.to, steps, ("withdraw", "to"))
        for name in table.withdraw.allowed_in:
            reader.known(name, steps, ("withdraw", "allowed_in"))
    if table.cancel is not None:
        reader.known(table.cancel.to, steps, ("cancel", "to"))
        for name in table.cancel.allowed_in:
            reader.known(name, steps, ("cancel", "allowed_in"))
    if table.returns is not None:
        reader.known(table.returns.to, steps, ("returns", "to"))
    if table.reopen is not None:
        for name in table.reopen.to:
            reader.known(name, steps, ("reopen", "to"))
        for name in table.reopen.ends:
            if reader.known(name, steps, ("reopen", "ends")) and steps[name].kind != "end":
                reader.fault("flow.not_an_end", ("reopen", "ends"), name=name)
    for key, step in steps.items():
        target = steps.get(step.resume or "")
        if target is not None and step.resume != ORIGIN and (target.kind == "end" or target.kind == "join"):
            reader.fault("flow.resume_target", ("steps", key, "resume"), name=target.key)


def _circles(reader: Reader, table: Table, follow: dict[str, tuple[str, ...]]) -> None:
    """A circle of routing steps would turn for ever inside one move."""
    routing = {key for key, step in table.steps.items() if step.kind in ROUTING}
    inner = {key: tuple(to for to in follow[key] if to in routing) for key in routing}
    for key in table.steps:
        if key in routing and key in reached(inner[key], inner):
            reader.fault("flow.circle", ("steps", key), name=key)
            return


def _authorities(reader: Reader, table: Table, follow: dict[str, tuple[str, ...]]) -> None:
    """A document issued by approval must not be reachable around every approving step."""
    for key, step in table.steps.items():
        if step.authority and key in reached(roots(table), follow, without=frozenset(step.authority)):
            reader.fault(
                "flow.authority_bypassed", ("steps", key, "authority"), name=", ".join(step.authority)
            )
