"""What a clerk types about a visitor: read, with every problem beside its field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest

from diwan.kit import hijri, ids
from diwan.kit.errors import InvalidValue
from diwan.web.counter.visitors import Person, identify
from diwan.web.signin.words import say

_PARTS = ("day", "month", "year", "calendar")


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields."""

    national_id: str
    mobile: str
    name: str
    born: Mapping[str, str]


def typed_visitor(request: HttpRequest) -> Typed:
    """The fields as they were posted."""
    post = request.POST
    return Typed(
        national_id=post.get("national_id", "")[:40],
        mobile=post.get("mobile", "")[:40],
        name=" ".join(post.get("name", "").split())[:200],
        born={part: post.get(f"born-{part}", "")[:10] for part in _PARTS},
    )


def read_visitor(typed: Typed, *, request_id: str) -> tuple[Person | None, dict[str, str]]:
    """The person, or problems by field. Raises what `visitors.identify` refuses."""
    values: dict[str, Any] = {"birth_date": None}
    errors: dict[str, str] = {}
    for name, reader in (("national_id", ids.national_id), ("mobile", ids.mobile)):
        try:
            values[name] = reader(getattr(typed, name))
        except InvalidValue as error:
            errors[name] = say(error)
    if any(typed.born[part].strip() for part in ("day", "month", "year")):
        try:
            values["birth_date"] = _birth_date(typed.born)
        except InvalidValue as error:
            errors["born"] = say(error)
    if errors:
        return None, errors
    return identify(**values, name=typed.name, request_id=request_id), {}


def _birth_date(born: Mapping[str, str]) -> date:
    calendar: hijri.Calendar = "gregorian" if born["calendar"] == "gregorian" else "hijri"
    return hijri.parse_date_parts(year=born["year"], month=born["month"], day=born["day"], calendar=calendar)
