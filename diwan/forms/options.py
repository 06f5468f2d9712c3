"""Options of a kind: declared once, checked when a definition is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from diwan.flow.reader import FAULTS
from diwan.kit.errors import N_, Problem
from diwan.kit.naming import unknown

CHECKS: Mapping[str, Any] = {
    "text": lambda value: isinstance(value, str) and bool(value.strip()),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: _number(value),
    "flag": lambda value: isinstance(value, bool),
    "codes": lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    "map": lambda value: isinstance(value, Mapping),
    "bilingual": lambda value: _bilingual(value),
    "choices": lambda value: _choices(value),
    "any": lambda value: value is not None,
}
"""Types an option can have."""
EXPECTED: Mapping[str, str] = {
    "text": FAULTS["flow.not_a_text"],
    "integer": N_("A whole number is expected here."),
    "number": N_("A whole number, or a decimal number in quotes, is expected here."),
    "flag": FAULTS["flow.not_a_flag"],
    "codes": N_("A list of texts is expected here."),
    "map": FAULTS["flow.not_a_mapping"],
    "bilingual": N_("A text in both languages is expected here: ar and en."),
    "choices": N_(
        "A list of choices is expected here, each with a code of its own and a name in both languages."
    ),
    "any": N_("Something is expected here."),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a kind: `type` is a key of `CHECKS`, `about` one English sentence for the reference."""

    name: str
    type: str
    about: str
    required: bool = False
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OptionFault:
    """One thing wrong with the options given to a kind; `path` leads to it below the options."""

    path: tuple[str | int, ...]
    problem: Problem


def check_options(known: Iterable[Option], given: Mapping[str, Any]) -> list[OptionFault]:
    """Faults of the options given: unknown, missing, of the wrong type."""
    options = {option.name: option for option in known}
    faults: list[OptionFault] = []
    for name, value in given.items():
        option = options.get(name)
        if option is None:
            faults.append(OptionFault((name,), unknown(name, options, is_key=True)))
        elif not CHECKS[option.type](value):
            faults.append(OptionFault((name,), Problem("option.type", EXPECTED[option.type])))
        elif option.among and value not in option.among:
            faults.append(OptionFault((name,), unknown(str(value), option.among)))
    for option in options.values():
        if option.required and option.name not in given:
            faults.append(
                OptionFault((), Problem("option.missing", FAULTS["flow.missing"], {"name": option.name}))
            )
    return faults


def _number(value: Any) -> bool:
    """A whole number, or a decimal as text (definitions hold no floats)."""
    if isinstance(value, str):
        return re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII) is not None
    return isinstance(value, int) and not isinstance(value, bool)


def _bilingual(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and set(value) == {"ar", "en"}
        and all(isinstance(text, str) and text.strip() for text in value.values())
    )


def _choices(value: Any) -> bool:
    if not isinstance(value, list) or not value:
        return False
    for item in value:
        if (
            not isinstance(item, Mapping)
            or not set(item) <= {"code", "name", "help"}
            or not _bilingual(item.get("name"))
        ):
            return False
        if not isinstance(item.get("code"), str) or ("help" in item and not _bilingual(item["help"])):
            return False
    return len({item["code"] for item in value}) == len(value)
