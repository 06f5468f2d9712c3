"""How long a deadline is: its unit and amount, also where a rule over the answers gives them."""

from collections.abc import Mapping
from typing import Any, Final

from diwan.catalogue.compiled import CompiledService
from diwan.flow.table import Deadline
from diwan.kit.terms import Term, Unit

_UNITS: Final = {
    "working_days": (Unit.WORKING_DAYS, 1),
    "working_hours": (Unit.WORKING_TIME, 3600),
    "elapsed_hours": (Unit.ELAPSED, 3600),
}


def is_plain(unit: str) -> bool:
    """Whether a unit is named, not a rule over the case."""
    return unit in _UNITS


def term_of(deadline: Deadline, service: CompiledService, facts: Mapping[str, Any]) -> Term:
    """The term of a deadline; an amount that is a rule is evaluated over the case."""
    amount = deadline.amount
    if isinstance(amount, str):
        amount = int(service.evaluate(amount, facts).value)
    unit, factor = unit_of(deadline, service, facts)
    return Term(unit, amount * factor)


def unit_of(deadline: Deadline, service: CompiledService, facts: Mapping[str, Any]) -> tuple[Unit, int]:
    """The unit of a deadline and its factor; a unit that is a rule is evaluated over the case."""
    known = _UNITS.get(deadline.unit)
    return known if known is not None else _UNITS[str(service.evaluate(deadline.unit, facts).value)]
