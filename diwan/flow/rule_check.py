"""Type-checks every expression of a workflow against the variables that the service has."""

from __future__ import annotations

from collections.abc import Iterator

from diwan.flow.reader import Path, Reader
from diwan.flow.table import UNITS, Deadline, Table
from diwan.flow.vocabulary import Vocabulary
from diwan.rules.errors import RuleError
from diwan.rules.expression import compile_expression
from diwan.rules.types import CelType


def check_rules(reader: Reader, table: Table, vocabulary: Vocabulary) -> None:
    """Note every expression that does not compile to the type needed."""
    if vocabulary.variables is None:
        return
    for path, text, result in _expressions(table):
        try:
            compile_expression(text, vocabulary.variables, result)
        except RuleError as error:
            reader.fault("flow.rule", path, reason=error.reason, column=error.column)


def _expressions(table: Table) -> Iterator[tuple[Path, str, CelType]]:
    yield from _deadline(table.deadline, ())
    for key, step in table.steps.items():
        path: Path = ("steps", key)
        yield from _deadline(step.deadline, path)
        if step.entity_from is not None:
            yield (*path, "entity_from"), step.entity_from, CelType.STRING
        if step.department_from is not None:
            yield (*path, "department_from"), step.department_from, CelType.STRING
        for name, rule in (("party", step.party), ("mobile", step.mobile)):
            if rule is not None:
                yield (*path, name), rule, CelType.STRING
        for index, branch in enumerate(step.branches):
            if branch.when is not None:
                yield (*path, "branches", index, "when"), branch.when, CelType.BOOL


def _deadline(deadline: Deadline | None, path: Path) -> Iterator[tuple[Path, str, CelType]]:
    if deadline is not None and isinstance(deadline.amount, str):
        yield (*path, "deadline", "amount"), deadline.amount, CelType.INT
        if deadline.unit not in UNITS:
            yield (*path, "deadline", "unit"), deadline.unit, CelType.STRING
