"""Workflow definition (plain data from YAML) -> `Table`. Everything wrong with it is told at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from diwan.flow.errors import WorkflowError
from diwan.flow.reader import Path, Reader, Where
from diwan.flow.rule_check import check_rules
from diwan.flow.soundness import check_soundness
from diwan.flow.steps import read_deadline, read_step
from diwan.flow.structure import check_structure
from diwan.flow.table import REASONS, Cancel, Intervention, Reopen, Returns, Step, Table, Text, Withdraw
from diwan.flow.vocabulary import Vocabulary

MAX_STEPS = 300
"""Steps in one workflow."""

KEYS = ("key", "start", "deadline", "withdraw", "cancel", "reopen", "returns", "interventions", "steps")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}\Z")


def compile_workflow(
    definition: Mapping[str, Any], *, where: Where | None = None, vocabulary: Vocabulary | None = None
) -> Table:
    """Compile and prove a workflow.

    ``where(path)`` gives (file, line) of a place in the definition, a path being a tuple of keys and list indexes;
    it is asked only when something is wrong, and must answer for missing places with the nearest parent's.
    ``vocabulary`` holds the names that exist. Raises `WorkflowError` with every fault found.
    """
    reader = Reader(where)
    vocabulary = vocabulary or Vocabulary()
    table = _read(reader, definition)
    if not reader.faults:
        check_structure(reader, table, vocabulary)
    check_rules(reader, table, vocabulary)
    if not reader.faults:
        check_soundness(reader, table)
    if reader.faults:
        raise WorkflowError(tuple(reader.faults))
    return table


def _read(reader: Reader, definition: Mapping[str, Any]) -> Table:
    value = reader.mapping(definition, ())
    reader.keys(value, (), KEYS, ("key", "start", "steps"))
    steps: dict[str, Step] = {}
    listed = reader.mapping(value.get("steps", {}), ("steps",))
    if len(listed) > MAX_STEPS:
        reader.fault("flow.too_large", ("steps",), most=MAX_STEPS)
        listed = {}
    for key, item in listed.items():
        path: Path = ("steps", key)
        if not _CODE.match(key) or key in ("origin", "filer", "contested"):
            reader.fault("flow.bad_code", path, name=key)
        steps[key] = read_step(reader, key, reader.mapping(item, path), path)
    joins = {step.of: step.key for step in steps.values() if step.kind == "join" and step.of is not None}
    return Table(
        key=reader.text(value, "key", ()) or "",
        start=reader.text(value, "start", ()) or "",
        steps=steps,
        joins=joins,
        deadline=read_deadline(reader, value, ()),
        withdraw=_withdraw(reader, value),
        cancel=_cancel(reader, value),
        reopen=_reopen(reader, value),
        returns=_returns(reader, value),
        interventions=_interventions(reader, value),
    )


def _section(
    reader: Reader, value: Mapping[str, Any], key: str, known: str, required: str
) -> Mapping[str, Any] | None:
    if value.get(key) is None:
        return None
    section = reader.mapping(value[key], (key,))
    reader.keys(section, (key,), known.split(), required.split())
    return section


def _withdraw(reader: Reader, value: Mapping[str, Any]) -> Withdraw | None:
    section = _section(reader, value, "withdraw", "to allowed_in", "to")
    if section is None:
        return None
    path = ("withdraw",)
    return Withdraw(reader.text(section, "to", path) or "", reader.texts(section, "allowed_in", path))


def _cancel(reader: Reader, value: Mapping[str, Any]) -> Cancel | None:
    section = _section(reader, value, "cancel", "to role allowed_in", "to role")
    if section is None:
        return None
    path = ("cancel",)
    return Cancel(
        to=reader.text(section, "to", path) or "",
        role=reader.text(section, "role", path) or "",
        allowed_in=reader.texts(section, "allowed_in", path),
    )


_RULING = ("to", "roles", "label", "allowed_in", "reason", "reasons", "may_change", "notices")


def _interventions(reader: Reader, value: Mapping[str, Any]) -> dict[str, Intervention]:
    found: dict[str, Intervention] = {}
    for key, item in reader.mapping(value.get("interventions", {}), ("interventions",)).items():
        path: Path = ("interventions", key)
        ruling = reader.mapping(item, path)
        reader.keys(ruling, path, _RULING, ("to", "roles", "label"))
        if not _CODE.match(key) or key in ("withdrawn", "cancelled"):
            reader.fault("flow.bad_code", path, name=key)
        found[key] = Intervention(
            to=reader.text(ruling, "to", path) or "",
            roles=reader.texts(ruling, "roles", path),
            label=reader.both(ruling, "label", path),
            allowed_in=reader.texts(ruling, "allowed_in", path),
            reason=reader.choice(ruling, "reason", path, REASONS, "none"),
            reasons=reader.text(ruling, "reasons", path),
            may_change=reader.texts(ruling, "may_change", path),
            notices=reader.texts(ruling, "notices", path),
        )
    return found


def _reopen(reader: Reader, value: Mapping[str, Any]) -> Reopen | None:
    section = _section(reader, value, "reopen", "to role within_days ends", "to role within_days")
    if section is None:
        return None
    path = ("reopen",)
    return Reopen(
        to=reader.texts(section, "to", path),
        role=reader.text(section, "role", path) or "",
        within_days=reader.number(section, "within_days", path),
        ends=reader.texts(section, "ends", path),
    )


def _returns(reader: Reader, value: Mapping[str, Any]) -> Returns | None:
    section = _section(reader, value, "returns", "most to why", "most to why")
    if section is None:
        return None
    path = ("returns",)
    return Returns(
        most=reader.number(section, "most", path),
        to=reader.text(section, "to", path) or "",
        why=reader.both(section, "why", path) or Text("", ""),
    )
