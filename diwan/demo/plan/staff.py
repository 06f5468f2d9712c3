"""The plan of the organisation: roles, units, posts and who sits at them."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from diwan.demo.plan.city import AMANAH, ground
from diwan.demo.plan.people import MAIL
from diwan.demo.plan.source import generator, read


@dataclass(frozen=True, slots=True)
class RolePlan:
    """A role with its permissions."""

    code: str
    name_ar: str
    name_en: str
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit of a municipality (000 = head office); `parent` is the code of the unit above it, or empty."""

    code: str
    department: str
    town: str
    name_ar: str
    name_en: str
    parent: str


@dataclass(frozen=True, slots=True)
class PostPlan:
    """A post and its holder."""

    code: str
    unit: str
    level: int
    title_ar: str
    title_en: str
    roles: tuple[str, ...]
    login: str
    holder_ar: str
    holder_en: str
    named: bool


@dataclass(frozen=True, slots=True)
class Organisation:
    """All of it, parents before children."""

    roles: tuple[RolePlan, ...]
    units: tuple[UnitPlan, ...]
    posts: tuple[PostPlan, ...]


@cache
def organisation() -> Organisation:
    """The organisation of the demo amanah; the same on every call."""
    data = read("organisation")
    rng = generator(2)
    cast = {row["place"]: row for row in read("cast")["staff"]}
    units: list[UnitPlan] = []
    posts: list[PostPlan] = []
    for town, place_ar, place_en, groups in _places(data):
        for group in groups:
            unit = _unit(town, group["unit"], place_ar, place_en)
            units.append(unit)
            posts += [_post(unit, row, place_ar, place_en, cast, rng) for row in group["posts"]]
    return Organisation(tuple(_roles(data["roles"])), tuple(units), tuple(posts))


def mail_of(login: str) -> str:
    """The mail address of an employee or of a member of an outside body."""
    return f"{login}@amanah.{MAIL}"


def _roles(rows: Sequence[Mapping[str, Any]]) -> Iterator[RolePlan]:
    for row in rows:
        yield RolePlan(row["code"], row["name"]["ar"], row["name"]["en"], tuple(row["permissions"]))


def _places(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str, Any]]:
    yield AMANAH[0], AMANAH[1], AMANAH[2], data["head_office"]
    for town in ground().towns.values():
        short_ar = town.name_ar.removeprefix("بلدية ")
        short_en = town.name_en.removesuffix(" Municipality")
        yield town.code, short_ar, short_en, data["municipality"]


def _unit(town: str, row: Mapping[str, Any], place_ar: str, place_en: str) -> UnitPlan:
    department = row["department"]
    top = "000-AMN" if town == AMANAH[0] else f"{town}-MUN"
    code = f"{town}-{department}"
    parent = "" if code == "000-AMN" else "000-AMN" if code == top else top
    name = row["name"]
    return UnitPlan(
        code, department, town, name["ar"].format(town=place_ar), name["en"].format(town=place_en), parent
    )


def _post(
    unit: UnitPlan,
    row: Mapping[str, Any],
    place_ar: str,
    place_en: str,
    cast: Mapping[str, Any],
    rng: random.Random,
) -> PostPlan:
    code = f"{unit.town}-{row['code']}"
    known = cast.get(code)
    name_ar, name_en = (known["person"]["ar"], known["person"]["en"]) if known else somebody(rng)
    return PostPlan(
        code=code, unit=unit.code, level=row["level"], title_ar=row["title"]["ar"].format(town=place_ar),
        title_en=row["title"]["en"].format(town=place_en), roles=tuple(row["roles"]),
        login=known["name"] if known else f"staff.{code.lower()}", holder_ar=name_ar, holder_en=name_en,
        named=bool(known),
    )  # fmt: skip


def somebody(rng: random.Random) -> tuple[str, str]:
    """A four-part name in both languages."""
    names = read("names")
    parts = [rng.choice(names["women" if rng.random() < 0.35 else "men"]), *rng.sample(names["fathers"], 2)]
    parts.append(rng.choice(names["families"]))
    return " ".join(part[0] for part in parts), " ".join(part[1] for part in parts)
