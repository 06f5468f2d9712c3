"""The scripts: who applied, for what, when, and what became of it. A function of the plan and the day of loading."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from diwan.demo.plan.city import LIVE, ground, point_in
from diwan.demo.plan.people import Shop, society
from diwan.demo.plan.source import generator
from diwan.kit.clock import RIYADH

INSTANT: Final = "shop-licence-instant"
APPROVALS: Final = "shop-licence-with-approvals"
RENEWAL: Final = "shop-licence-renewal"
#: Applications; with the visits that follow instant licences they come to two thousand cases.
COUNT: Final = 1380
#: Days that the scripts reach back. Licences of one year from the first of them have expired meanwhile.
REACH: Final = 394
RECENT: Final = 21
#: What becomes of an application and how often, in per mille, by service.
FATES: Final[Mapping[str, Mapping[str, int]]] = {
    INSTANT: {"issued": 880, "unpaid": 45, "withdrawn": 25, "manual": 30, "blocked": 20},
    APPROVALS: {
        "issued": 560, "returned": 190, "twice": 25, "rejected": 70, "withdrawn": 40, "lapsed": 25, "unpaid": 30,
        "refused": 15, "manual": 25, "silence": 20,
    },
    RENEWAL: {"issued": 930, "unpaid": 40, "manual": 30},
}  # fmt: skip
#: Steps at which the newest applications stand still, with the fate until then, and how many at each.
STANDING: Final = {
    ("review", "issued"): 34, ("review", "returned"): 10, ("manual_check", "manual"): 9,
    ("civil_defence", "issued"): 12,
    ("supervising_body", "issued"): 6, ("visit_food", "issued"): 10, ("visit_shop", "issued"): 6,
    ("section_approval", "issued"): 13, ("section_review", "issued"): 8, ("head_approval", "issued"): 10,
    ("completion", "returned"): 14, ("payment", "issued"): 14, ("blocked", "blocked"): 3,
}  # fmt: skip
#: Steps whose period moves the case by itself: nothing stands there longer (days).
OLDEST: Final = {"payment": 8, "civil_defence": 3, "supervising_body": 6}
#: Days before which an application cannot have come so far, weekends counted.
YOUNGEST: Final = {
    "visit_food": 3, "visit_shop": 3, "review": 4, "section_approval": 5, "section_review": 5, "completion": 5,
    "head_approval": 6, "payment": 6,
}  # fmt: skip
#: How much faster than usual the applications that stand still came there.
HASTE: Final = 0.25


@dataclass(frozen=True, slots=True)
class Traits:
    """What the catalogue's list of activities says that matters here."""

    risk: str
    supervisor: str
    permit: bool
    safety: str
    food: bool
    health: bool
    least: int
    most: int

    @property
    def instant(self) -> bool:
        """Whether the instant licence is for it."""
        return self.risk == "low" and not self.supervisor and self.safety == "declaration"


@dataclass(frozen=True, slots=True)
class Script:
    """One application. `stand` is the step at which it stands still, `fate` what becomes of it otherwise."""

    number: int
    opened_at: datetime
    service: str
    shop: Shop
    human: str
    clerk: str
    lease: str
    branch_ar: str
    branch_en: str
    years: int
    fate: str
    stand: str = ""
    claimed: bool = False
    renews: int | None = None
    pace: float = 1.0
    language: str = "ar"


@dataclass(slots=True)
class _Maker:
    """Draws the scripts; kept together since every draw takes from the same row of random numbers."""

    day: date
    traits: Mapping[str, Traits]
    rng: random.Random = field(default_factory=lambda: generator(9))
    used: dict[str, int] = field(default_factory=dict)

    def shops(self, fits: str, days_ago: int) -> list[Shop]:
        """Shops of municipalities that were live, for which a service or a step is right."""
        return [
            shop
            for shop in society().shops.values()
            if not shop.named and LIVE[shop.town] > days_ago and _fits(fits, self.traits[shop.activity])
        ]

    def premises(self, shop: Shop) -> tuple[Shop, str, str, str]:
        """The shop's own premises the first time, later a branch in the same municipality with a lease of its own."""
        count = self.used[shop.key] = self.used.get(shop.key, 0) + 1
        trait = self.traits[shop.activity]
        area = max(trait.least or 5, min(trait.most or 20000, shop.area))
        if count == 1:
            return replace(shop, area=area), shop.lease, "", ""
        quarter = self.rng.choice([row for row in ground().quarters_of(shop.town) if not row.former])
        street = self.rng.choice(ground().ways_of(quarter.code))
        lng, lat = point_in(quarter.shape, self.rng)
        wider = max(trait.least or 5, min(trait.most or 20000, round(area * self.rng.uniform(0.7, 1.6))))
        moved = replace(
            shop,
            area=wider,
            quarter=quarter.code,
            street_ar=street.name_ar,
            street_en=street.name_en,
            lng=lng,
            lat=lat,
        )
        # The last digit tells the registers' default record that the lease is in force.
        lease = f"1098{int(shop.cr[-4:]):04d}{count:02d}{self.rng.randint(0, 7)}"
        return moved, lease, f"فرع {quarter.name_ar}", f"{quarter.name_en} branch"

    def moment(self, days_ago: float) -> datetime:
        """A moment of that day at which people apply, seldom at night."""
        day = self.day - timedelta(days=int(days_ago))
        hour = self.rng.choices(range(24), _HOURS)[0]
        return datetime.combine(day, time(hour, self.rng.randint(0, 59), self.rng.randint(0, 59)), RIYADH)

    def script(self, service: str, shop: Shop, days_ago: float, *, fate: str, stand: str = "") -> Script:
        """A script without a number yet."""
        place, lease, branch_ar, branch_en = self.premises(shop)
        health = self.traits[shop.activity].health
        human = shop.owner
        if shop.manager and self.rng.random() < 0.5:
            human = shop.manager
        opened = self.moment(days_ago)
        counter = opened.weekday() in (6, 0, 1, 2, 3) and 8 <= opened.hour < 14 and self.rng.random() < 0.35
        return Script(
            number=0, opened_at=opened, service=service, shop=place, human=human,
            clerk=f"{shop.town}-CUS-{self.rng.randint(1, 2)}" if counter else "", lease=lease, branch_ar=branch_ar,
            branch_en=branch_en, years=1 if health else self.rng.choices((1, 2, 3), (70, 15, 15))[0], fate=fate,
            stand=stand, claimed=bool(stand) and self.rng.random() < 0.5, pace=self.rng.lognormvariate(0, 0.45),
            language="en" if society().humans[human].nationality in ("PK", "IN", "BD", "PH") else "ar",
        )  # fmt: skip


_HOURS: Final = (1, 1, 0, 0, 0, 1, 3, 8, 14, 18, 18, 15, 12, 10, 8, 8, 9, 10, 11, 11, 10, 8, 5, 2)


def make_scripts(day: date, traits: Mapping[str, Traits], *, count: int) -> list[Script]:
    """`count` scripts in order of their opening, the named people's licences and the standing ones among them."""
    maker = _Maker(day, traits)
    scripts = [*_named(maker), *_standing(maker, share=count / COUNT)]
    while len(scripts) < count:
        scripts.append(_ordinary(maker))
    scripts.sort(key=lambda script: script.opened_at)
    return _with_renewals([replace(script, number=number) for number, script in enumerate(scripts, 1)], maker)


def _ordinary(maker: _Maker) -> Script:
    while True:
        days_ago = (
            maker.rng.uniform(1, REACH) if maker.rng.random() < 0.5 else maker.rng.triangular(1, REACH, 15)
        )
        weekend = (maker.day - timedelta(days=int(days_ago))).weekday() in (4, 5)
        if not weekend or maker.rng.random() < 0.4:
            break
    service = maker.rng.choices((INSTANT, APPROVALS), (64, 36))[0]
    fates = FATES[service]
    fate = maker.rng.choices(list(fates), list(fates.values()))[0]
    fits = {"refused": "outside", "silence": "civil_defence"}.get(fate, service)
    return maker.script(service, maker.rng.choice(maker.shops(fits, int(days_ago))), days_ago, fate=fate)


def _standing(maker: _Maker, *, share: float) -> list[Script]:
    """The newest applications, at every step; a third have stood there beyond their time."""
    made = []
    for (step, fate), often in STANDING.items():
        for number in range(max(1, round(often * share))):
            youngest, oldest = YOUNGEST.get(step, 1), OLDEST.get(step, RECENT)
            part = (number + maker.rng.random()) / max(often * share, 1)
            days_ago = min(youngest + (oldest - youngest) * part**3, oldest)
            shop = maker.rng.choice(maker.shops(step, int(days_ago)))
            script = maker.script(APPROVALS, shop, days_ago, fate=fate, stand=step)
            made.append(replace(script, pace=script.pace * HASTE))
    return made


def _named(maker: _Maker) -> list[Script]:
    """Licences of the named people that come up for renewal."""
    made = []
    for number, shop in enumerate(row for row in society().shops.values() if row.licence == "expiring"):
        human = society().humans[shop.owner]
        script = maker.script(INSTANT, shop, 365 - 24 - 9 * number, fate="issued")
        clerk = "" if human.account else "101-CUS-1"
        opened = script.opened_at.replace(hour=10) if clerk else script.opened_at
        made.append(
            replace(
                script,
                human=human.key,
                years=1,
                clerk=clerk,
                opened_at=opened,
                pace=0.5,
            )
        )
    return made


def _with_renewals(scripts: Sequence[Script], maker: _Maker) -> list[Script]:
    """Turn later applications of the same kind into renewals of licences that came up for it."""
    ripe = [
        row
        for row in scripts
        if row.years == 1 and row.fate == "issued" and not row.stand and not row.shop.named
        and row.opened_at.date() < maker.day - timedelta(days=300)
    ]  # fmt: skip
    result = list(scripts)
    for old in ripe:
        if maker.rng.random() < 0.3:
            continue
        when = old.opened_at + timedelta(days=maker.rng.randint(292, 372))
        fates = FATES[RENEWAL]
        if when.date() >= maker.day:
            continue
        index = min(
            (place for place, row in enumerate(result) if _replaceable(row)),
            key=lambda place: abs(result[place].opened_at - when),
        )
        taken = result[index]
        if abs(taken.opened_at - when) > timedelta(days=25):
            continue
        result[index] = replace(
            old, number=taken.number, opened_at=taken.opened_at, service=RENEWAL, renews=old.number, years=1,
            fate=maker.rng.choices(list(fates), list(fates.values()))[0],
        )  # fmt: skip
    return result


def _replaceable(row: Script) -> bool:
    """Whether an application may become a renewal instead."""
    return row.service == INSTANT and not row.stand and row.renews is None and not row.shop.named


def _fits(fits: str, trait: Traits) -> bool:
    """Whether an activity leads through a step, or suits a service."""
    rules = {
        INSTANT: trait.instant,
        APPROVALS: not trait.instant,
        "outside": trait.permit or bool(trait.supervisor),
        "civil_defence": trait.permit,
        "supervising_body": bool(trait.supervisor),
        "visit_food": trait.food,
        "visit_shop": trait.risk == "high" and not trait.food,
        "section_approval": not trait.instant and trait.risk != "high",
        "section_review": trait.risk == "high",
        "head_approval": trait.risk == "high",
    }
    return rules.get(fits, not trait.instant)
