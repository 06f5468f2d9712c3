"""Decision tables from plain data (YAML), checked for gaps and overlaps.

A definition (keys marked * are required)::

    key*: code
    hit: unique | first | any | priority | collect      (default unique)
    aggregate: sum | min | max | count                   (collect, one output)
    inputs*:
      NAME: {type*: string|bool|int|double|date, from*: CEL, values: [..], min: .., max: ..}
    outputs*:
      NAME: {type*: string|bool|int, values: [..]}       (priority: best first)
    rules*:
      - {id*: text, when: {INPUT: cell}, then*: {OUTPUT: value}, why: {ar, en}}
    otherwise: {OUTPUT: value}

Cells are described in `diwan.rules.cells`; an input not named may be anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from diwan.kit.errors import N_
from diwan.kit.naming import unknown
from diwan.rules.cells import Cell, read_cell, read_value
from diwan.rules.coverage import examine, pieces
from diwan.rules.decision import OTHERWISE, DecisionTable, Input, Output, Row
from diwan.rules.errors import RuleError, TableError
from diwan.rules.expression import compile_expression
from diwan.rules.types import CelType

HITS = ("unique", "first", "any", "priority", "collect")
AGGREGATES = ("sum", "min", "max", "count")
MAX_ROWS = 2000
"""Rules in one table."""

NOT_AMONG = N_("{value} is not among the values of {name}.")
_INPUTS = (CelType.STRING, CelType.BOOL, CelType.INT, CelType.DOUBLE, CelType.DATE)
_OUTPUTS = (CelType.STRING, CelType.BOOL, CelType.INT)
Path = tuple[str | int, ...]


class _Builder:
    """Reads a definition and gathers what is wrong with it."""

    def __init__(self, definition: Mapping[str, Any], variables: Mapping[str, CelType]) -> None:
        self.definition = definition
        self.variables = variables
        self.problems: list[RuleError] = []

    def wrong(self, reason: str, /, *path: str | int, code: str = "rules.table", **params: Any) -> None:
        self.problems.append(RuleError(reason, code=code, path=path, **params))

    def mapping(self, found: Any, *path: str | int) -> Mapping[str, Any]:
        if isinstance(found, Mapping):
            return found
        self.wrong(N_("A mapping of keys is expected here."), *path)
        return {}

    def keys(self, found: Mapping[str, Any], known: str, *path: str | int) -> None:
        for key in found:
            if key not in known.split():
                found_key = unknown(str(key), known.split(), is_key=True)
                self.wrong(found_key.message, *path, key, code="rules.unknown_key", **found_key.params)

    def choice(
        self, found: Mapping[str, Any], key: str, known: Sequence[str], default: str, *path: str | int
    ) -> str:
        value = found.get(key, default)
        if value not in known:
            told = unknown(str(value), known)
            self.wrong(told.message, *path, key, code="rules.unknown_value", **told.params)
            return default
        return str(value)

    def value(self, found: Any, kind: CelType, *path: str | int) -> Any:
        try:
            return read_value(found, kind, path)
        except RuleError as error:
            self.problems.append(error)
            return None

    def kind(self, found: Mapping[str, Any], known: Sequence[CelType], *path: str | int) -> CelType:
        return CelType(self.choice(found, "type", [kind.value for kind in known], known[0].value, *path))

    def input(self, name: str, found: Any) -> Input | None:
        path: Path = ("inputs", name)
        column = self.mapping(found, *path)
        self.keys(column, "type from values min max", *path)
        kind = self.kind(column, _INPUTS, *path)
        try:
            source = compile_expression(str(column.get("from", name)), self.variables, kind)
        except RuleError as error:
            error.path = (*path, "from")
            self.problems.append(error)
            return None
        low, high = (
            self.value(column[end], kind, *path, end) if column.get(end) is not None else None
            for end in ("min", "max")
        )
        return Input(name, kind, source, self.values(column, kind, *path), low, high)

    def output(self, name: str, found: Any) -> Output:
        column = self.mapping(found, "outputs", name)
        self.keys(column, "type values", "outputs", name)
        kind = self.kind(column, _OUTPUTS, "outputs", name)
        return Output(name, kind, self.values(column, kind, "outputs", name))

    def values(self, column: Mapping[str, Any], kind: CelType, *path: str | int) -> tuple[Any, ...]:
        found = column.get("values") or ()
        if isinstance(found, str) or not isinstance(found, Sequence):
            self.wrong(N_("A list is expected here."), *path, "values")
            return ()
        return tuple(self.value(item, kind, *path, "values", index) for index, item in enumerate(found))

    def row(self, found: Any, place: int, inputs: Sequence[Input], outputs: Sequence[Output]) -> Row:
        path: Path = ("rules", place)
        rule = self.mapping(found, *path)
        self.keys(rule, "id when then why", *path)
        when = self.mapping(rule.get("when") or {}, *path, "when")
        names = " ".join(column.name for column in inputs)
        self.keys(when, names, *path, "when")
        cells = tuple(
            self.cell(when.get(column.name), column, (*path, "when", column.name)) for column in inputs
        )
        why = rule.get("why")
        if why is not None and set(self.mapping(why, *path, "why")) != {"ar", "en"}:
            self.wrong(N_("The reason is needed in ar and en."), *path, "why")
        return Row(
            str(rule.get("id", place + 1)), cells, self.then(rule.get("then"), outputs, (*path, "then")), why
        )

    def cell(self, found: Any, column: Input, path: Path) -> Cell:
        try:
            cell = read_cell(found, column.kind, path)
        except RuleError as error:
            self.problems.append(error)
            return Cell()
        for value in cell.values or ():
            if column.values and value not in column.values:
                told = {"value": str(value), "name": column.name}
                self.wrong(NOT_AMONG, *path, code="rules.unknown_value", **told)
        return cell

    def then(self, found: Any, outputs: Sequence[Output], path: Path) -> dict[str, Any]:
        given = self.mapping(found, *path)
        self.keys(given, " ".join(column.name for column in outputs), *path)
        answers: dict[str, Any] = {}
        for column in outputs:
            if given.get(column.name) is None:
                self.wrong(N_("The key {name} is missing."), *path, code="rules.missing", name=column.name)
                continue
            value = answers[column.name] = self.value(given[column.name], column.kind, *path, column.name)
            if column.values and value is not None and value not in column.values:
                told = {"value": str(value), "name": column.name}
                self.wrong(NOT_AMONG, *path, column.name, code="rules.unknown_value", **told)
        return answers


def compile_table(definition: Mapping[str, Any], variables: Mapping[str, CelType]) -> DecisionTable:
    """Compile a decision table; ``variables`` type the CEL of its inputs.

    Raises `TableError` with every problem, each with its ``path``. Overlaps of a ``unique`` table and contradictions of
    an ``any`` table are blocking findings: see `DecisionTable.findings`.
    """
    build = _Builder(definition, variables)
    build.keys(definition, "key hit aggregate inputs outputs rules otherwise")
    listed = build.mapping(definition.get("inputs"), "inputs")
    inputs = tuple(column for name, item in listed.items() if (column := build.input(name, item)) is not None)
    outputs = tuple(
        build.output(name, item) for name, item in build.mapping(definition.get("outputs"), "outputs").items()
    )
    hit = build.choice(definition, "hit", HITS, "unique")
    rows = _rows(build, inputs, outputs)
    otherwise = definition.get("otherwise")
    if otherwise is not None:
        otherwise = build.then(otherwise, outputs, ("otherwise",))
    aggregate = _aggregate(build, hit, outputs)
    if not listed or not outputs:
        build.wrong(N_("A table needs inputs and outputs."))
    if hit == "priority" and outputs and not outputs[0].values:
        build.wrong(
            N_("priority needs the values of the first output, best first."), "outputs", outputs[0].name
        )
    if build.problems:
        raise TableError(tuple(build.problems))
    findings = examine(
        [column.name for column in inputs],
        [
            pieces(column.kind, [row.cells[place] for row in rows], column.values, column.low, column.high)
            for place, column in enumerate(inputs)
        ],
        [(row.id, row.cells, row.outputs) for row in rows],
        hit,
        whole=otherwise is not None,
    )
    return DecisionTable(
        str(definition.get("key", "")), hit, aggregate, inputs, outputs, rows, otherwise, findings
    )


def _rows(build: _Builder, inputs: Sequence[Input], outputs: Sequence[Output]) -> tuple[Row, ...]:
    found = build.definition.get("rules")
    if isinstance(found, str) or not isinstance(found, Sequence) or not found or len(found) > MAX_ROWS:
        build.wrong(N_("A list of 1 to {most} rules is expected here."), "rules", most=MAX_ROWS)
        return ()
    rows = tuple(build.row(item, place, inputs, outputs) for place, item in enumerate(found))
    seen: set[str] = set()
    for place, row in enumerate(rows):
        if row.id in seen or row.id == OTHERWISE:
            build.wrong(
                N_("{name} is named twice."), "rules", place, "id", code="rules.repeated", name=row.id
            )
        seen.add(row.id)
    return rows


def _aggregate(build: _Builder, hit: str, outputs: Sequence[Output]) -> str | None:
    if build.definition.get("aggregate") is None:
        return None
    aggregate = build.choice(build.definition, "aggregate", AGGREGATES, AGGREGATES[0])
    numeric = len(outputs) == 1 and (outputs[0].kind is CelType.INT or aggregate == "count")
    if hit != "collect" or not numeric:
        build.wrong(N_("An aggregate needs hit collect and one whole-number output."), "aggregate")
    return aggregate
