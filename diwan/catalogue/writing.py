"""A definition as the YAML that people read: keys in the order of the language, steps as a case meets them.

Stored definitions keep neither the order of keys nor comments, so both are made anew. What is written reads back as the
same definition: ``read_text(as_yaml(definition)).data == definition``.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ruamel.yaml import YAML

from diwan.catalogue.form_loader import FIELD, SLOT
from diwan.catalogue.loader import KEYS
from diwan.flow.compiler import KEYS as WORKFLOW_KEYS
from diwan.flow.steps import COMMON, PERSON

_FIRST: Final = (
    "key", "id", "slug", "code", "kind", "act", "register", "role", "to", "effect", "amount", "unit", "text", "ar",
    "en", "at", "title", "name", "label", "public", "state", "question", "answer", "asks", "when", "pass", "on_fail",
)  # fmt: skip
_RANK: Final[Mapping[str, int]] = {
    key: place for place, key in enumerate(dict.fromkeys((*_FIRST, *FIELD, *SLOT, *COMMON, *PERSON)))
}
_LAST: Final[Mapping[str, int]] = {
    key: place
    for place, key in enumerate(("fix", "fields", "groups", "rules", "actions", "outcomes", "branches"))
}
_WIDTH: Final = 100_000
"""Columns of a line: one text a line, so that two versions differ in the lines that differ."""


def as_yaml(definition: Mapping[str, Any]) -> str:
    """The whole definition (plain JSON) as YAML."""
    writer = YAML(typ="rt", pure=True)
    writer.width = _WIDTH
    writer.default_flow_style = None
    writer.indent(mapping=2, sequence=4, offset=2)
    into = io.StringIO()
    writer.dump(_whole(definition), into)
    return into.getvalue()


def _whole(definition: Mapping[str, Any]) -> dict[str, Any]:
    made = {key: _ordered(definition[key]) for key in _sorted(definition, KEYS)}
    workflow = definition.get("workflow")
    if isinstance(workflow, Mapping):
        made["workflow"] = _workflow(workflow)
    return made


def _workflow(workflow: Mapping[str, Any]) -> dict[str, Any]:
    made = {key: _ordered(workflow[key]) for key in _sorted(workflow, WORKFLOW_KEYS)}
    steps = workflow.get("steps")
    if isinstance(steps, Mapping):
        made["steps"] = {key: _ordered(steps[key]) for key in _met(steps, str(workflow.get("start", "")))}
    return made


def _sorted(value: Mapping[str, Any], known: tuple[str, ...]) -> list[str]:
    rank = {key: place for place, key in enumerate(known)}
    return sorted(value, key=lambda key: rank.get(key, len(rank)))


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _ordered(value[key]) for key in sorted(value, key=_place)}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    return value


def _place(key: str) -> tuple[int, int]:
    if key in _LAST:
        return (2, _LAST[key])
    return (0, _RANK[key]) if key in _RANK else (1, 0)


def _met(steps: Mapping[str, Any], start: str) -> list[str]:
    """The steps in the order in which a case can meet them, nearest first; ends, and what is never met, at the end."""
    order: dict[str, None] = {}
    waiting = [start]
    while waiting:
        key = waiting.pop(0)
        if key in order or key not in steps:
            continue
        order[key] = None
        waiting += [name for name in _names(steps[key]) if name in steps]
    rest = [key for key in steps if key not in order]
    found = [*order, *rest]
    return [*(key for key in found if not _ends(steps[key])), *(key for key in found if _ends(steps[key]))]


def _names(value: Any) -> Iterator[str]:
    """Every text below a step: the keys of other steps are among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _names(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _names(item)


def _ends(step: Any) -> bool:
    return isinstance(step, Mapping) and step.get("kind") == "end"
