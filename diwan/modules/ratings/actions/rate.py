"""Rate a case by the link of its message: once, and only while the link holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.cases.actions.follow_case import follow_case
from diwan.cases.models import Case
from diwan.kit import clock
from diwan.kit.errors import N_, FieldErrors, Problem
from diwan.modules.ratings.events import GIVEN
from diwan.modules.ratings.models import Invitation, Rating
from diwan.modules.ratings.queries import open_invitation
from diwan.modules.ratings.rules import SCORES, Rules, band_of, reasons_for, rules_of
from diwan.outbox.actions import emit
from diwan.people.actor import Actor, system

MOST_WORDS: Final = 1000
KIND: Final = "low_rating"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody says: 1 to 5, codes of reasons, words of their own, and whether they want to hear from us."""

    score: int | None
    reasons: Sequence[str] = ()
    words: str = ""
    wants_contact: bool = False


@transaction.atomic
def rate(*, case_id: int, secret: str, said: Said, by: Actor) -> Rating:
    """Keep the rating, use the link up, and open a case that looks into a low score.

    Reasons that do not belong to the score are left out: the page without scripts shows both lists. Raises
    LinkUnknown, LinkExpired, AlreadyRated, NotYet, NotRated (`queries.open_invitation`), FieldErrors.
    """
    invitation = open_invitation(case_id, secret, lock=True)
    case, now = invitation.case, clock.now()
    rules = rules_of(clock.today())
    rating = _keep(case, said, rules, language=by.language)
    Invitation.objects.filter(pk=invitation.pk).update(used_at=now)
    if rating.score < rules.follow_up_below:
        rating.follow_up = _look_into(case, rating, rules)
        rating.save(update_fields=["follow_up"])
    _note(rating, by=by)
    return rating


def _keep(case: Case, said: Said, rules: Rules, *, language: str) -> Rating:
    words = " ".join(said.words.split())
    errors: dict[str, list[Problem]] = {}
    if said.score not in SCORES:
        errors["score"] = [Problem("ratings.no_score", N_("Choose one of the five."))]
    if len(words) > MOST_WORDS:
        errors["words"] = [
            Problem("ratings.words_long", N_("Write at most {most} characters."), {"most": MOST_WORDS})
        ]
    if errors or said.score is None:
        raise FieldErrors(errors)
    fitting = {row.code for row in reasons_for(band_of(said.score, rules), clock.today())}
    return Rating.objects.create(
        case=case, service=case.service, municipality_id=case.municipality_id, unit_id=case.unit_id,
        score=said.score, reasons=[code for code in dict.fromkeys(said.reasons) if code in fitting], words=words,
        wants_contact=said.wants_contact, language=language, at=clock.now(),
    )  # fmt: skip


def _look_into(case: Case, rating: Rating, rules: Rules) -> int:
    """The case of somebody who did not decide: what was said, and how to reach whoever said it if that was wished."""
    return follow_case(
        case_id=case.pk, service=rules.follow_up, kind=KIND, act="looked_into", by=system("low rating"),
        data=_told(rating),
        applicant=_contact(case.applicant) if rating.wants_contact else {},
    )  # fmt: skip


def _told(rating: Rating) -> dict[str, Any]:
    told: dict[str, Any] = {"score": rating.score, "wants_contact": rating.wants_contact}
    if rating.reasons:
        told["reasons"] = rating.reasons
    if rating.words:
        told["words"] = rating.words
    return told


def _contact(applicant: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("name_ar", "name_en", "mobile", "email", "establishment_ar", "establishment_en", "kind")
    return {name: applicant[name] for name in kept if applicant.get(name)}


def _note(rating: Rating, *, by: Actor) -> None:
    data = {
        "case": rating.case_id, "service": rating.service, "municipality": rating.municipality_id,
        "score": rating.score,
    }  # fmt: skip
    emit(name=GIVEN, subject=f"case:{rating.case_id}", data=data)
    audit_row(
        by=by, action="ratings.rating.given", object_type="case", object_id=rating.case_id,
        municipality_id=rating.municipality_id, fields=["words"] if rating.words else [],
        values={"score": rating.score, "reasons": list(rating.reasons), "follow_up": rating.follow_up or 0},
    )  # fmt: skip
