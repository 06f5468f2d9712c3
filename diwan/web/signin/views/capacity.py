"""Choosing the capacity in which one acts, and the language of the pages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from diwan.people.actions import set_language
from diwan.people.doors import actor_of
from diwan.people.queries import CapacityNotHeld
from diwan.web.signin import session as kept
from diwan.web.signin.acting import account_of
from diwan.web.signin.views.common import go_on, open_when_locked, show
from diwan.web.signin.words import safe_next, say

YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "POST"])
def capacity(request: HttpRequest) -> HttpResponse:
    """Show the person's capacities; act in the posted one (`capacity`) without signing out."""
    account = account_of(request)
    if account is None:
        return HttpResponseRedirect(f"{reverse('signin:sign_in')}?next={request.path}")
    found = kept.allowed(account, str(request.session.get("factor", kept.CODE)))
    arabic = actor_of(request).language == "ar"
    choices = [
        (
            held.code,
            _("Myself") if held.kind == "self" else (held.title_ar if arabic else held.title_en),
            held.detail_ar if arabic else held.detail_en,
        )
        for held in found
    ]
    context = {"choices": choices, "chosen": request.session.get("capacity", ""), "next": safe_next(request)}
    if request.method == "GET":
        return show(request, "capacity", context)
    if not kept.choose(request, account, request.POST.get("capacity", "")):
        return show(request, "capacity", context, {"capacity": say(CapacityNotHeld())})
    return go_on(request, str(context["next"]))


@open_when_locked
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Set the language of the pages (`language`), for this browser and, when signed in, for the person's messages."""
    wanted = request.POST.get("language", "")
    response = HttpResponseRedirect(safe_next(request, "/"))
    if wanted not in dict(settings.LANGUAGES) or not check_for_language(wanted):
        return response
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        wanted,
        max_age=YEAR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    actor = actor_of(request)
    if actor.account_id is not None:
        set_language(account_id=actor.account_id, language=wanted, by=actor)
    return response
