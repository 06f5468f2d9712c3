"""What reading and showing answers depends on besides the answers: date, lookups, map, who applies, what is renewed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from diwan.forms.lookups import Lookups, NoLookups, Places

Holds = Callable[[str, Mapping[str, Any]], bool]
Answers = Callable[[str, Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class FormContext:
    """The surroundings of a form on one day.

    `applicant` is the snapshot of who applies (`kind`, `national_id`, `name_ar`, `mobile`, `cr_number`, ...);
    `entry` the
    answers kept in the register entry that is renewed (empty otherwise), with `number`, `valid_from`, `valid_to`.
    `holds(rule, values)` answers a CEL text of this version over flat variables, `answers` one of any type or a
    decision table (`table:NAME`); the catalogue gives both.
    """

    on: date
    lookups: Lookups = field(default_factory=NoLookups)
    places: Places | None = None
    applicant: Mapping[str, Any] = field(default_factory=dict)
    entry: Mapping[str, Any] = field(default_factory=dict)
    holds: Holds | None = None
    answers: Answers | None = None
    part: str | None = ""
    """Whose pages are asked: "" the applicant's, a step those of its party, None all of them (for reading)."""
