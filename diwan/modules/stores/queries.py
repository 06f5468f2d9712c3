"""Reads of the store: what a request asks for, what it has got, and what is there."""

from dataclasses import dataclass

from django.db.models import Sum

from diwan.cases.models import Case
from diwan.catalogue.queries import lookup_row
from diwan.kit import clock
from diwan.modules.stores.models import StockItem, StockMovement

LINES = (1, 2, 3)
"""The lines of the form: `item_1` with `quantity_1`, and so on."""


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a request: how many were asked for, how many have been issued, and how many are in the store."""

    code: str
    asked: int
    issued: int
    on_hand: int

    @property
    def rest(self) -> int:
        """How many are still to be issued."""
        return self.asked - self.issued


def lines_of(case: Case) -> list[Line]:
    """The items of a request in the order of the form; the same item twice is one line."""
    asked: dict[str, int] = {}
    for number in LINES:
        code, quantity = case.data.get(f"item_{number}"), case.data.get(f"quantity_{number}")
        if code and quantity:
            asked[code] = asked.get(code, 0) + int(quantity)
    issued = issued_of(case.pk)
    stock = dict(StockItem.objects.filter(code__in=asked).values_list("code", "on_hand"))
    return [Line(code, count, issued.get(code, 0), stock.get(code, 0)) for code, count in asked.items()]


def issued_of(case_id: int) -> dict[str, int]:
    """Item -> how many the request has got, without what was put back."""
    rows = StockMovement.objects.filter(case_id=case_id).values("item__code").annotate(moved=Sum("quantity"))
    return {row["item__code"]: -int(row["moved"]) for row in rows}


def name_of(code: str, language: str) -> str:
    """An item in words."""
    row = lookup_row("supplies", code, clock.today())
    return code if row is None else (row.name.en if language == "en" else row.name.ar)
