"""What the form of a row of a list holds, read: every field that cannot be taken is told at once, by its name."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.http import QueryDict

from diwan.catalogue.models import LookupRow
from diwan.catalogue.queries.list_columns import AMOUNT, CLASSES, RATES, Column
from diwan.catalogue.queries.lists import code_letters, list_row
from diwan.flow.table import Text
from diwan.kit import clock
from diwan.kit.arabic import clean_input, normalise
from diwan.kit.digits import parse_decimal, parse_integer
from diwan.kit.errors import N_, DiwanError, InvalidValue
from diwan.kit.money import parse_money
from diwan.ui.saying import say
from diwan.web.console.calendar_forms import day_sent

MOST_CHARACTERS: Final = 20_000
"""Characters of one column as typed."""
_NAME: Final = 240
_CODE: Final = 40
_LARGEST: Final = Decimal(10) ** 15
_EMPTY: Final = object()


@dataclass(slots=True)
class Read:
    """The row as it was typed: what could be read, and what is wrong by the name of the field."""

    code: str
    name: Text
    since: date | None = None
    data: dict[str, Any] = field(default_factory=dict)
    synonyms: Sequence[str] = ()
    errors: dict[str, str] = field(default_factory=dict)


def read_row(sent: QueryDict, lookup: str, columns: Sequence[Column], before: LookupRow | None) -> Read:
    """Read the form. `before` is the row of this code that holds or is to begin; None for a new code."""
    name = Text(*(clean_input(sent.get(f"name_{one}", "")).strip()[:_NAME] for one in ("ar", "en")))
    read = Read(before.code if before is not None else sent.get("code", "").strip(), name)
    if before is None:
        _try(read, "code", lambda: _new_code(lookup, read.code))
    for one, text in (("ar", name.ar), ("en", name.en)):
        if not text:
            _wrong(read, f"name_{one}", N_("Enter a name."))
    read.since = _try(read, "since", lambda: _first_day(day_sent(sent, "since")))
    for column in columns:
        value = _column(read, sent, column)
        if value is not _EMPTY:
            read.data[column.name] = value
    if lookup == RATES:
        _prices(read)
    words = read.data.get("synonyms")
    read.synonyms = words if isinstance(words, list) else kept_words(before)
    return read


def kept_words(row: LookupRow | None) -> Sequence[str]:
    """The further words that a row is found by where the list has no column for them: they go on to the next row."""
    if row is None:
        return ()
    head, tail = normalise(f"{row.name_ar} {row.name_en}"), normalise(row.code)
    found = row.search_key
    if not (found.startswith(head) and found.endswith(tail)) or len(found) < len(head) + len(tail):
        return ()
    return (found[len(head) : len(found) - len(tail)].strip(),)


def typed_column(column: Column, value: Any) -> str:
    """A stored value as it is typed: riyals, lines, JSON; of a text in both languages use `typed_both`."""
    if value is None:
        return ""
    if column.kind == "money" and isinstance(value, int):
        return plain_riyals(value)
    if column.kind == "flag" and isinstance(value, bool):
        return "yes" if value else "no"
    if column.kind == "texts" and isinstance(value, list):
        return "\n".join(value)
    if column.kind == "json":
        return json.dumps(value, ensure_ascii=False, indent=1)
    return str(value)


def typed_both(value: Any, language: str) -> str:
    """One language of a stored text in both."""
    return str(value.get(language, "")) if isinstance(value, Mapping) else ""


def plain_riyals(halalas: int) -> str:
    """Halalas as riyals are typed: `6.50`, `100`."""
    riyals, rest = divmod(halalas, 100)
    return f"{riyals}.{rest:02d}" if rest else str(riyals)


def _first_day(day: date) -> date:
    if day < clock.today():
        raise InvalidValue(
            "catalogue.row_in_the_past", N_("A list is never changed backwards: choose today or a later day.")
        )
    return day


def _new_code(lookup: str, code: str) -> str:
    """A code like those of the list: small letters, digits, hyphens and low lines, and what its codes have besides."""
    there = code_letters(lookup)
    further = re.escape("".join(sorted(set(there) - set("-_"))))
    letters = "A-Z" if any(one.isupper() for one in there) else ""
    if not code or len(code) > _CODE or not re.fullmatch(f"[a-z0-9{letters}_{further}-]+", code):
        raise InvalidValue(
            "console.code_unreadable",
            N_(
                "A code has Latin letters, digits, hyphens and low lines, at most 40, like the others of the list."
            ),
        )
    if any(row.valid_to is None or row.valid_to > clock.today() for row in list_row(lookup, code)):
        raise InvalidValue(
            "console.code_taken",
            N_("There is a row of this code already. Find it in the list and change it."),
        )
    return code


def _column(read: Read, sent: QueryDict, column: Column) -> Any:
    """The value of a column, `_EMPTY` for one that was left empty or is wrong."""
    key = f"c.{column.name}"
    if column.kind == "both":
        return _both(read, sent, column)
    typed = clean_input(sent.get(key, "")).strip()
    if not typed:
        if column.required:
            _wrong(read, key, N_("Every row of this list has this: fill it in."))
        return _EMPTY
    if len(typed) > MOST_CHARACTERS:
        _wrong(read, key, N_("This is too long: at most 20,000 characters."))
        return _EMPTY
    value = _try(read, key, lambda: _READ[column.kind](typed))
    return _EMPTY if value is None else value


def _both(read: Read, sent: QueryDict, column: Column) -> Any:
    texts = {
        one: clean_input(sent.get(f"c.{column.name}.{one}", "")).strip()[:MOST_CHARACTERS]
        for one in ("ar", "en")
    }
    if not any(texts.values()) and not column.required:
        return _EMPTY
    for one, text in texts.items():
        if not text:
            _wrong(read, f"c.{column.name}.{one}", N_("Write it in both languages."))
    return texts


def _prices(read: Read) -> None:
    """A price is one amount, or one for each class of city."""
    classes = [name for name in CLASSES if name in read.data]
    if any(name in read.errors for name in (f"c.{one}" for one in (*CLASSES, AMOUNT))):
        return
    if AMOUNT in read.data and classes:
        _wrong(
            read, f"c.{AMOUNT}", N_("Enter one amount for all cities, or an amount for each class, not both.")
        )
    elif AMOUNT not in read.data and not classes:
        _wrong(read, f"c.{AMOUNT}", N_("Enter the amount in riyals, or the amounts of all five classes."))
    elif classes:
        for name in CLASSES:
            if name not in read.data:
                _wrong(read, f"c.{name}", N_("Enter the amount of this class too: every city has its price."))


def _flag(text: str) -> bool:
    if text not in ("yes", "no"):
        raise InvalidValue("console.no_flag", N_("Choose yes or no."))
    return text == "yes"


def _number(text: str) -> int | float:
    number = _within(parse_decimal(text))
    return int(number) if number == number.to_integral_value() else float(number)


def _within(number: Decimal) -> Decimal:
    if abs(number) >= _LARGEST:
        raise InvalidValue("forms.number.absurd", N_("This number is too large. Check the digits."))
    return number


def _json(text: str) -> Any:
    """Raises InvalidValue: with the place for what is no JSON, and for what the database cannot keep."""
    try:
        found = json.loads(text)
        kept = json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
        if found is None or b"\\u0000" in kept:
            raise ValueError
    except json.JSONDecodeError as error:
        raise InvalidValue(
            "console.json_unreadable",
            N_("Line {line}, column {column}: this is no JSON. Check brackets, commas and quotes."),
            line=error.lineno, column=error.colno,
        ) from error  # fmt: skip
    except (ValueError, RecursionError) as error:
        raise InvalidValue("console.json_wrong", N_("This JSON can't be kept.")) from error
    return found


_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "money": lambda text: int(parse_money(text)), "flag": _flag, "number": _number,
    "whole": lambda text: int(_within(Decimal(parse_integer(text)))), "text": str, "json": _json,
    "texts": lambda text: [line.strip() for line in text.split("\n") if line.strip()],
}  # fmt: skip


def _try(read: Read, name: str, run: Callable[[], Any]) -> Any:
    try:
        return run()
    except DiwanError as error:
        read.errors[name] = say(error)
        return None


def _wrong(read: Read, name: str, message: str) -> None:
    read.errors[name] = say(InvalidValue("console.wrong", message))
