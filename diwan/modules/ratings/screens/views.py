"""The page of a rating: opened from a message, on a telephone, without signing in; works once."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from diwan.cases.models import Case
from diwan.cases.registry import is_quiet
from diwan.cases.services import service_of
from diwan.kit import clock, numbers
from diwan.kit.errors import DiwanError, FieldErrors, InvalidValue
from diwan.modules.ratings.actions import rate
from diwan.modules.ratings.actions.rate import MOST_WORDS, Said
from diwan.modules.ratings.errors import AlreadyRated, LinkExpired, LinkUnknown, NotRated, NotYet
from diwan.modules.ratings.queries import open_invitation, rating_of, what_was_done
from diwan.modules.ratings.rules import HIGH, LOW, reasons_for
from diwan.people.doors import actor_of
from diwan.ui.saying import problems, say

REFUSALS: Final = (LinkUnknown, LinkExpired, NotRated, NotYet)
_STATUS: Final = {LinkUnknown: 404, LinkExpired: 410, NotRated: 409, NotYet: 409}


@require_http_methods(["GET", "POST"])
def rate_case(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """Ask, take the answer once, and thank; a link that does not hold is told in words."""
    try:
        case_id = numbers.parse_case_number(number)
    except InvalidValue:
        return _refused(request, LinkUnknown())
    try:
        case = open_invitation(case_id, secret).case
        if request.method == "POST":
            said = _said(request)
            try:
                rate(case_id=case_id, secret=secret, said=said, by=actor_of(request))
            except FieldErrors as error:
                first = {name: say(found[0]) for name, found in error.errors.items()}
                return _form(request, case, said, first, status=422)
            return HttpResponseRedirect(request.path)
    except AlreadyRated:
        return _thanks(request, case_id)
    except REFUSALS as error:
        return _refused(request, error)
    return _form(request, case, Said(score=None), {})


def _said(request: HttpRequest) -> Said:
    score = request.POST.get("score", "")
    reasons = [*request.POST.getlist("low"), *request.POST.getlist("high")]
    return Said(
        score=int(score) if score in ("1", "2", "3", "4", "5") else None,
        reasons=reasons[:40],
        words=request.POST.get("words", ""),
        wants_contact=bool(request.POST.get("contact")),
    )


def _form(
    request: HttpRequest, case: Case, said: Said, errors: dict[str, str], *, status: int = 200
) -> HttpResponse:
    language = actor_of(request).language
    context = {
        **_about(case, language),
        **problems(errors),
        "scores": _scores(),
        "score": said.score or "",
        "low": _reasons(LOW, language),
        "high": _reasons(HIGH, language),
        "chosen": list(said.reasons),
        "words": said.words,
        "contact": said.wants_contact,
        "most": MOST_WORDS,
    }
    return _private(render(request, "ratings/rate.html", context, status=status))


def _scores() -> list[tuple[int, str]]:
    words = (
        (5, pgettext("score", "Very good")),
        (4, pgettext("score", "Good")),
        (3, pgettext("score", "Fair")),
        (2, pgettext("score", "Poor")),
        (1, pgettext("score", "Very poor")),
    )
    return [(score, f"{score} · {word}") for score, word in words]


def _reasons(band: str, language: str) -> list[tuple[str, str]]:
    rows = reasons_for(band, clock.today())
    return [(row.code, row.name.en if language == "en" else row.name.ar) for row in rows]


def _thanks(request: HttpRequest, case_id: int) -> HttpResponse:
    """After the link was used: thanks, and what was done for whoever asked to hear of it."""
    language = actor_of(request).language
    rating = rating_of(case_id)
    case = Case.objects.get(pk=case_id)
    asked = rating is not None and rating.wants_contact and rating.follow_up is not None
    done = what_was_done(case_id, language) if asked else []
    context = {**_about(case, language), "done": done, "waiting": asked and not done}
    return _private(render(request, "ratings/thanks.html", context))


def _about(case: Case, language: str) -> dict[str, Any]:
    service = service_of(case.version_id)
    return {
        "shown_number": numbers.show_case_number(case.pk),
        "service_name": service.name(language),
        "quiet": is_quiet(case),
        "breadcrumb": [(_("Rate the service"), "")],
    }


def _refused(request: HttpRequest, error: DiwanError) -> HttpResponse:
    context = {"problem": say(error), "breadcrumb": [(_("Rate the service"), "")]}
    return _private(render(request, "ratings/refused.html", context, status=_STATUS[type(error)]))


def _private(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store"
    return response
