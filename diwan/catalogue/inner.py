"""What a service opens by its steps of kind `child`: internal services that exist, end as named, never in a circle."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from diwan.catalogue.schema import Definition
from diwan.catalogue.source import Wrong
from diwan.kit.errors import N_

NOT_INTERNAL = N_("{service} leads to {name}, which is no internal service in force.")
NO_END = N_("{service} has no end {name}. Its ends: {known}.")
Find = Callable[[str], Definition | None]


def child_steps(definition: Definition) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Key and definition of each step that opens a case."""
    workflow = definition.workflow if isinstance(definition.workflow, Mapping) else {}
    for key, step in (workflow.get("steps") or {}).items():
        if isinstance(step, Mapping) and step.get("kind") == "child":
            yield key, step


def inner_faults(definition: Definition, find: Find) -> list[Wrong]:
    """What is wrong with the cases that a service opens; `find` gives an internal service by its slug, or None."""
    faults: list[Wrong] = []

    def wrong(message: str, step: str, **params: Any) -> None:
        faults.append(Wrong(message, (definition.slug, "workflow", "steps", step), params=params))

    for key, step in child_steps(definition):
        slug = str(step.get("service"))
        inner = find(slug)
        if inner is None:
            wrong(NOT_INTERNAL, key, service=definition.slug, name=slug)
            continue
        ends, fields = _ends(inner), {field.key for field in inner.form.fields()}
        for name in step.get("outcomes") or {}:
            if name not in ends:
                wrong(NO_END, key, service=slug, name=name, known=", ".join(ends))
        for name in step.get("passes") or {}:
            if name not in fields:
                wrong(N_("{service} does not ask for {name}."), key, service=slug, name=name)
        if _leads_back(inner, definition.slug, find, set()):
            wrong(
                N_("{service} opens {name} again, and so on without an end."),
                key,
                service=slug,
                name=definition.slug,
            )
    return faults


def _ends(definition: Definition) -> list[str]:
    workflow = definition.workflow if isinstance(definition.workflow, Mapping) else {}
    return [key for key, step in (workflow.get("steps") or {}).items() if step.get("kind") == "end"]


def _leads_back(definition: Definition, slug: str, find: Find, seen: set[str]) -> bool:
    if definition.slug == slug:
        return True
    if definition.slug in seen:
        return False
    seen.add(definition.slug)
    inner = (find(str(step.get("service"))) for _key, step in child_steps(definition))
    return any(each is not None and _leads_back(each, slug, find, seen) for each in inner)
