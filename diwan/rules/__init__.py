"""Rules: CEL expressions and decision tables. Pure; imports only `diwan.kit`.

* `compile_expression(text, variables, result) -> Expression`: type-checked once, cached; `RuleError(reason, line,
  column, code)` when wrong. ``variables`` maps dotted names to a `CelType`: ``{"form.area": CelType.DOUBLE, "today":
  CelType.DATE, "lookups": CelType.MAP}``. An undeclared name is an error; what is inside a `MAP` is checked only when
  evaluated. A decimal is compared with ``10.0``, not ``10``.
* `Expression.evaluate(values)` -> value; `Expression.explain(values)` -> `Verdict(value, inputs, fired)`. ``values`` is
  nested: ``{"form": {"area": 12.5}, "today": date(2026, 11, 1)}``. Missing or None reads as the type's empty value;
  ``has(form.area)`` tells.
* `compile_table(definition, variables) -> DecisionTable`; ``.evaluate(values) -> Verdict``; ``.findings`` lists gaps,
  overlaps and rows that never fire; `TableError(problems)` when wrong.
* `Rulebook(variables, expressions, tables)` gathers both behind one ``evaluate(rule, values) -> Verdict``, as
  `diwan.flow` asks for: ``Rulebook(variables, table.expressions(), tables).evaluate``.
* `Verdict.to_json()` is what is stored with an automatic act.
"""

from diwan.rules.binding import plain
from diwan.rules.coverage import Finding
from diwan.rules.decision import DecisionTable
from diwan.rules.errors import RuleError, TableError
from diwan.rules.expression import Expression, compile_expression
from diwan.rules.rulebook import Rulebook
from diwan.rules.table_compiler import compile_table
from diwan.rules.types import CelType
from diwan.rules.verdict import Verdict

__all__ = [
    "CelType",
    "DecisionTable",
    "Expression",
    "Finding",
    "RuleError",
    "Rulebook",
    "TableError",
    "Verdict",
    "compile_expression",
    "compile_table",
    "plain",
]
