"""Every CEL rule of a service with the place it stands at and the type it must give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diwan.catalogue.registers import answer_types
from diwan.catalogue.schema import Check, Definition
from diwan.catalogue.source import Where
from diwan.flow.table import Table
from diwan.forms.lookups import Lookups
from diwan.forms.plan import FormPlan
from diwan.rules.decision import DecisionTable
from diwan.rules.rulebook import Rulebook
from diwan.rules.table_compiler import compile_table
from diwan.rules.types import CelType

Rule = tuple[Where, str, CelType]


def form_rules(definition: Definition) -> Iterator[Rule]:
    """Rules over the answers (all true or false): what is asked, derived facts, the lamp, fee lines, printed rows."""
    for place, text in _conditions(definition):
        if text is not None:
            yield place, text, CelType.BOOL


def _conditions(definition: Definition) -> Iterator[tuple[Where, str | None]]:
    yield from _page_conditions(definition.form)
    for number, slot in enumerate(definition.form.slots):
        yield ("documents", number, "when"), slot.when
    for number, fact in enumerate(definition.form.facts):
        yield ("facts", number, "when"), str(fact.options["when"]) if fact.kind == "rule" else None
    for number, rule in enumerate(definition.form.lamp):
        yield ("lamp", number, "when"), rule.when
    for number, line in enumerate(definition.fees):
        yield ("fees", number, "when"), line.when
    sections = definition.result.sections if definition.result is not None else ()
    for number, section in enumerate(sections):
        for inner, row in enumerate(section.rows):
            yield ("result", "sections", number, "rows", inner, "when"), row.when


def _page_conditions(form: FormPlan) -> Iterator[tuple[Where, str | None]]:
    for number, page in enumerate(form.pages):
        yield ("pages", number, "when"), page.when
        for inner, group in enumerate(page.groups):
            yield ("pages", number, "groups", inner, "when"), group.when
            for place, field in enumerate(group.fields):
                yield ("pages", number, "groups", inner, "fields", place, "when"), field.when


def decision_tables(
    definition: Definition, variables: Mapping[str, CelType]
) -> Iterator[tuple[str, DecisionTable]]:
    """The decision tables of a service by name. Raises TableError when one was not checked before."""
    for name, table in definition.tables.items():
        yield name, compile_table({**table, "key": name}, variables)


def lamp_rule(check: Check) -> str:
    """The rule of the lamp that a check without register makes: it applies and does not pass."""
    return f"({check.when or 'true'}) && !({check.passes})"


def check_rules(definition: Definition) -> Iterator[tuple[Rule, str]]:
    """Rules of the checks, each with the register whose answer it may read ("" for what is asked before)."""
    for number, check in enumerate(definition.checks):
        if check.when:
            yield (("checks", number, "when"), check.when, CelType.BOOL), ""
        asked = CelType.STRING if check.kind == "register" else CelType.DYN
        for name, text in check.asks.items():
            yield (("checks", number, "asks", name), text, asked), ""
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
    tables = [found for _name, found in decision_tables(definition, variables)]
    return {
        register: Rulebook(
            {**variables, **answer_types(lookups, register)}, rules, () if register else tables
        )
        for register, rules in asking.items()
    }
