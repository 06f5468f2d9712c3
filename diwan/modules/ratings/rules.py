"""What may be rated, until when, and what a low score is: a row of the lookup `rating_rules`, by its day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from diwan.cases.models import Case
from diwan.cases.registry import is_quiet
from diwan.cases.services import service_of
from diwan.catalogue.queries import shelf
from diwan.forms.lookups import Row

RULES: Final = "rating_rules"
REASONS: Final = "rating_reasons"
SCORES: Final = (1, 2, 3, 4, 5)
LOW, HIGH = "low", "high"


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds on a day.

    `states`: states in which a rated case ends, unless its end sends one of the messages `unrated` (it lapsed). `days`:
    how long a link holds. Scores below `follow_up_below` are looked into by a case of the internal service `follow_up`;
    from `high_from` on the reasons are those of praise. Fewer than `least_shown` ratings show no result.
    """

    states: frozenset[str]
    unrated: frozenset[str]
    days: int
    follow_up_below: int
    high_from: int
    least_shown: int
    follow_up: str


def rules_of(on: date) -> Rules:
    """The rules of a day."""
    row = shelf(on).row(RULES, "standard")
    if row is None:
        raise LookupError(f"the lookup {RULES} has no row 'standard' on {on}")
    data = row.data
    return Rules(
        states=frozenset(str(data["states"]).split()),
        unrated=frozenset(str(data["except"]).split()),
        days=int(data["days"]),
        follow_up_below=int(data["follow_up_below"]),
        high_from=int(data["high_from"]),
        least_shown=int(data["least_shown"]),
        follow_up=str(data["follow_up"]),
    )


def is_rated(case: Case, rules: Rules) -> bool:
    """Whether people are asked about this case: its service is rated, neither service nor case is quiet, and the state
    that it ended in is one of the rules (not what the applicant withdrew or let lapse)."""
    service = service_of(case.version_id)
    if not service.rating or service.internal or is_quiet(case) or case.closed_at is None:
        return False
    end = service.flow.steps.get(case.ended_at_step)
    return case.state in rules.states and (end is None or not rules.unrated.intersection(end.notices))


def reasons_for(band: str, on: date) -> Sequence[Row]:
    """The reasons offered with a low or a high score."""
    return [row for row in shelf(on).rows(REASONS) if row.data.get("band") == band]


def band_of(score: int, rules: Rules) -> str:
    """Which reasons go with a score."""
    return HIGH if score >= rules.high_from else LOW
