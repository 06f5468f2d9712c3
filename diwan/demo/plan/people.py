"""The plan of the residents and of the establishments they own, manage or act for.

Numbers are of ranges kept for the demo: citizens 1099..., residents 2099..., unified numbers 70099..., commercial
registers 4990..., leases 10990..., deeds 3990..., safety permits 9900..., mobiles 0500 xxx xxx, mail at .example.
Named people keep the well-known test numbers of their checksum.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from diwan.demo.plan.city import Ground, ground, point_in
from diwan.demo.plan.source import generator, read
from diwan.kit.ids import luhn_valid

CITIZENS: Final = 130
MAIL: Final = "marsa.example"
#: Share of shops by municipality. The fifth one goes live later, so few of its shops have been anywhere yet.
SHARES: Final = {"101": 34, "102": 30, "103": 16, "104": 14, "105": 6}


@dataclass(frozen=True, slots=True)
class Human:
    """A resident. `account` is False for those who only come to the counter."""

    key: str
    national_id: str
    name_ar: str
    name_en: str
    born: date
    woman: bool
    nationality: str
    mobile: str
    email: str
    account: bool = True
    named: bool = False


@dataclass(frozen=True, slots=True)
class Shop:
    """An establishment with its premises. `register` and `lease_state` are what the registers say of it."""

    key: str
    cr: str
    unified: str
    name_ar: str
    name_en: str
    activity: str
    area: int
    town: str
    quarter: str
    street_ar: str
    street_en: str
    lng: float
    lat: float
    lease: str
    deed: str
    permit: str
    owner: str
    manager: str = ""
    authorised: str = ""
    register: str = "active"
    lease_state: str = "active"
    licence: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True)
class Society:
    """Everybody and every shop, by key, in a fixed order."""

    humans: Mapping[str, Human]
    shops: Mapping[str, Shop]


@cache
def society() -> Society:
    """The people and establishments of the demo city; the same on every call."""
    rng = generator(1)
    humans = {human.key: human for human in (*_named(), *_citizens(rng), *_residents(rng))}
    shops = {
        shop.key: shop
        for shop in (*_named_shops(ground(), rng), *_shops(ground(), list(humans.values()), rng))
    }
    return Society(humans, shops)


def person_number(first: str, serial: int) -> str:
    """Ten digits of a national id (first 1) or iqama (2) of the demo's range, with its check digit."""
    body = f"{first}099{serial:05d}"
    return next(f"{body}{digit}" for digit in range(10) if luhn_valid(f"{body}{digit}"))


def _named() -> Iterator[Human]:
    cast = read("cast")
    for number, (row, account) in enumerate(
        [*((row, True) for row in cast["residents"]), *((row, False) for row in cast["visitors"])], 1
    ):
        yield Human(
            key=row["name"], national_id=row["national_id"], name_ar=row["person"]["ar"], name_en=row["person"]["en"],
            born=row["born"], woman=row.get("woman", False), nationality=row.get("nationality", "SA"),
            mobile=f"+966500000{number:03d}", email=f"{row['name']}@{MAIL}" if account else "", account=account,
            named=True,
        )  # fmt: skip


def _citizens(rng: random.Random) -> Iterator[Human]:
    names = read("names")
    for number in range(1, CITIZENS + 1):
        woman = number % 4 == 0
        given = rng.choice(names["women" if woman else "men"])
        father, grandfather = rng.sample(names["fathers"], 2)
        family = rng.choice(names["families"])
        yield Human(
            key=f"citizen-{number:03}", national_id=person_number("1", 100 + number), named=False, woman=woman,
            name_ar=" ".join(part[0] for part in (given, father, grandfather, family)),
            name_en=" ".join(part[1] for part in (given, father, grandfather, family)),
            born=_birthday(rng), nationality="SA", mobile=f"+966500001{number:03d}", email=f"c{number:03}@{MAIL}",
        )  # fmt: skip


def _residents(rng: random.Random) -> Iterator[Human]:
    for number, (name_ar, name_en, nationality) in enumerate(read("names")["residents"], 1):
        yield Human(
            key=f"resident-{number:02}", national_id=person_number("2", 100 + number), name_ar=name_ar, name_en=name_en,
            born=_birthday(rng), woman=name_en.split()[0] in ("Nadia", "Aisha"), nationality=nationality,
            mobile=f"+966500002{number:03d}", email=f"r{number:02}@{MAIL}",
        )  # fmt: skip


def _birthday(rng: random.Random) -> date:
    return date(rng.randint(1958, 2001), rng.randint(1, 12), rng.randint(1, 28))


def _named_shops(plan: Ground, rng: random.Random) -> Iterator[Shop]:
    for number, row in enumerate(read("trades")["cast"], 1):
        yield _shop(
            plan, rng, number, key=row["key"], name=(row["name"]["ar"], row["name"]["en"]), activity=row["code"],
            area=row["area"], town=row["town"], owner=row["owner"], manager=row.get("manager", ""),
            register=row.get("register", "active"), lease_state=row.get("lease", "active"), licence=row["licence"],
            named=True,
        )  # fmt: skip


def _shops(plan: Ground, humans: list[Human], rng: random.Random) -> Iterator[Shop]:
    owners = [human for human in humans if not human.named and human.nationality == "SA"]
    managers = [human for human in humans if not human.named and human.nationality != "SA"]
    words = read("names")["trade_names"]
    number = 100
    for row in read("trades")["trades"]:
        for word_ar, word_en in rng.sample(words, row["count"]):
            number += 1
            owner = owners[number % len(owners)] if rng.random() < 0.7 else rng.choice(owners[:25])
            manager = rng.choice(managers).key if rng.random() < 0.3 else ""
            authorised = rng.choice(owners[60:]).key if rng.random() < 0.12 else ""
            yield _shop(
                plan, rng, number, key=f"shop-{number}", activity=row["code"], area=rng.randint(*row["area"]),
                name=(row["name"]["ar"].format(word_ar), row["name"]["en"].format(word_en)),
                town=rng.choices(list(SHARES), list(SHARES.values()))[0], owner=owner.key, manager=manager,
                authorised=authorised if authorised != owner.key else "",
            )  # fmt: skip


def _shop(
    plan: Ground, rng: random.Random, number: int, *, key: str, name: tuple[str, str], town: str, **more: Any
) -> Shop:
    quarter = rng.choice([found for found in plan.quarters_of(town) if not found.former])
    street = rng.choice(plan.ways_of(quarter.code))
    lng, lat = point_in(quarter.shape, rng)
    return Shop(
        key=key, cr=f"4990{number:06d}", unified=f"70099{number:05d}", name_ar=name[0], name_en=name[1], town=town,
        quarter=quarter.code, street_ar=street.name_ar, street_en=street.name_en, lng=lng, lat=lat,
        lease=f"10990{number:06d}", deed=f"3990{number:08d}", permit=f"9900{number:06d}", **more,
    )  # fmt: skip
