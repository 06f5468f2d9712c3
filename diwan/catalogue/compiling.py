"""Publish-time compilation: names that exist, rules that type-check, a workflow that is proven sound.

The result is plain JSON, so that a small machine door can read a service without Django.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from diwan.catalogue import registry
from diwan.catalogue.registers import answer_types, parameters
from diwan.catalogue.rulebook import check_rules, form_rules
from diwan.catalogue.schema import Check, Definition, listed_answers
from diwan.catalogue.shelf import Shelf
from diwan.catalogue.source import CatalogueError, Source, Wrong
from diwan.catalogue.variables import variable_types
from diwan.flow import Table, Vocabulary, WorkflowError, compile_workflow, to_json
from diwan.flow.reader import FAULTS
from diwan.forms.plan import Fact
from diwan.kit.errors import N_
from diwan.notify.queries import template_codes
from diwan.rules.coverage import Finding
from diwan.rules.decision import DecisionTable
from diwan.rules.errors import RuleError, TableError
from diwan.rules.expression import compile_expression
from diwan.rules.table_compiler import compile_table
from diwan.rules.types import CelType

FORMAT = 1
"""Version of the compiled shape."""
NUMBERS = frozenset({CelType.INT, CelType.DOUBLE})
OF_THE_MAP = frozenset({"districts", "municipalities"})
"""Lookups that the installation's own map and organisation are, whatever files there are."""
NO_FIELD = N_("There is no field {name}.")
NO_REASON = N_("There is no reason {name}.")
NO_PARTY_STEP = N_("There is no party step {name}.")
ABOUT_NO_ENTRY = N_("The service is about no entry.")
_BRACES = re.compile(r"\{([a-z_.]+)\}")


def compile_service(
    definition: Definition, lookups: Shelf, *, source: Source | None = None
) -> dict[str, Any]:
    """Check everything that a definition names and compile it. CatalogueError with every fault.

    `source` places the faults in the file. `definition.workflow` must be the workflow itself, not its name.
    """
    faults = _Faults(source or Source(None))
    steps = _step_keys(definition)
    variables = variable_types(definition, steps)
    _check_names(definition, lookups, faults)
    _check_rules(definition, lookups, variables, faults)
    _check_numbers(definition, lookups, variables, faults)
    _check_result(definition, variables, faults)
    tables = _check_tables(definition, variables, faults)
    table = _compile_workflow(definition, lookups, variables, tables, faults)
    _check_deadlines(definition, table, faults)
    _check_consequences(definition, table, faults)
    _check_parties(definition, table, faults)
    faults.raise_all()
    return {
        "format": FORMAT,
        "slug": definition.slug,
        "code": definition.code,
        "table": to_json(table) if table is not None else None,
        "variables": {name: kind.value for name, kind in sorted(variables.items())},
        "form": plain(asdict(definition.form)),
        "public": public_texts(table),
        "checks": [{"code": check.code, "register": check.register} for check in definition.checks],
    }


def public_texts(table: Table | None) -> dict[str, dict[str, str]]:
    """Stage -> the citizen's words in both languages."""
    if table is None:
        return {}
    return {
        step.key: {"ar": step.public.ar, "en": step.public.en}
        for step in table.steps.values()
        if step.public is not None
    }


def plain(value: Any) -> Any:
    """Tuples as lists, throughout."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


class _Faults:
    def __init__(self, source: Source) -> None:
        self._source = source
        self.found: list[Wrong] = []

    def add(self, message: str, /, *path: str | int, **params: Any) -> None:
        file, line = self._source.where(path)
        self.found.append(Wrong(message, path, file, line, params))

    def unless(self, holds: bool, message: str, /, *path: str | int, **params: Any) -> None:
        if not holds:
            self.add(message, *path, **params)

    def raise_all(self) -> None:
        if self.found:
            raise CatalogueError(self.found)


def _step_keys(definition: Definition) -> list[str]:
    workflow = definition.workflow
    steps = workflow.get("steps") if isinstance(workflow, Mapping) else None
    return list(steps) if isinstance(steps, Mapping) else []


def _check_names(definition: Definition, lookups: Shelf, faults: _Faults) -> None:
    """Lookups, columns, reasons, messages, articles that are named exist."""
    _check_fields(definition, lookups, faults)
    for number, fact in enumerate(definition.form.facts):
        if "lookup" in fact.options:
            column = {fact.options["column"]: ""}
            _lookup(lookups, fact.options["lookup"], column, faults, "facts", number)
        _check_fact(definition, fact, faults, number)
    for name, codes in definition.reasons.items():
        for number, code in enumerate(codes):
            faults.unless(code in lookups.codes("reasons"), NO_REASON, "reasons", name, number, name=code)
    for event, code in definition.notices.items():
        faults.unless(
            code in template_codes(), N_("There is no message {name}."), "notices", event, name=code
        )
    for number, rule in enumerate(definition.form.lamp):
        _article(lookups, rule.article, faults, "lamp", number)
    for number, check in enumerate(definition.checks):
        _check(check, lookups, faults, number)


def _check_fact(definition: Definition, fact: Fact, faults: _Faults, number: int) -> None:
    """A fact is derived from fields that exist; days are counted between dates."""
    of, to = fact.options.get("of"), fact.options.get("to")
    for key in [of] if isinstance(of, str) else of or []:
        faults.unless(definition.form.field(key) is not None, NO_FIELD, "facts", number, "of", name=key)
    for key in (of, to) if to is not None else ():
        field = definition.form.field(str(key))
        dated = field is not None and field.kind == "date"
        faults.unless(dated, N_("{name} is no date field."), "facts", number, "to", name=key)


def _check_fields(definition: Definition, lookups: Shelf, faults: _Faults) -> None:
    """Fields that choose from a lookup name one that exists, with its columns."""
    for page_no, page in enumerate(definition.form.pages):
        for group_no, group in enumerate(page.groups):
            for field_no, field in enumerate(group.fields):
                if field.kind in ("lookup", "lookups"):
                    path = ("pages", page_no, "groups", group_no, "fields", field_no)
                    _lookup(lookups, field.option("lookup"), field.option("where") or {}, faults, *path)


def _lookup(lookups: Shelf, name: str, columns: Mapping[str, Any], faults: _Faults, *path: str | int) -> None:
    if name in OF_THE_MAP and not columns:
        return
    if name in registry.living_lookups():
        return
    if name not in lookups.names():
        faults.add(N_("There is no lookup {name}."), *path, name=name)
        return
    for column in columns:
        known = column in lookups.columns(name)
        faults.unless(known, N_("Lookup {name} has no column {column}."), *path, name=name, column=column)


def _check(check: Check, lookups: Shelf, faults: _Faults, number: int) -> None:
    _article(lookups, check.article, faults, "checks", number)
    if check.reason is not None:
        faults.unless(
            check.reason in lookups.codes("reasons"), NO_REASON, "checks", number, name=check.reason
        )
    if check.kind == "rule":
        return
    if check.register not in lookups.codes("registers"):
        message = N_("There is no register {name}.")
        faults.add(message, "checks", number, "register", name=check.register)
        return
    taken = parameters(lookups, check.register)
    for name in check.asks:
        message = N_("Register {register} takes no {name}. It takes {known}.")
        told = {"register": check.register, "name": name, "known": ", ".join(sorted(taken))}
        faults.unless(name in taken, message, "checks", number, "asks", name, **told)


def _article(lookups: Shelf, code: str | None, faults: _Faults, *path: str | int) -> None:
    if code is not None:
        known = code in lookups.codes("articles")
        faults.unless(known, N_("There is no article {name}."), *path, "article", name=code)


def _check_rules(
    definition: Definition, lookups: Shelf, variables: Mapping[str, CelType], faults: _Faults
) -> None:
    for path, text, result in form_rules(definition):
        _compile(text, variables, result, faults, *path)
    for (path, text, result), register in check_rules(definition):
        _compile(text, {**variables, **answer_types(lookups, register)}, result, faults, *path)


def _compile(
    text: str, variables: Mapping[str, CelType], result: CelType, faults: _Faults, *path: str | int
) -> None:
    try:
        compile_expression(text, variables, result)
    except RuleError as error:
        faults.add(FAULTS["flow.rule"], *path, reason=error.told, column=error.column)


def _check_numbers(
    definition: Definition, lookups: Shelf, variables: Mapping[str, CelType], faults: _Faults
) -> None:
    """Fee lines multiply numbers; their rates are rows of `fee_rates`."""
    codes = lookups.codes("fee_rates")
    for number, line in enumerate(definition.fees):
        for name in (*line.quantity, *filter(None, (line.years, line.days))):
            message = N_("{name} is not a number of this service.")
            faults.unless(variables.get(name) in NUMBERS, message, "fees", number, name=name)
        holes = _BRACES.findall(line.rate)
        for name in holes:
            message, is_text = (
                N_("{name} is not a text of this service."),
                variables.get(name) is CelType.STRING,
            )
            faults.unless(is_text, message, "fees", number, "rate", name=name)
        pattern = re.compile(
            _BRACES.sub("\x00", line.rate).replace(".", r"\.").replace("\x00", "[A-Za-z0-9_-]+") + r"\Z"
        )
        known = any(pattern.match(code) for code in codes)
        faults.unless(known, N_("No row of fee_rates fits {name}."), "fees", number, "rate", name=line.rate)
        for code in _named_by_table(definition, line.rate) if known else ():
            message = N_("There is no row {name} in fee_rates.")
            faults.unless(code in codes, message, "fees", number, "rate", name=code)
        for name in _BRACES.findall(line.explain.ar) + _BRACES.findall(line.explain.en):
            known = name in ("quantity", "rate", "years", "days")
            message = N_("An explanation may name quantity, rate, years and days, not {name}.")
            faults.unless(known, message, "fees", number, name=name)


def _named_by_table(definition: Definition, rate: str) -> list[str]:
    """The price rows that a rate names where a decision table of listed answers gives the only fact in it."""
    holes = _BRACES.findall(rate)
    fact = next((one for one in definition.form.facts if holes == [f"facts.{one.key}"]), None)
    if fact is None:
        return []
    return [_BRACES.sub(value, rate) for value in listed_answers(definition, fact)]


def _check_result(definition: Definition, variables: Mapping[str, CelType], faults: _Faults) -> None:
    result = definition.result
    if result is None:
        steps = definition.workflow.get("steps") if isinstance(definition.workflow, Mapping) else None
        listed = steps if isinstance(steps, Mapping) else {}
        issuing = [
            key
            for key, step in listed.items()
            if isinstance(step, Mapping) and step.get("kind") == "document"
        ]
        faults.unless(not issuing, N_("A workflow that issues a document needs a result."), "result")
        return
    term = result.term
    if term is not None and term.years is not None and not term.years.isdecimal():
        whole = variables.get(term.years) is CelType.INT
        faults.unless(whole, N_("{name} is not a whole number."), "result", "term", "years", name=term.years)
    if term is not None and term.until is not None:
        dated = variables.get(term.until) is CelType.DATE and term.until.startswith("form.")
        faults.unless(
            dated, N_("{name} is not a date of the form."), "result", "term", "until", name=term.until
        )
    if term is not None and term.ends == "entry":
        faults.unless(definition.about is not None, ABOUT_NO_ENTRY, "result", "term", "ends")
    for number, section in enumerate(result.sections):
        for inner, row in enumerate(section.rows):
            _source(definition, row.source, faults, "result", "sections", number, "rows", inner, "source")
    for name, source in result.card.items():
        _source(definition, source, faults, "result", "card", name)
    if result.activities is not None:
        known = definition.form.field(result.activities) is not None
        faults.unless(known, NO_FIELD, "result", "activities", name=result.activities)


def _source(definition: Definition, source: str, faults: _Faults, *path: str | int) -> None:
    """`form.<field>`, `facts.<fact>`, `applicant.<part>`, `note.<step>`, or `entry.number` and the dates of what it is
    about."""
    head, _, name = source.partition(".")
    known = {
        "form": definition.form.field(name) is not None,
        "facts": any(fact.key == name for fact in definition.form.facts),
        "applicant": bool(name),
        "entry": definition.about is not None and name in ("number", "valid_from", "valid_to"),
        "note": _asks_for_a_note(definition, name),
    }.get(head, False)
    faults.unless(known, N_("There is nothing to print from {name}."), *path, name=source)


def _asks_for_a_note(definition: Definition, key: str) -> bool:
    """Whether the step of the workflow has an action that asks for a note."""
    steps = definition.workflow.get("steps") if isinstance(definition.workflow, Mapping) else None
    step = (steps or {}).get(key)
    actions = step.get("actions") if isinstance(step, Mapping) else None
    return any(isinstance(one, Mapping) and one.get("note") == "required" for one in (actions or {}).values())


def _check_parties(definition: Definition, table: Table | None, faults: _Faults) -> None:
    """What is asked of a party, about it, or held by it names its step; a party with pages has one way to confirm."""
    steps = table.steps if table is not None else {}
    parties = {key for key, step in steps.items() if step.kind == "party"}
    for number, page in enumerate(definition.form.pages):
        known = not page.by or page.by in parties
        faults.unless(known, NO_PARTY_STEP, "pages", number, "by", name=page.by)
    for number, check in enumerate(definition.checks):
        known = not check.of or check.of in parties
        faults.unless(known, NO_PARTY_STEP, "checks", number, "of", name=check.of)
        known = not check.at or (check.at in steps and steps[check.at].kind == "automatic")
        faults.unless(known, N_("There is no automatic step {name}."), "checks", number, "at", name=check.at)
        message = N_("A check of a party says at which step.")
        faults.unless(not check.of or bool(check.at), message, "checks", number, "at")
    if definition.entry is not None and definition.entry.holder:
        holder = definition.entry.holder
        faults.unless(holder in parties, NO_PARTY_STEP, "entry", "holder", name=holder)
    for key in {page.by for page in definition.form.pages} & parties:
        confirming = [exit_ for exit_ in steps[key].exits.values() if exit_.effect == "approve"]
        message = N_("A party that fills in pages has one action of effect approve.")
        faults.unless(len(confirming) == 1, message, "workflow", "steps", key)


def _check_deadlines(definition: Definition, table: Table | None, faults: _Faults) -> None:
    """No step whose time counts may take longer than the whole. Only like is compared with like: amounts that are
    written as numbers in one unit."""
    whole = (table.deadline if table is not None else None) or definition.deadline
    if table is None or whole is None or not isinstance(whole.amount, int):
        return
    for key, step in table.steps.items():
        own = None if step.paused else step.deadline
        if own is None or own.unit != whole.unit or not isinstance(own.amount, int):
            continue
        if own.amount > whole.amount:
            told = {"name": key, "amount": own.amount, "most": whole.amount}
            faults.add(FAULTS["flow.step_longer"], "workflow", "steps", key, "deadline", **told)


def _check_consequences(definition: Definition, table: Table | None, faults: _Faults) -> None:
    """A consequence follows a document or an end that exists, and concerns an entry that the case is about."""
    if table is None:
        return
    places = {key for key, step in table.steps.items() if step.kind in ("document", "end")}
    for number, each in enumerate(definition.consequences):
        path = ("consequences", number)
        message = N_("{name} is no document or end of the workflow.")
        faults.unless(each.on in places, message, *path, "on", name=each.on)
        faults.unless(definition.about is not None, ABOUT_NO_ENTRY, *path)
        reopened = table.reopen is not None and (each.on in table.reopen.ends or not table.reopen.ends)
        message = N_("{name} has consequences, so it cannot be reopened.")
        faults.unless(not reopened, message, *path, "on", name=each.on)
        if each.kind == "replace_entry" and each.on in places:
            fits = definition.entry is not None and table.steps[each.on].kind == "document"
            message = N_("A new entry takes the place on a document step of a service with entry.")
            faults.unless(fits, message, *path)


_FINDINGS = {
    "gap": N_("No row holds for {at}: add one, or otherwise."),
    "overlap": N_("The rows {rows} hold at once for {at}."),
    "shadowed": N_("The row {rows} never fires."),
    "unchecked": N_("The table is too large to be checked for gaps and overlaps."),
}


def _where(finding: Finding) -> str:
    return ", ".join(f"{name} {piece}" for name, piece in finding.at)


def _check_tables(
    definition: Definition, variables: Mapping[str, CelType], faults: _Faults
) -> dict[str, frozenset[str]]:
    """Decision tables compile and leave nothing open; facts that ask one name it with its type. Their answers."""
    tables: dict[str, DecisionTable] = {}
    for name, given in definition.tables.items():
        try:
            tables[name] = compile_table({**given, "key": name}, variables)
        except TableError as error:
            for problem in error.problems:
                faults.add(
                    N_("The table is wrong: {reason}"), "tables", name, *problem.path, reason=problem.told
                )
            continue
        for finding in tables[name].findings:
            told = {"rows": ", ".join(finding.rows), "at": _where(finding)}
            faults.add(_FINDINGS[finding.code], "tables", name, **told)
    for number, fact in enumerate(definition.form.facts):
        if fact.kind == "table":
            found = tables.get(str(fact.options["table"]))
            if found is None:
                named = fact.options["table"] in definition.tables
                message = N_("There is no table {name}.")
                faults.unless(named, message, "facts", number, "table", name=fact.options["table"])
                continue
            outputs = {column.name: column.kind.value for column in found.outputs}
            output = fact.options.get("output") or next(iter(outputs))
            message = N_("There is no output {name}.")
            faults.unless(output in outputs, message, "facts", number, "output", name=output)
            right = outputs.get(output, fact.options["type"]) == fact.options["type"]
            message = N_("The table answers {name}.")
            faults.unless(right, message, "facts", number, "type", name=outputs.get(output))
    return {name: table.answers() for name, table in tables.items()}


def _compile_workflow(
    definition: Definition,
    lookups: Shelf,
    variables: Mapping[str, CelType],
    tables: Mapping[str, frozenset[str]],
    faults: _Faults,
) -> Table | None:
    workflow = definition.workflow
    if workflow is None:
        return None
    if not isinstance(workflow, Mapping):
        faults.add(N_("There is no workflow {name}."), "workflow", name=workflow)
        return None
    acts = {found.name: found.outcomes for found in registry.kinds("act")}
    vocabulary = Vocabulary(
        variables=variables,
        tables=tables,
        acts=acts,
        roles=lookups.codes("roles") or None,
        reasons=frozenset(f"RSN-{name.upper()}" for name in definition.reasons),
        notices=frozenset(definition.notices.values()),
        checklists=lookups.codes("checklists"),
        entities=lookups.codes("entities"),
        templates=registry.names("template"),
        fields=frozenset(field.key for field in definition.form.fields()),
        guards=registry.names("guard"),
    )
    source = faults._source
    try:
        return compile_workflow(workflow, where=source.below(("workflow",)), vocabulary=vocabulary)
    except WorkflowError as error:
        for fault in error.faults:
            faults.found.append(
                Wrong(
                    fault.message,
                    ("workflow", *fault.path),
                    fault.file or "",
                    fault.line or 0,
                    fault.params,
                )
            )
    return None
