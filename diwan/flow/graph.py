"""The workflow as a plain graph: which step can follow which."""

from __future__ import annotations

from collections.abc import Iterator

from diwan.flow.table import ACTING, LATE, NO_QUORUM, ORIGIN, OTHERWISE, REACHED, Step, Table


def targets(step: Step) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every step named as a next one, with its path below the step in the definition. `ORIGIN` is left out."""
    kind = step.kind
    for outcome, exit_ in step.exits.items():
        if exit_.to == ORIGIN:
            continue
        if outcome == NO_QUORUM or (kind == "child" and outcome == OTHERWISE):
            yield (outcome,), exit_.to
        elif kind in ACTING and not (kind == "choice" and outcome == step.on_expired):
            yield ("actions", outcome, "to"), exit_.to
        elif kind in ("automatic", "child"):
            yield ("outcomes", outcome), exit_.to
        elif kind == "applicant":
            yield ("on_late" if outcome == step.on_expired else "resume",), exit_.to
        elif kind == "payment":
            yield (f"on_{outcome}",), exit_.to
        else:
            yield (_waited(step, outcome),), exit_.to
    for index, branch in enumerate(step.branches):
        yield ("branches", index, "to"), branch.to
    if step.otherwise is not None:
        yield ("otherwise",), step.otherwise
    if step.next is not None:
        yield ("to",), step.next


def _waited(step: Step, outcome: str) -> str:
    """The key under which the definition of a wait, choice or document names an exit."""
    if step.kind == "wait" and outcome == REACHED and step.message is not None:
        return "on_date"
    return "on_late" if outcome == LATE and outcome == step.on_expired else "to"


def successors(table: Table) -> dict[str, tuple[str, ...]]:
    """Step -> the steps that can follow it. A resubmission to `ORIGIN` leads to every step that returns there."""
    follow: dict[str, dict[str, None]] = {key: {} for key in table.steps}
    for key, step in table.steps.items():
        for _path, to in targets(step):
            follow[key][to] = None
        for exit_ in step.exits.values():
            if exit_.effect == "return":
                back = table.steps.get(exit_.to)
                if back is not None and back.resume == ORIGIN:
                    follow[back.key][key] = None
                if table.returns is not None:
                    follow[key][table.returns.to] = None
        if step.kind in ("split", "each") and key in table.joins:
            follow[key][table.joins[key]] = None
    return {key: tuple(found) for key, found in follow.items()}


def inside(table: Table, split: str) -> set[str]:
    """The steps between a split or each and its join."""
    follow = successors(table)
    join = table.joins.get(split)
    first = tuple(to for to in follow[split] if to != join)
    return reached(first, follow, without=frozenset({join} if join else ()))


def roots(table: Table) -> tuple[str, ...]:
    """Where tokens begin: the start and the targets of whole-workflow events."""
    found = [table.start]
    if table.withdraw is not None:
        found.append(table.withdraw.to)
    if table.cancel is not None:
        found.append(table.cancel.to)
    found.extend(rule.to for rule in table.interventions.values())
    if table.reopen is not None:
        found.extend(table.reopen.to)
    return tuple(dict.fromkeys(found))


def reached(
    start: tuple[str, ...], follow: dict[str, tuple[str, ...]], *, without: frozenset[str] = frozenset()
) -> set[str]:
    """Every step reachable from ``start`` without passing ``without``."""
    found: set[str] = set()
    todo = [key for key in start if key not in without]
    while todo:
        key = todo.pop()
        if key in found:
            continue
        found.add(key)
        todo.extend(to for to in follow.get(key, ()) if to not in found and to not in without)
    return found
