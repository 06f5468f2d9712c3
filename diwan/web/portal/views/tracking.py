"""Following a request without signing in: by number and secret, or by the link of a message."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from diwan.cases.day_words import days_told
from diwan.cases.errors import CaseNotFound
from diwan.cases.registry import is_quiet, page_of
from diwan.kit import numbers
from diwan.kit.errors import InvalidValue
from diwan.people.doors import actor_of
from diwan.people.errors import TooManyAttempts
from diwan.web.portal import bills, words
from diwan.web.portal.following import Followed, follow
from diwan.web.signin.words import problems, say


@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for number and secret; a right pair leads to the page of the request, every wrong pair reads the same."""
    if request.method == "GET":
        return _form(request, {"number": request.GET.get("number", "")[:20]}, {})
    typed = {"number": request.POST.get("number", "")[:40], "secret": request.POST.get("secret", "")[:40]}
    errors: dict[str, str] = {}
    case_id = _read(typed["number"], errors)
    secret = _read_secret(typed["secret"], errors)
    if errors:
        return _form(request, typed, errors, status=422)
    try:
        followed = follow(case_id, secret)
    except CaseNotFound:
        return _form(request, typed, {"number": _wrong_pair()}, status=404)
    except TooManyAttempts as error:
        return _form(request, typed, {"": say(error)}, status=429)
    return HttpResponseRedirect(_page(followed))


@require_GET
def status(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """Where a request stands, for whoever has its link. Nothing personal; at most six statements."""
    try:
        followed = follow(numbers.parse_case_number(number), secret)
    except (InvalidValue, CaseNotFound) as error:
        raise Http404 from error
    except TooManyAttempts as error:
        return _form(request, {"number": number}, {"": say(error)}, status=429)
    if page_of(followed.file.case.service):
        return HttpResponseRedirect(_page(followed))
    response = render(request, "portal/status.html", _context(request, followed))
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store"
    return response


def _page(followed: Followed) -> str:
    """Where the case is followed: the page of its service, if that has one of its own."""
    case = followed.file.case
    return reverse(
        page_of(case.service) or "portal:status", args=[numbers.case_number(case.pk), followed.link]
    )


def _context(request: HttpRequest, followed: Followed) -> dict[str, Any]:
    language = actor_of(request).language
    found = followed.file
    case, service = found.case, found.service
    word, kind = words.state_words(case.state)
    holder, stage = words.standing_words(case, service, found.tasks, language, bill=found.standing)
    return {
        "case": case,
        "shown_number": numbers.show_case_number(case.pk),
        "service_name": service.name(language),
        "state": word,
        "state_kind": kind,
        "holder": holder,
        "stage": stage,
        "since": found.since,
        "days": days_told(found.days(), language, own=True),
        "pay": bills.payment_view(found, language),
        "refresh_url": request.path,
        "timeline": words.timeline(found.history, case, service, language, own=False),
        "returned": case.state == "returned",
        "quiet": is_quiet(case),
        "case_url": reverse("portal:case", args=[numbers.case_number(case.pk)]),
        "breadcrumb": [
            (_("Track a request"), reverse("portal:track")),
            (numbers.show_case_number(case.pk), ""),
        ],
    }


def _form(
    request: HttpRequest, typed: dict[str, str], errors: dict[str, str], *, status: int = 200
) -> HttpResponse:
    context = {"values": typed, **problems(errors), "breadcrumb": [(_("Track a request"), "")]}
    response = render(request, "portal/track.html", context, status=status)
    if status == 429:
        response["Retry-After"] = "900"
    return response


def _read(typed: str, errors: dict[str, str]) -> int:
    try:
        return numbers.parse_case_number(typed)
    except InvalidValue as error:
        errors["number"] = say(error)
        return 0


def _read_secret(typed: str, errors: dict[str, str]) -> str:
    try:
        return numbers.parse_secret_8(typed)
    except InvalidValue as error:
        errors["secret"] = say(error)
        return ""


def _wrong_pair() -> str:
    return _("There is no request with this number and code. Compare both with the receipt or the message.")
