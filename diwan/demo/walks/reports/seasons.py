"""What the day of the year does to reports: rain and what comes after it, heat, Ramadan, the days of the Hajj."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from diwan.demo.plan.source import read
from diwan.kit.hijri import to_hijri

RAIN: Final = "rain"
AFTER: Final = "after_rain"


@dataclass(frozen=True, slots=True)
class Year:
    """The year before a day: which of its days were rainy, and how usual each type is on each of them."""

    rainy: frozenset[date]
    wet: frozenset[date]
    often: Mapping[str, float]
    seasons: Mapping[str, Mapping[str, Any]]

    def seasons_of(self, day: date) -> list[str]:
        """Names of the seasons that a day falls in."""
        return [name for name, rule in self.seasons.items() if self._falls(name, rule, day)]

    def weights(self, day: date) -> dict[str, float]:
        """Type -> how usual it is on that day."""
        factors = [self.seasons[name]["kinds"] for name in self.seasons_of(day)]
        found = dict(self.often)
        for factor in factors:
            for kind, times in factor.items():
                if kind in found:
                    found[kind] *= float(times)
        return found

    def _falls(self, name: str, rule: Mapping[str, Any], day: date) -> bool:
        if name == RAIN:
            return day in self.rainy
        if name == AFTER:
            return day in self.wet
        if "months" in rule:
            return day.month in rule["months"]
        hijri = to_hijri(day)
        return hijri is not None and hijri.month in rule["hijri"] and hijri.day <= rule.get("until", 30)


def year_before(day: date, kinds: Mapping[str, Any], rng: random.Random, *, reach: int) -> Year:
    """The `reach` days before a day for these types of reports; spells of rain are drawn."""
    plan = read("reports")
    rule = plan["seasons"][RAIN]
    days = [day - timedelta(days=ago) for ago in range(reach, -1, -1)]
    first = rng.sample([one for one in days if one.month in rule["months"]], rule["spells"])
    rainy = {one + timedelta(days=more) for one in first for more in range(rng.randint(1, rule["days"]))}
    after = plan["seasons"][AFTER]["days"]
    wet = {one + timedelta(days=more) for one in rainy for more in range(2, after)} - rainy
    often = {code: float(plan["often"].get(code, plan["others"])) for code in kinds}
    return Year(frozenset(rainy), frozenset(wet), often, plan["seasons"])
