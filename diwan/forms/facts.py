"""Facts derived from the answers and the lookups of a day, so that rules stay short and statically typed.

A fact kind is a function registered by name; its result has one CEL type. Facts are derived in the order of the
definition and may use earlier ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.kinds.numbers import plain
from diwan.forms.lookups import Row
from diwan.forms.options import Option
from diwan.forms.plan import Fact, FormPlan
from diwan.forms.variables import variables_of, well_formed
from diwan.rules.rulebook import TABLE
from diwan.rules.types import CelType

Derive = Callable[[Fact, Mapping[str, Any], Mapping[str, Any], FormContext], Any]
_OF = Option("of", "text", "The lookup field whose rows are looked at", required=True)
_COLUMN = Option("column", "text", "Column of the rows", required=True)


@dataclass(frozen=True, slots=True)
class FactKind:
    """A declared way to derive a fact. `type` None: the option `type` names it."""

    name: str
    title: Text
    about: str
    options: tuple[Option, ...]
    type: CelType | None
    derive: Derive


_KINDS: dict[str, FactKind] = {}
GIVEN = "given"


def fact_kind(
    name: str, *, title: Text, about: str, options: tuple[Option, ...], gives: CelType | None
) -> Callable[[Derive], Derive]:
    """Decorator: declare a fact kind with its derivation."""

    def add(derive: Derive) -> Derive:
        if name in _KINDS:
            raise ValueError(f"fact kind {name} is declared twice")
        _KINDS[name] = FactKind(name, title, about, options, gives, derive)
        return derive

    return add


def fact_kinds() -> Iterable[FactKind]:
    """Every fact kind, by name."""
    return [_KINDS[name] for name in sorted(_KINDS)]


def type_of(fact: Fact) -> CelType:
    """The CEL type of a fact."""
    known = _KINDS[fact.kind].type
    return known if known is not None else CelType(fact.options.get("type", "bool"))


def derive(
    plan: FormPlan,
    values: Mapping[str, Any],
    context: FormContext,
    *,
    variables: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The facts of these answers, JSON-able; decimals as text. A fact that cannot be derived yet is absent.

    `variables` are those of the answers (`variables_of`), where the caller has them already.
    """
    facts: dict[str, Any] = {}
    values = well_formed(plan, values)
    known = variables_of(plan, values, context) if variables is None else variables
    for fact in plan.facts:
        known = (
            {**known, "facts": fact_values(plan.facts, facts)} if fact.kind in ("rule", "table") else known
        )
        found = _KINDS[fact.kind].derive(fact, values, known, context)
        if found is not None:
            facts[fact.key] = found
    return facts


def fact_values(facts: Iterable[Fact], derived: Mapping[str, Any]) -> dict[str, Any]:
    """Derived facts as rules read them: decimals kept as text become numbers."""
    values = dict(derived)
    for fact in facts:
        if values.get(fact.key) is not None and type_of(fact) is CelType.DOUBLE:
            values[fact.key] = float(values[fact.key])
    return values


def _rows(plan_field: str, lookup: str, values: Mapping[str, Any], context: FormContext) -> list[Row]:
    chosen = values.get(plan_field)
    codes = [chosen] if isinstance(chosen, str) else list(chosen or ())
    return [row for code in codes if (row := context.lookups.row(lookup, code)) is not None]


def _column(fact: Fact, values: Mapping[str, Any], context: FormContext) -> list[Any]:
    """The column's values in the rows chosen, in order, without empty ones."""
    options = fact.options
    rows = _rows(options["of"], options["lookup"], values, context)
    return [row.data[options["column"]] for row in rows if row.data.get(options["column"]) not in (None, "")]


_ROWS = (_OF, Option("lookup", "text", "Name of the lookup", required=True), _COLUMN)


@fact_kind(
    "worst",
    title=Text("الأشد", "The worst"),
    about="The value that comes last in `order` among the rows chosen.",
    options=(*_ROWS, Option("order", "codes", "Values from harmless to worst", required=True)),
    gives=CelType.STRING,
)
def _worst(fact: Fact, values: Mapping[str, Any], known: Mapping[str, Any], context: FormContext) -> Any:
    order: list[str] = list(fact.options["order"])
    found = [value for value in _column(fact, values, context) if value in order]
    return max(found, key=order.index) if found else None


@fact_kind(
    "any",
    title=Text("أي منها", "Any"),
    about="Whether the column holds true in any row chosen.",
    options=_ROWS,
    gives=CelType.BOOL,
)
def _any(fact: Fact, values: Mapping[str, Any], known: Mapping[str, Any], context: FormContext) -> bool:
    return any(value is True for value in _column(fact, values, context))


@fact_kind(
    "first",
    title=Text("الأول", "The first"),
    about="The first non-empty value of the column in the rows chosen.",
    options=_ROWS,
    gives=CelType.STRING,
)
def _first(fact: Fact, values: Mapping[str, Any], known: Mapping[str, Any], context: FormContext) -> Any:
    found = _column(fact, values, context)
    return str(found[0]) if found else None


@fact_kind(
    "every",
    title=Text("جميعها", "Every one"),
    about="The different values of the column in the rows chosen.",
    options=_ROWS,
    gives=CelType.STRINGS,
)
def _every(
    fact: Fact, values: Mapping[str, Any], known: Mapping[str, Any], context: FormContext
) -> list[str]:
    return list(dict.fromkeys(str(value) for value in _column(fact, values, context)))


@fact_kind(
    "largest",
    title=Text("الأكبر", "The largest"),
    about="The largest number of the column in the rows chosen.",
    options=_ROWS,
    gives=CelType.DOUBLE,
)
def _largest(fact: Fact, values: Mapping[str, Any], known: Mapping[str, Any], context: FormContext) -> Any:
    found = [Decimal(str(value)) for value in _column(fact, values, context)]
    return plain(max(found)) if found else None


@fact_kind(
    "smallest",
    title=Text("الأصغر", "The smallest"),
    about="The smallest number of the column in the rows chosen.",
    options=_ROWS,
    gives=CelType.DOUBLE,
)
def _smallest(fact: Fact, values: Mapping[str, Any], known: Mapping[str, Any], context: FormContext) -> Any:
    found = [Decimal(str(value)) for value in _column(fact, values, context)]
    return plain(min(found)) if found else None


@fact_kind(
    "product",
    title=Text("حاصل الضرب", "Product"),
    about="The product of number fields, rounded half-up to two decimals; absent while one is missing.",
    options=(Option("of", "codes", "The fields multiplied", required=True),),
    gives=CelType.DOUBLE,
)
def _product(fact: Fact, values: Mapping[str, Any], known: Mapping[str, Any], context: FormContext) -> Any:
    factors = [values.get(key) for key in fact.options["of"]]
    if any(factor is None for factor in factors):
        return None
    total = Decimal(1)
    for factor in factors:
        total *= Decimal(str(factor))
    return plain(total.quantize(Decimal("0.01"), ROUND_HALF_UP))


@fact_kind(
    "days",
    title=Text("عدد الأيام", "Number of days"),
    about="Days from one date field to another, both counted; 0 where the second lies before the first.",
    options=(
        Option("of", "text", "The field with the first day", required=True),
        Option("to", "text", "The field with the last day", required=True),
    ),
    gives=CelType.INT,
)
def _days(
    fact: Fact, values: Mapping[str, Any], known: Mapping[str, Any], context: FormContext
) -> int | None:
    first, last = (values.get(str(fact.options[end])) for end in ("of", "to"))
    if not first or not last:
        return None
    between = date.fromisoformat(last["date"]) - date.fromisoformat(first["date"])
    return max(between.days + 1, 0)


@fact_kind(
    GIVEN,
    title=Text("يثبته إجراء آلي", "Established by an act"),
    about="Text that an automatic act of the case establishes (routing, a register); empty until then.",
    options=(),
    gives=CelType.STRING,
)
def _given(fact: Fact, values: Mapping[str, Any], known: Mapping[str, Any], context: FormContext) -> None:
    return None


@fact_kind(
    "rule",
    title=Text("قاعدة", "Rule"),
    about="A CEL rule (bool) over answers and earlier facts.",
    options=(Option("when", "text", "CEL giving true or false", required=True),),
    gives=CelType.BOOL,
)
def _rule(
    fact: Fact, values: Mapping[str, Any], known: Mapping[str, Any], context: FormContext
) -> bool | None:
    return None if context.holds is None else context.holds(str(fact.options["when"]), known)


@fact_kind(
    "table",
    title=Text("جدول قرار", "Decision table"),
    about="What a decision table of the service answers over answers and earlier facts; absent while no row holds.",
    options=(
        Option("table", "text", "Name of the table", required=True),
        Option("type", "text", "Type of its answer", required=True, among=("string", "bool", "int")),
        Option("output", "text", "Which of several outputs"),
    ),
    gives=None,
)
def _table(fact: Fact, values: Mapping[str, Any], known: Mapping[str, Any], context: FormContext) -> Any:
    if context.answers is None:
        return None
    found = context.answers(TABLE + str(fact.options["table"]), known)
    return found.get(fact.options.get("output")) if isinstance(found, Mapping) else found
