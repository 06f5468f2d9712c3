"""Reads: what a link leads to, what was done about a low score, and results that are large enough to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from django.db.models import Avg, Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from diwan.cases import secrets
from diwan.cases.models import Case, History
from diwan.catalogue.queries import compiled_service, shelf
from diwan.kit import clock
from diwan.kit.clock import RIYADH
from diwan.modules.ratings.errors import AlreadyRated, LinkExpired, LinkUnknown, NotRated, NotYet
from diwan.modules.ratings.links import digest_of, secret_of
from diwan.modules.ratings.models import Invitation, Rating
from diwan.modules.ratings.rules import is_rated, rules_of
from diwan.people.models import Municipality, Unit

By = Literal["service", "municipality", "unit", "month"]
_KEY: Final = {"service": "service", "municipality": "municipality_id", "unit": "unit_id", "month": "month"}
GOOD_FROM: Final = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """A result under its name in the reader's language."""

    name: str
    result: "Result"


@dataclass(frozen=True, slots=True)
class Result:
    """Ratings of one service, place or month. `mean` and `good` (per cent of 4 and 5) are None while there are fewer
    than the rules ask for, so that nobody's own answer can be read from them. `key` is None for all together."""

    key: Any
    count: int
    mean: float | None
    good: int | None


def open_invitation(case_id: int, secret: str, *, lock: bool = False) -> Invitation:
    """The invitation of a link that can be used now, with its case.

    The secret that follows the request tells, while the request runs, that it can be rated later. Raises NotYet,
    AlreadyRated, LinkExpired, NotRated; LinkUnknown for everything else, whether or not there is such a case.
    """
    rows = Invitation.objects.select_for_update(of=("self",)) if lock else Invitation.objects.all()
    found = rows.select_related("case").filter(digest=digest_of(secret), case_id=case_id).first()
    if found is None:
        _tell_follower(case_id, secret)
        raise LinkUnknown
    if found.used_at is not None:
        raise AlreadyRated
    if found.case.closed_at is None:
        raise NotYet
    if clock.now() > found.expires_at:
        raise LinkExpired
    if not is_rated(found.case, rules_of(clock.today())):
        raise NotRated
    return found


def _tell_follower(case_id: int, secret: str) -> None:
    """Whoever holds the link for following the request is told why it does not rate it."""
    case = Case.objects.filter(pk=case_id).first()
    if (
        case is None
        or secrets.is_short(secret)
        or not secrets.matches(secret, case_id, case.secret_generation)
    ):
        return
    if case.closed_at is None:
        raise NotYet
    if Rating.objects.filter(case_id=case_id).exists():
        raise AlreadyRated
    if not is_rated(case, rules_of(clock.today())):
        raise NotRated


def link_secret(case: Case) -> str:
    """The secret of the link for the applicant's own page while it can be used; empty when there is none."""
    if case.closed_at is None:
        return ""
    found = Invitation.objects.filter(case=case, used_at__isnull=True, expires_at__gte=clock.now()).first()
    if found is None or case.closed_at != found.ended_at:
        return ""
    return secret_of(case.pk, found.generation)


def rating_of(case_id: int) -> Rating | None:
    """The rating of a case, if it was rated."""
    return Rating.objects.filter(case_id=case_id).first()


def what_was_done(case_id: int, language: str) -> list[str]:
    """What the case that looked into a low score ended with, in the words of its reasons; empty while it runs."""
    rating = rating_of(case_id)
    if rating is None or rating.follow_up is None:
        return []
    if not Case.objects.filter(pk=rating.follow_up, closed_at__isnull=False).exists():
        return []
    told = History.objects.filter(case_id=rating.follow_up).exclude(reasons=[]).order_by("-id")
    codes = told.values_list("reasons", flat=True).first()
    rows = [shelf(clock.today()).row("reasons", code) for code in codes or ()]
    return [row.name.en if language == "en" else row.name.ar for row in rows if row is not None]


def results(*, by: By | None = None, since: datetime, where: Q | None = None) -> Sequence[Result]:
    """Results since a moment, the most rated first, months the newest first; without `by` one row of all together."""
    rows: QuerySet[Rating] = Rating.objects.filter(where or Q(), at__gte=since)
    least = rules_of(clock.today()).least_shown
    told = {"n": Count("id"), "mean": Avg("score"), "fine": Count("id", filter=Q(score__gte=GOOD_FROM))}
    columns = ("n", "mean", "fine")
    if by is None:
        found: dict[str, Any] = rows.aggregate(**told)
        return [_result(None, *(found[name] for name in columns), least=least)]
    if by == "month":
        months = rows.annotate(month=TruncMonth("at", tzinfo=RIYADH)).values("month").annotate(**told)
        newest = months.order_by("-month").values_list("month", *columns)
        return [_result(month.date(), *counts, least=least) for month, *counts in newest]
    key = _KEY[by]
    grouped = rows.exclude(**{key: None}).values(key).annotate(**told).order_by("-n", key)
    return [_result(one, *counts, least=least) for one, *counts in grouped.values_list(key, *columns)]


def _result(key: Any, count: int, mean: float | None, fine: int, *, least: int) -> Result:
    if count < least or mean is None:
        return Result(key, count, None, None)
    return Result(key, count, round(float(mean), 1), round(100 * fine / count))


def named(by: By, rows: Sequence[Result], language: str) -> list[Shown]:
    """Results with the names of their services, places or months."""
    keys = [row.key for row in rows]
    if by == "service":
        names = {key: _service_name(key, language) for key in keys}
    elif by == "month":
        names = {key: f"{key:%Y/%m}" for key in keys}
    else:
        model = Municipality if by == "municipality" else Unit
        found = model.objects.in_bulk(keys)
        names = {key: one.name_en if language == "en" else one.name_ar for key, one in found.items()}
    return [Shown(names.get(row.key, str(row.key)), row) for row in rows]


def _service_name(slug: str, language: str) -> str:
    service = compiled_service(slug, clock.today())
    return slug if service is None else service.name(language)
