"""What the services of a package need, and how each need stands here: rows of lists, services, posts, departments,
messages, prices and kinds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from diwan.catalogue import registry
from diwan.catalogue.bundle import WHOLE, needs, rates
from diwan.catalogue.inner import child_steps
from diwan.catalogue.loader import read_definition
from diwan.catalogue.models import Service
from diwan.catalogue.schema import Definition
from diwan.catalogue.shelf import Shelf
from diwan.catalogue.source import CatalogueError, from_plain
from diwan.flow.table import Text
from diwan.forms.lookups import Row
from diwan.notify.queries import notice_titles
from diwan.people.models import Position, Unit

HERE, COMES, UNREADY, MISSING = "here", "comes", "unready", "missing"
"""`unready`: it can be imported, and would not run well: no post has the role, no unit is of the department."""
SERVICES, DEPARTMENTS, MESSAGES, KINDS, RATES = "services", "departments", "messages", "kinds", "fee_rates"
ROLES, REGISTERS = "roles", "registers"
_STEP_LISTS: Final = {
    "role": ROLES,
    "roles": ROLES,
    "chair": ROLES,
    "entity": "entities",
    "checklist": "checklists",
}
_STEP_KINDS: Final = {"act": "act", "template": "template", "guard": "guard", "guards": "guard"}
_NAMES: Final = frozenset({"passes", "public", "title", "label", "outcomes"})
"""Keys of a step below which people name things themselves."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a service names: its `group` (a list, or one of the groups above), code, name where it is known
    here or comes along, and how it stands."""

    group: str
    code: str
    state: str
    name: Text | None = None


def needs_of(
    definitions: Sequence[Mapping[str, Any]], ours: Shelf, coming: Sequence[tuple[str, Row]]
) -> list[Need]:
    """Every need of the services, each once, by group and code. Definitions that cannot be read have none."""
    read = []
    for each in definitions:
        try:
            read.append(read_definition(from_plain(each)))
        except CatalogueError:
            continue
    rows = {(name, row.code): row for name, row in coming}
    found: dict[tuple[str, str], Need] = {}
    for definition in read:
        for need in (
            *_rows(definition, ours, rows), *_rates(definition, ours, rows), *_departments(definition),
            *_messages(definition), *_kinds(definition), *_services(definition, {one.slug for one in read}),
        ):  # fmt: skip
            found.setdefault((need.group, need.code), need)
    return [found[key] for key in sorted(found)]


def _rows(definition: Definition, ours: Shelf, coming: Mapping[tuple[str, str], Row]) -> Iterator[Need]:
    """Rows of lists that the service names. A list that people choose from is needed whole: it has rows here, or some
    come along."""
    for name, codes in _named_rows(definition).items():
        if codes is WHOLE:
            there = name in ours.names() or any(lookup == name for lookup, _code in coming)
            yield Need(name, "", HERE if name in ours.names() else COMES if there else MISSING)
            continue
        for code in codes:
            row = ours.row(name, code)
            if row is None and (name, code) in coming:
                yield Need(name, code, COMES, coming[(name, code)].name)
            else:
                ready = row is not None and _is_ready(name, code)
                state = MISSING if row is None else HERE if ready else UNREADY
                yield Need(name, code, state, row.name if row is not None else None)


def _is_ready(lookup: str, code: str) -> bool:
    """Whether what a row stands for is there: a post with the role, a gateway to ask the register."""
    if lookup == ROLES:
        return Position.objects.filter(roles__code=code, valid_to__isnull=True).exists()
    return lookup != REGISTERS or bool(settings.DIWAN.registers_url)


def _named_rows(definition: Definition) -> dict[str, set[str] | None]:
    found = needs(definition, None)
    for key, code in _in_workflow(definition.workflow):
        known = found.setdefault(_STEP_LISTS[key], set()) if key in _STEP_LISTS else None
        if known is not None:
            known.add(code)
    return found


def _in_workflow(value: Any) -> Iterator[tuple[str, str]]:
    """Keys of a workflow with each text that stands under them, at any depth."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in _NAMES:
                continue
            for text in [inner] if isinstance(inner, str) else inner if isinstance(inner, list) else ():
                if isinstance(text, str):
                    yield key, text
            yield from _in_workflow(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _in_workflow(inner)


def _rates(definition: Definition, ours: Shelf, coming: Mapping[tuple[str, str], Row]) -> Iterator[Need]:
    """Prices: the code of a line may name a fact, and then any row that fits is one."""
    arriving = [code for lookup, code in coming if lookup == RATES]
    for line, pattern in zip(definition.fees, rates(definition), strict=True):
        here = [code for code in ours.codes(RATES) if pattern.match(code)]
        comes = any(pattern.match(code) for code in arriving)
        row = ours.row(RATES, line.rate)
        state = COMES if comes else HERE if here else MISSING
        yield Need(RATES, line.rate, state, row.name if row is not None else line.name)


def _departments(definition: Definition) -> Iterator[Need]:
    unit = Unit.objects.filter(department=definition.department, valid_to__isnull=True)
    found = unit.order_by("parent_id", "id").first()
    name = Text(found.name_ar, found.name_en) if found is not None else None
    yield Need(DEPARTMENTS, definition.department, HERE if found is not None else UNREADY, name)


def _messages(definition: Definition) -> Iterator[Need]:
    titles = notice_titles()
    for code in definition.notices.values():
        title = titles.get(code)
        name = Text(title["ar"], title["en"]) if title is not None else None
        yield Need(MESSAGES, code, HERE if title is not None else UNREADY, name)


def _kinds(definition: Definition) -> Iterator[Need]:
    for group, name in _named_kinds(definition):
        titles = {kind.name: kind.title for kind in registry.kinds(group)}
        yield Need(KINDS, f"{group} {name}", HERE if name in titles else MISSING, titles.get(name))


def _named_kinds(definition: Definition) -> Iterable[tuple[str, str]]:
    yield from (("field", field.kind) for field in definition.form.fields())
    yield from (("fact", fact.kind) for fact in definition.form.facts)
    yield from (("check", check.kind) for check in definition.checks)
    yield from (("fee", line.kind) for line in definition.fees)
    yield from (("follow_up", each.kind) for each in definition.follow_ups)
    yield from (("consequence", each.kind) for each in definition.consequences)
    if definition.result is not None:
        yield "template", definition.result.template
    steps = definition.workflow.get("steps") if isinstance(definition.workflow, Mapping) else None
    for step in steps.values() if isinstance(steps, Mapping) else ():
        if isinstance(step, Mapping):
            yield "step", str(step.get("kind"))
            yield from ((_STEP_KINDS[key], text) for key, text in _own(step) if key in _STEP_KINDS)


def _own(step: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a step itself says, not what it does when it is late (whose acts are words of the language)."""
    return _in_workflow({key: value for key, value in step.items() if key != "deadline"})


def _services(definition: Definition, packed: set[str]) -> Iterator[Need]:
    """Services that it opens, is followed by, is renewed by or leads to; what it only leads to may come later."""
    opened = {str(step.get("service")) for _key, step in child_steps(definition)}
    opened |= {each.service for each in definition.follow_ups}
    led_to = set(definition.related)
    if definition.entry is not None and definition.entry.renewal:
        led_to.add(definition.entry.renewal)
    for slug in sorted((opened | led_to) - {definition.slug}):
        here = Service.objects.filter(slug=slug).exists()
        otherwise = MISSING if slug in opened else UNREADY
        yield Need(SERVICES, slug, COMES if slug in packed and not here else HERE if here else otherwise)
