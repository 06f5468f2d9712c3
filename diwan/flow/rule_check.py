"""Type-checks every expression of a workflow against the variables that the service has."""

from __future__ import annotations

from collections.abc import Iterator

from diwan.flow.reader import Path, Reader
from diwan.flow.table import UNITS, Deadline, Step, Table
from diwan.flow.vocabulary import Vocabulary
from diwan.rules.errors import RuleError
from diwan.rules.expression import compile_expression
from diwan.rules.rulebook import TABLE
from diwan.rules.types import CelType


def check_rules(reader: Reader, table: Table, vocabulary: Vocabulary) -> None:
    """Note every expression that does not compile to the type needed."""
    if vocabulary.variables is None:
        return
    for path, text, result in _expressions(table):
        try:
            compile_expression(text, vocabulary.variables, result)
        except RuleError as error:
            reader.fault("flow.rule", path, reason=error.told, column=error.column)


def _expressions(table: Table) -> Iterator[tuple[Path, str, CelType]]:
    yield from _deadline(table.deadline, ())
    for key, step in table.steps.items():
        yield from of_step(step, ("steps", key))


def of_step(step: Step, path: Path) -> Iterator[tuple[Path, str, CelType]]:
    """Every expression of a step with its place and the type that it must give."""
    yield from _deadline(step.deadline, path)
    texts = (
        ("entity_from", step.entity_from), ("department_from", step.department_from), ("party", step.party),
        ("mobile", step.mobile), ("up_to", step.up_to),
    )  # fmt: skip
    for name, rule in texts:
        if rule is not None and not rule.startswith(TABLE):
            yield (*path, name), rule, CelType.STRING
    if step.until is not None:
        yield (*path, "until"), step.until, CelType.DATE
    if step.over is not None:
        yield (*path, "over"), step.over, CelType.STRINGS
    for name, rule in step.passes.items():
        yield (*path, "passes", name), rule, CelType.DYN
    for index, branch in enumerate(step.branches):
        if branch.when is not None:
            yield (*path, "branches", index, "when"), branch.when, CelType.BOOL


def _deadline(deadline: Deadline | None, path: Path) -> Iterator[tuple[Path, str, CelType]]:
    if deadline is not None and isinstance(deadline.amount, str):
        yield (*path, "deadline", "amount"), deadline.amount, CelType.INT
        if deadline.unit not in UNITS:
            yield (*path, "deadline", "unit"), deadline.unit, CelType.STRING
