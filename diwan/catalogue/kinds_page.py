"""The reference of kinds, made from their declarations: `diwan catalogue kinds > docs/kinds.md`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diwan.catalogue import registry, schema
from diwan.flow.table import Text
from diwan.forms.plan import Field
from diwan.forms.registry import kind as field_kind
from diwan.rules.types import CelType

TITLES = {
    "field": "Field kinds (`pages` > `groups` > `fields`)",
    "fact": "Fact kinds (`facts`)",
    "step": "Step kinds (`workflow` > `steps`)",
    "act": "Automatic acts (`act` of an automatic step)",
    "check": "Check kinds (`checks`)",
    "fee": "Fee line kinds (`fees`)",
    "template": "Document templates (`result`, document steps)",
    "follow_up": "Follow-ups (`follow_ups`)",
}


def kinds_page() -> str:
    """The page as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Kinds that a service may name"
    yield ""
    yield "Made by `diwan catalogue kinds` from the declarations; a test compares it. A new kind is declared in"
    yield "`diwan/catalogue/registry.py` (field and fact kinds beside their code in `diwan/forms/`) and executed"
    yield "where it belongs."
    for group in registry.GROUPS:
        yield ""
        yield f"## {TITLES[group]}"
        for found in registry.kinds(group):
            yield ""
            yield f"### `{found.name}`: {found.title.en} - {found.title.ar}"
            yield found.about
            yield from _details(found)
    yield ""
    yield "## Lists"
    yield f"- classes: {', '.join(schema.CLASSES)}"
    yield f"- audiences: {', '.join(schema.AUDIENCES)}"
    yield f"- channels: {', '.join(schema.CHANNELS)}"
    yield f"- on_fail of a check: {', '.join(schema.ON_FAIL)}"
    yield f"- questions to our own registers: {', '.join(schema.INTERNAL)}"
    yield f"- lists of reasons: {', '.join(schema.REASON_LISTS)}"
    yield f"- VAT of a fee line: {', '.join(schema.VAT_CLASSES)}"


def _details(found: registry.Kind) -> Iterator[str]:
    if found.outcomes:
        yield f"Outcomes: {', '.join(sorted(found.outcomes))}."
    if found.group == "field":
        types = ", ".join(
            f"`form.<key>{suffix}` {kind.value}" for suffix, kind in _variables(found.name).items()
        )
        yield f"In rules: {types}."
    if found.options:
        yield ""
        for option in found.options:
            needed = ", required" if option.required else ""
            among = f", one of {' | '.join(option.among)}" if option.among else ""
            yield f"- `{option.name}` ({option.type}{needed}{among}): {option.about}"


def _variables(name: str) -> Mapping[str, CelType]:
    return field_kind(name).variables(Field("key", name, Text("", "")))
