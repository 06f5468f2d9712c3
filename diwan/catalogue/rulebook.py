"""Every CEL rule of a service with the place it stands at and the type it must give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diwan.catalogue.registers import answer_types
from diwan.catalogue.schema import Check, Definition
from diwan.catalogue.source import Where
from diwan.flow.table import Table
from diwan.forms.lookups import Lookups
from diwan.rules.rulebook import Rulebook
from diwan.rules.types import CelType

Rule = tuple[Where, str, CelType]


def form_rules(definition: Definition) -> Iterator[Rule]:
    """Rules over the answers: what is asked, derived facts, the lamp, fee lines, printed rows."""
    bool_ = CelType.BOOL
    for number, page in enumerate(definition.form.pages):
        if page.when:
            yield ("pages", number, "when"), page.when, bool_
        for inner, group in enumerate(page.groups):
            if group.when:
                yield ("pages", number, "groups", inner, "when"), group.when, bool_
            for place, field in enumerate(group.fields):
                if field.when:
                    yield ("pages", number, "groups", inner, "fields", place, "when"), field.when, bool_
    for number, slot in enumerate(definition.form.slots):
        if slot.when:
            yield ("documents", number, "when"), slot.when, bool_
    for number, fact in enumerate(definition.form.facts):
        if fact.kind == "rule":
            yield ("facts", number, "when"), str(fact.options["when"]), bool_
    for number, rule in enumerate(definition.form.lamp):
        yield ("lamp", number, "when"), rule.when, bool_
    for number, line in enumerate(definition.fees):
        if line.when:
            yield ("fees", number, "when"), line.when, bool_
    if definition.result is not None:
        for number, section in enumerate(definition.result.sections):
            for inner, row in enumerate(section.rows):
                if row.when:
                    yield ("result", "sections", number, "rows", inner, "when"), row.when, bool_


def lamp_rule(check: Check) -> str:
    """The rule of the lamp that a check without register makes: it applies and does not pass."""
    return f"({check.when or 'true'}) && !({check.passes})"


def check_rules(definition: Definition) -> Iterator[tuple[Rule, str]]:
    """Rules of the checks, each with the register whose answer it may read ("" for what is asked before)."""
    for number, check in enumerate(definition.checks):
        if check.when:
            yield (("checks", number, "when"), check.when, CelType.BOOL), ""
        for name, text in check.asks.items():
            yield (("checks", number, "asks", name), text, CelType.STRING), ""
        yield (("checks", number, "pass"), check.passes, CelType.BOOL), check.register


def books(
    definition: Definition, table: Table | None, variables: Mapping[str, CelType], lookups: Lookups
) -> dict[str, Rulebook]:
    """The compiled rules: "" for all that reads no answer, else by register."""
    plain = [(text, kind) for _place, text, kind in form_rules(definition)]
    plain += [(lamp_rule(check), CelType.BOOL) for check in definition.checks if check.kind == "rule"]
    plain += [(text, CelType(kind)) for text, kind in (table.expressions() if table is not None else ())]
    asking: dict[str, list[tuple[str, CelType]]] = {"": plain}
    for (_place, text, kind), register in check_rules(definition):
        asking.setdefault(register, []).append((text, kind))
    return {
        register: Rulebook({**variables, **answer_types(lookups, register)}, rules)
        for register, rules in asking.items()
    }
