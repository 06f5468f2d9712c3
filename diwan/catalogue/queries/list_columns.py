"""The further columns of a lookup: which there are, and of what kind, as its packaged file and its rows say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from diwan.catalogue.packaged import packaged_columns

Kind = Literal["money", "flag", "whole", "number", "text", "both", "texts", "json"]
"""Amount in whole halalas, yes or no, whole number, number, text, text in both languages, list of texts, anything."""

RATES: Final = "fee_rates"
CLASSES: Final = tuple(f"class_{number}" for number in range(1, 6))
AMOUNT: Final = "amount"
_MONEY: Final = frozenset({*CLASSES, AMOUNT})
_MOST_SEEN: Final = 20
_LONG: Final = 60


@dataclass(frozen=True, slots=True)
class Column:
    """A further column. `required`: every row has it. `seen`: the few different texts that rows hold, for a hint."""

    name: str
    kind: Kind
    required: bool
    long: bool
    seen: Sequence[str]


def columns_of(lookup: str, rows: Sequence[Mapping[str, Any]]) -> Sequence[Column]:
    """The columns of a lookup whose rows hold this data, those that its packaged file declares first."""
    found = dict.fromkeys(packaged_columns(lookup))
    for row in rows:
        found |= dict.fromkeys(row)
    return [_column(lookup, name, [row.get(name) for row in rows]) for name in found]


def _column(lookup: str, name: str, held: Sequence[Any]) -> Column:
    values = [value for value in held if value is not None]
    kind: Kind = "money" if lookup == RATES and name in _MONEY else kind_of(values)
    texts = sorted({value for value in values if isinstance(value, str)}) if kind == "text" else []
    few = texts if len(texts) <= _MOST_SEEN and len(texts) < len(values) else []
    return Column(
        name, kind, required=bool(values) and len(values) == len(held) and kind != "money",
        long=any(_length(value) > _LONG for value in values), seen=few,
    )  # fmt: skip


def kind_of(values: Collection[Any]) -> Kind:
    """Of what kind a column is by the values that rows hold; text without any."""
    if not values or all(isinstance(value, str) for value in values):
        return "text"
    if all(isinstance(value, bool) for value in values):
        return "flag"
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return "number" if any(isinstance(value, float) for value in values) else "whole"
    if all(isinstance(value, Mapping) and set(value) == {"ar", "en"} for value in values):
        return "both" if all(isinstance(one, str) for value in values for one in value.values()) else "json"
    if all(isinstance(value, list) and all(isinstance(one, str) for one in value) for value in values):
        return "texts"
    return "json"


def _length(value: Any) -> int:
    if isinstance(value, Mapping):
        return max((len(one) for one in value.values() if isinstance(one, str)), default=0)
    return len(value) if isinstance(value, str) else 0
