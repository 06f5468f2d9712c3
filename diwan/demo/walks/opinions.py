"""What applicants say of the service when their case has ended: most nothing, the slower it was the less good."""

from datetime import timedelta
from random import Random
from typing import Final

from diwan.cases.models import Case
from diwan.modules.ratings.actions import invite, rate
from diwan.modules.ratings.actions.rate import Said
from diwan.modules.ratings.queries import link_secret
from diwan.people.actor import ANONYMOUS

#: Of a hundred that are asked, so many answer.
ANSWERS: Final = 35
#: Weights of 1 to 5 for cases that went quickly, slowly, and against the applicant.
_QUICK, _SLOW, _REFUSED = (1, 2, 10, 35, 52), (5, 9, 22, 36, 28), (16, 20, 30, 22, 12)
_LOW: Final = ("RTR-01", "RTR-02", "RTR-03", "RTR-04", "RTR-06", "RTR-07")
_HIGH: Final = ("RTR-11", "RTR-12", "RTR-13", "RTR-14", "RTR-15")
_WORDS: Final = (
    "طال الانتظار دون أن يتضح السبب.",
    "طلب مني المستند نفسه مرتين.",
    "لم يرد أحد على اتصالي.",
    "",
)


def given(case: Case, *, rng: Random, slow: bool) -> int | None:
    """Ask at the moment of the end, and let the applicant rate some hours later; the case that looks into a low score.

    Nothing is said after the present: what ended just now is asked about by the worker.
    """
    said = _said(case, rng, slow=slow)
    if said is None or invite(case_id=case.pk) is None:
        return None
    return rate(case_id=case.pk, secret=link_secret(case), said=said, by=ANONYMOUS).follow_up


def moment_after(rng: Random) -> timedelta:
    """How long after the end the applicant answers."""
    return timedelta(hours=rng.uniform(1, 60))


def _said(case: Case, rng: Random, *, slow: bool) -> Said | None:
    if rng.randrange(100) >= ANSWERS:
        return None
    weights = _REFUSED if case.state == "rejected" else _SLOW if slow or case.returns else _QUICK
    score = rng.choices((1, 2, 3, 4, 5), weights)[0]
    reasons = rng.sample(_HIGH if score > 3 else _LOW, rng.randint(0, 2))
    words = rng.choice(_WORDS) if score < 3 else ""
    return Said(score=score, reasons=reasons, words=words, wants_contact=score < 3 and rng.random() < 0.6)
