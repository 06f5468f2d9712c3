"""Rules: CEL expressions and decision tables. Pure; imports only `diwan.kit`.

* `compile_expression(text, variables, result) -> Expression`: type-checked once, cached; `RuleError(message, line,
  column)` when wrong. ``variables`` maps dotted names to a `CelType`: ``{"form.area": CelType.DOUBLE, "today":
  CelType.DATE, "lookups": CelType.MAP}``. An undeclared name is an error; a `MAP` is checked only when evaluated.
* `Expression.evaluate(values)` -> value; `Expression.explain(values)` -> `Verdict(value, inputs, fired)`. ``values`` is
  nested: ``{"form": {"area": 12.5}, "today": date(2026, 11, 1)}``. Missing or None reads as the type's empty value;
  ``has(form.area)`` tells.
* `compile_table(definition, variables) -> DecisionTable`, `.evaluate(values) -> Verdict`; `.report` lists gaps and overlaps.
* `Rulebook` gathers both behind one `evaluate(rule, values) -> Verdict`, as `diwan.flow` asks for.
"""

from diwan.rules.errors import RuleError
from diwan.rules.expression import Expression, compile_expression, plain
from diwan.rules.types import CelType
from diwan.rules.verdict import Verdict

__all__ = ["CelType", "Expression", "RuleError", "Verdict", "compile_expression", "plain"]
