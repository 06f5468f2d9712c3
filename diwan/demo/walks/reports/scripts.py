"""Who reports what, where and when, and what will be said of it. A function of the plan and the day of loading."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import Final

from diwan.demo.plan.city import Quarter, ground, point_in
from diwan.demo.plan.people import SHARES, society
from diwan.demo.plan.source import generator, read
from diwan.demo.plan.staff import somebody
from diwan.demo.walks.reports.seasons import Year, year_before
from diwan.kit.clock import RIYADH

#: Reports beside the whole year of applications, and how far back they reach (days).
REPORTS: Final = 400
REACH: Final = 390
#: Steps at which the newest stand still, and how many at each of them in the whole city.
STANDING: Final = {
    "work": 38, "dispatch": 3, "verify": 6, "recheck": 3, "second_look": 1, "outside_body": 5, "on_hold": 2,
}  # fmt: skip
#: Days back to which they stand, and before which they cannot have come so far.
OLDEST: Final = {
    "dispatch": 0.2,
    "verify": 2.0,
    "recheck": 4.0,
    "second_look": 6.0,
    "outside_body": 3.0,
    "on_hold": 4.0,
}
YOUNGEST: Final = {"verify": 0.8, "recheck": 2.0, "second_look": 4.5, "on_hold": 1.0}
#: Mobile numbers of people without an account, each telling a few reports a year.
NUMBERS: Final = 420
_HOURS: Final = (3, 2, 1, 1, 1, 2, 4, 7, 9, 9, 8, 7, 6, 5, 5, 6, 8, 9, 9, 9, 9, 8, 6, 4)


@dataclass(frozen=True, slots=True)
class KindTraits:
    """What the catalogue says of a type that matters here."""

    category: str
    placed: bool
    nameless: bool
    photo: bool
    contractor: bool
    body: str
    public: bool


@dataclass(frozen=True, slots=True)
class Teller:
    """Who reports: somebody with an account (`human`), or a name with a mobile number; both empty: nameless."""

    human: str = ""
    name_ar: str = ""
    mobile: str = ""


@dataclass(frozen=True, slots=True)
class ReportScript:
    """One report. `stand` is the step at which it stands still; `repeats` the number of the report it tells again.

    `lat` and `lng` are degrees, None where the teller has no pin; `luck` from 0 to 1 decides whether a closing is a
    false one, against the share of whoever closes it; `says` is what the teller does when asked.
    """

    number: int
    opened_at: datetime
    kind: str
    category: str
    quarter: str
    lat: float | None
    lng: float | None
    near: str
    words: str
    teller: Teller
    channel: str
    photo: bool
    says: str
    luck: float
    pace: float
    fate: str = ""
    stand: str = ""
    repeats: int | None = None
    follower: str = ""


@dataclass(slots=True)
class _Maker:
    """Draws the scripts; kept together since every draw takes from the same row of random numbers."""

    day: date
    kinds: Mapping[str, KindTraits]
    rng: random.Random = field(default_factory=lambda: generator(31))
    tellers: list[Teller] = field(default_factory=list)
    quarters: dict[str, list[Quarter]] = field(default_factory=dict)
    year: Year = field(init=False)

    def __post_init__(self) -> None:
        self.year = year_before(self.day, self.kinds, self.rng, reach=REACH)
        self.tellers = list(_tellers(self.rng))
        for town in SHARES:
            self.quarters[town] = [row for row in ground().quarters_of(town) if not row.former]

    def script(self, kind: str, opened: datetime, *, stand: str = "") -> ReportScript:
        """A report of a type at a moment; its number is given later."""
        rng, trait = self.rng, self.kinds[kind]
        quarter = rng.choice(self.quarters[rng.choices(list(SHARES), list(SHARES.values()))[0]])
        street = rng.choice(ground().ways_of(quarter.code)).name_ar
        pinned = trait.placed and rng.random() < 0.96
        lng, lat = point_in(quarter.shape, rng) if pinned else (None, None)
        nameless = trait.nameless and rng.random() < 0.4
        teller = Teller() if nameless else rng.choice(self.tellers)
        words = rng.choice(read("reports")["words"][trait.category]).format(at=f"في {street}")
        chance = rng.random()
        return ReportScript(
            number=0, opened_at=opened, kind=kind, category=trait.category, quarter=quarter.code, lat=lat, lng=lng,
            near=street if trait.placed else "", words=words if rng.random() < 0.8 or not pinned else "", teller=teller,
            channel="phone" if rng.random() < 0.3 and not nameless else "portal", photo=rng.random() < 0.45,
            says="confirm" if chance < 0.42 else "object" if chance < 0.45 else "", luck=rng.random(),
            pace=rng.lognormvariate(0, 0.6), fate=_fate(rng) if not stand else "",
            stand=stand, follower=f"+966500004{rng.randrange(1000):03d}" if rng.random() < 0.1 else "",
        )  # fmt: skip

    def moment(self, days_ago: float) -> datetime:
        """A moment of the day so many days ago, at an hour at which people report."""
        there = self.day - timedelta(days=int(days_ago))
        hour = self.rng.choices(range(24), _HOURS)[0]
        return datetime.combine(
            there, time(hour, self.rng.randrange(60), self.rng.randrange(60)), tzinfo=RIYADH
        )


def make_reports(
    now: datetime, day: date, kinds: Mapping[str, KindTraits], *, count: int
) -> list[ReportScript]:
    """`count` reports in order of their opening, up to the moment `now`; the standing ones and repeats among them."""
    maker = _Maker(day, kinds)
    scripts = list(_standing(maker, now, share=count / REPORTS))
    scripts += _ordinary(maker, max(0, count - len(scripts)))
    scripts = sorted(
        (row for row in scripts if row.opened_at < now - timedelta(minutes=5)), key=lambda row: row.opened_at
    )
    numbered = [replace(row, number=number) for number, row in enumerate(scripts, 1)]
    return _with_repeats(numbered, maker)


def _ordinary(maker: _Maker, count: int) -> Iterator[ReportScript]:
    """Every type once while there is room, the others as usual as their day makes them; more of late than long ago."""
    rng = maker.rng
    by_day = [maker.year.weights(maker.day - timedelta(days=ago)) for ago in range(REACH + 1)]
    busy = [
        sum(weights.values()) * (1.0 + 3.0 * max(0.0, 1 - ago / 60)) for ago, weights in enumerate(by_day)
    ]
    sums = list(accumulate(busy))
    once = list(maker.kinds) if count > 3 * len(maker.kinds) else []
    for number in range(count):
        ago = rng.choices(range(REACH + 1), cum_weights=sums)[0]
        weights = by_day[ago]
        kind = once[number] if number < len(once) else rng.choices(list(weights), list(weights.values()))[0]
        yield maker.script(kind, maker.moment(ago))


def _standing(maker: _Maker, now: datetime, *, share: float) -> Iterator[ReportScript]:
    """The newest, at every step; about a third have stood there beyond their time."""
    rng = maker.rng
    usual = maker.year.weights(maker.day)
    fits = {
        "work": [code for code in usual if not maker.kinds[code].body],
        "outside_body": [code for code in usual if maker.kinds[code].body],
    }
    closed = [code for code in usual if maker.kinds[code].contractor and maker.kinds[code].photo]
    for step, often in STANDING.items():
        for _ in range(max(1, round(often * share))):
            codes = fits.get(step, closed)
            kind = rng.choices(codes, [usual[code] for code in codes])[0]
            youngest, oldest = YOUNGEST.get(step, 0.05), OLDEST.get(step, 5.0)
            days_ago = youngest + (oldest - youngest) * rng.random() ** 1.6
            row = maker.script(kind, now - timedelta(days=days_ago), stand=step)
            yield _led_there(row, step, maker)


def _led_there(row: ReportScript, step: str, maker: _Maker) -> ReportScript:
    """What has to have happened before it stands there."""
    teller = row.teller if row.teller.mobile or row.teller.human else maker.rng.choice(maker.tellers)
    if step == "dispatch":
        return replace(row, lat=None, lng=None, words=row.words or "لا أعرف اسم الشارع", teller=teller)
    if step in ("recheck", "second_look"):
        return replace(row, says="object", teller=teller)
    if step == "on_hold":
        return replace(row, fate="hold")
    return row


def _fate(rng: random.Random) -> str:
    """What else becomes of a report: most are simply done."""
    return rng.choices(("", "junk", "bounce", "hold", "withdrawn"), (905, 30, 30, 20, 15))[0]


def _with_repeats(scripts: Sequence[ReportScript], maker: _Maker) -> list[ReportScript]:
    """Some tell again, within hours and a few metres, what somebody told before: the later one is joined."""
    result, of_kind = list(scripts), Counter(row.kind for row in scripts)
    for row in scripts:
        if row.stand or row.lat is None or row.lng is None or result[row.number - 1].repeats:
            continue
        if not maker.kinds[row.kind].public:
            continue
        if maker.rng.random() > 0.15 or row.number + 1 >= len(result):
            continue
        taken = result[row.number + 1]
        if (
            taken.stand
            or taken.repeats
            or of_kind[taken.kind] == 1
            or taken.opened_at - row.opened_at > timedelta(hours=30)
        ):
            continue
        of_kind[taken.kind] -= 1
        result[row.number + 1] = replace(
            row, number=taken.number, opened_at=row.opened_at + timedelta(minutes=maker.rng.randint(5, 50)),
            repeats=row.number, lat=round(row.lat + 0.0003, 6), teller=maker.rng.choice(maker.tellers), fate="",
        )  # fmt: skip
    return sorted(result, key=lambda row: row.opened_at)


def _tellers(rng: random.Random) -> Iterator[Teller]:
    """Whoever reports: a third with an account."""
    for human in society().humans.values():
        if human.account and not human.named:
            yield Teller(human=human.key)
    for number in range(NUMBERS):
        yield Teller(name_ar=somebody(rng)[0], mobile=f"+966500003{number:03d}")
