"""What one version of a service has that another has not: form, papers, checks, fees, workflow, texts. Pure.

Told as data: the screens give it words. Things are compared by their key, so a question that moved to another page has
changed its place and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from diwan.catalogue.schema import Definition
from diwan.flow.table import Deadline, Table, Text
from diwan.forms.plan import FormPlan

ADDED, GONE, CHANGED = "added", "gone", "changed"
PARTS: Final = (
    "card", "form", "papers", "facts", "lamp", "checks", "fees", "workflow", "notices", "reasons", "result",
)  # fmt: skip
"""Where something changed, in the order in which it is told."""

_CARD: Final = (
    "name", "summary", "gets", "who", "steps", "fee_text", "validity", "expected", "synonyms", "channels", "audiences",
    "department", "service_class", "body", "icon", "related", "bill_days", "draft_days", "instant", "quiet", "rating",
    "internal", "opens", "deadline",
)  # fmt: skip
_RESULT: Final = ("result", "entry", "renewal", "about", "contests", "follow_ups", "consequences")
_AS_ONE: Final = (Text, Deadline)
"""Values that are told as one."""
_WHOLE: Final = ("start", "deadline", "withdraw", "cancel", "reopen", "returns", "interventions")


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that is told differently: the name of the field, and its value before and after (None: nothing)."""

    aspect: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """Something of a part (`PARTS`) that was added, is gone or has changed; `name` is what people call it."""

    part: str
    act: str
    key: str
    name: Text | None
    details: tuple[Detail, ...] = ()


def difference(
    old: Definition, new: Definition, old_table: Table | None, new_table: Table | None
) -> tuple[Change, ...]:
    """Everything by which `new` differs from `old`, by part; empty when they are the same."""
    found = [
        *_whole("card", old, new, _CARD),
        *_form(old.form, new.form),
        *_keyed("checks", _by(old.checks, "code"), _by(new.checks, "code"), _named),
        *_keyed("fees", _by(old.fees, "code"), _by(new.fees, "code"), _named),
        *_workflow(old_table, new_table),
        *_keyed("notices", dict(old.notices), dict(new.notices), _nameless),
        *_keyed("reasons", dict(old.reasons), dict(new.reasons), _nameless),
        *_whole("result", old, new, _RESULT),
    ]
    return tuple(sorted(found, key=lambda change: PARTS.index(change.part)))


def _form(old: FormPlan, new: FormPlan) -> Iterator[Change]:
    yield from _keyed("form", _questions(old), _questions(new), _labelled)
    yield from _keyed("papers", _by(old.slots, "key"), _by(new.slots, "key"), _labelled)
    yield from _keyed("facts", _by(old.facts, "key"), _by(new.facts, "key"), _nameless)
    yield from _keyed("lamp", _by(old.lamp, "code"), _by(new.lamp, "code"), lambda rule: rule.text)


@dataclass(frozen=True, slots=True)
class _Question:
    """A field with the page and the conditions around it."""

    label: Text
    field: Any
    page: Text
    shown_when: tuple[str, ...]


def _questions(form: FormPlan) -> dict[str, Any]:
    return {
        found.key: _Question(
            found.label, found, page.title, tuple(when for when in (page.when, group.when) if when)
        )
        for page, group, found in form.placed()
    }


def _workflow(old: Table | None, new: Table | None) -> Iterator[Change]:
    if old is None or new is None:
        if old is not new:
            yield Change("workflow", ADDED if old is None else GONE, "workflow", None)
        return
    yield from _whole("workflow", old, new, _WHOLE)
    yield from _keyed("workflow", dict(old.steps), dict(new.steps), lambda step: step.title or step.public)


def _whole(part: str, old: Any, new: Any, names: tuple[str, ...]) -> Iterator[Change]:
    """One change for each of these fields that differs."""
    for name in names:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Change(part, CHANGED, name, None, tuple(_inside(name, before, after)))


def _keyed(
    part: str, old: Mapping[str, Any], new: Mapping[str, Any], name: Callable[[Any], Text | None]
) -> Iterator[Change]:
    for key in dict.fromkeys((*new, *old)):
        before, after = old.get(key), new.get(key)
        if before is None:
            yield Change(part, ADDED, key, name(after))
        elif after is None:
            yield Change(part, GONE, key, name(before))
        elif before != after and (details := tuple(_details(before, after))):
            yield Change(part, CHANGED, key, name(after), details)


def _details(before: Any, after: Any) -> Iterator[Detail]:
    """Field by field; of options, key by key."""
    if not is_dataclass(before):
        yield Detail("value", *_narrowed(before, after))
        return
    for spec in fields(before):
        was, now = getattr(before, spec.name), getattr(after, spec.name)
        if was == now:
            continue
        if spec.name == "field":
            yield from (one for one in _details(was, now) if one.aspect != "key")
        elif spec.name == "options":
            yield from (
                Detail(key, *_narrowed(was.get(key), now.get(key)))
                for key in dict.fromkeys((*now, *was))
                if was.get(key) != now.get(key)
            )
        elif not (spec.name == "label" and isinstance(before, _Question)):  # told with the field
            yield from _inside(spec.name, was, now)


def _inside(name: str, before: Any, after: Any) -> Iterator[Detail]:
    """What differs inside a value that has fields of its own; else the value, narrowed to what differs."""
    if type(before) is type(after) and is_dataclass(before) and not isinstance(before, _AS_ONE):
        yield from _details(before, after)
    else:
        yield Detail(name, *_narrowed(before, after))


def _narrowed(before: Any, after: Any) -> tuple[Any, Any]:
    """Of two lists or maps only what the other has not; None for nothing."""
    if isinstance(before, Mapping) and isinstance(after, Mapping) and set(before) != {"ar", "en"}:
        was = {key: value for key, value in before.items() if after.get(key) != value}
        now = {key: value for key, value in after.items() if before.get(key) != value}
        return was or None, now or None
    if isinstance(before, tuple | list) and isinstance(after, tuple | list):
        was_items = tuple(item for item in before if item not in after)
        now_items = tuple(item for item in after if item not in before)
        if was_items or now_items:
            return was_items or None, now_items or None
    return (None if before in ("", (), {}) else before), (None if after in ("", (), {}) else after)


def _by(items: tuple[Any, ...], name: str) -> dict[str, Any]:
    return {getattr(item, name): item for item in items}


def _named(item: Any) -> Text | None:
    name: Text | None = item.name
    return name


def _labelled(item: Any) -> Text | None:
    label: Text | None = item.label
    return label


def _nameless(_item: Any) -> Text | None:
    return None
