"""The form of a service as immutable data: pages, groups, fields, document slots, derived facts.

Made by the catalogue at publish time, read at every page. JSON-able both ways, so that a machine door can validate an
application from plain data alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from diwan.flow.table import Text


def text_json(text: Text | None) -> dict[str, str] | None:
    """A text as a `{ar, en}` map."""
    return None if text is None else {"ar": text.ar, "en": text.en}


def text_of(value: Mapping[str, str] | None) -> Text | None:
    """The reverse of `text_json`."""
    return None if value is None else Text(value["ar"], value["en"])


def in_language(text: Text, language: str) -> str:
    """The text in `ar` or `en`."""
    return text.en if language == "en" else text.ar


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `kind` is a registered field kind, `options` its options as published.

    `when` is CEL over `form.*`, `facts.*`, `applicant.*` (None: always shown); a field that is not shown has no value.
    `prefill` is where a first value comes from: `applicant.mobile`, `entry.trade_name_ar`.
    `keep`: on a renewal with "nothing has changed" the old value stands and is not asked again. `fixed`: the
    value comes
    from `prefill` alone and cannot be typed.
    """

    key: str
    kind: str
    label: Text
    help: Text | None = None
    required: bool = True
    when: str | None = None
    prefill: str | None = None
    keep: bool = True
    fixed: bool = False
    personal: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)

    def option(self, name: str, default: Any = None) -> Any:
        """An option of the kind, or `default`."""
        return self.options.get(name, default)


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together under one heading."""

    key: str
    fields: tuple[Field, ...]
    title: Text | None = None
    help: Text | None = None
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One step of the application: groups of fields, and the slots whose papers are asked here."""

    key: str
    title: Text
    groups: tuple[Group, ...] = ()
    slots: tuple[str, ...] = ()
    intro: Text | None = None
    when: str | None = None
    by: str = ""
    """Step of the workflow whose party answers this page; empty: the applicant."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A paper or photo that is asked for. `when` is CEL (None: always); `kinds` are `pdf`, `image`, `audio`."""

    key: str
    label: Text
    help: Text | None = None
    when: str | None = None
    required: bool = True
    kinds: tuple[str, ...] = ("pdf", "image")
    max_mb: int = 10
    least: int = 1
    most: int = 1
    keep: bool = True


@dataclass(frozen=True, slots=True)
class Fact:
    """Something derived from the answers and the lookups, readable by every rule as `facts.<key>`."""

    key: str
    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LampRule:
    """A rule of the lamp before submit: when it holds, the lamp says `says` (`returned` or `needs_approval`).

    `fields` are marked beside the text; `fix` says what to do.
    """

    code: str
    says: str
    when: str
    text: Text
    fix: Text | None = None
    article: str | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormPlan:
    """The whole form of one version of a service."""

    pages: tuple[Page, ...] = ()
    slots: tuple[Slot, ...] = ()
    facts: tuple[Fact, ...] = ()
    lamp: tuple[LampRule, ...] = ()
    _placed: tuple[tuple[Page, Group, Field], ...] = field(init=False, repr=False, compare=False)
    _fields: Mapping[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """A request walks the fields several times: they are laid out once. Of two with one key the first counts."""
        placed = tuple(
            (page, group, found) for page in self.pages for group in page.groups for found in group.fields
        )
        object.__setattr__(self, "_placed", placed)
        object.__setattr__(self, "_fields", {found.key: found for _page, _group, found in reversed(placed)})

    def fields(self) -> Iterator[Field]:
        """Every field in order of the pages."""
        return (found for _page, _group, found in self._placed)

    def placed(self) -> Iterator[tuple[Page, Group, Field]]:
        """Every field with its page and group."""
        return iter(self._placed)

    def field(self, key: str) -> Field | None:
        """The field with this key, or None."""
        return self._fields.get(key)

    def page(self, key: str) -> Page | None:
        """The page with this key, or None."""
        return next((page for page in self.pages if page.key == key), None)

    def slot(self, key: str) -> Slot | None:
        """The document slot with this key, or None."""
        return next((slot for slot in self.slots if slot.key == key), None)
