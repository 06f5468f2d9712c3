"""Signing out, and the idle lock that keeps what was typed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from diwan.kit.errors import N_, DiwanError
from diwan.people.actions import count_attempt, forget_attempts, verify_totp
from diwan.people.errors import TooManyAttempts
from diwan.people.models import Account
from diwan.web.signin import session as kept
from diwan.web.signin.acting import account_of
from diwan.web.signin.views.common import go_on, open_when_locked, show
from diwan.web.signin.words import by_script, first_address, safe_next, say

TRIES: Final = 5
TRY_WINDOW: Final = timedelta(minutes=15)
UNLOCK_FIELD: Final = "unlock-password"


class Locked(DiwanError):
    """The session waits for its person."""

    code = "signin.locked"
    message = N_("This page is locked since nobody used it for 15 minutes. Unlock it to go on.")


class WrongUnlock(DiwanError):
    """The password or code differs."""

    code = "signin.wrong_unlock"
    message = N_("The password is not right. Check the language of the keyboard and try again.")


@open_when_locked
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; Back shows nothing of it."""
    account = account_of(request)
    if account is not None:
        kept.note(request, account, "people.session.closed")
    request.session.flush()
    response = HttpResponseRedirect(first_address("portal:home", "signin:sign_in"))
    response["Clear-Site-Data"] = '"cache"'
    response["Cache-Control"] = "no-store"
    return response


@open_when_locked
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock the session of an employee: from now on only unlocking, changing the user and signing out are answered."""
    if request.session.get("staff"):
        kept.set_locked(request.session, True)
    if by_script(request):
        return HttpResponse(status=204)
    return HttpResponseRedirect(reverse("signin:unlock"))


@open_when_locked
@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """Unlock with `password` or `code`. A script gets JSON: `{"csrf": token}` or 422 `{"message"}`."""
    account = account_of(request)
    if account is None or not request.session.get("staff"):
        if by_script(request):
            return JsonResponse({"message": say(Locked())}, status=403)
        return HttpResponseRedirect(reverse("signin:staff"))
    context = {"next": safe_next(request), "person": name_of(account)}
    if request.method == "GET":
        return show(request, "unlock", context)
    try:
        _prove(account, password=request.POST.get("password", ""), code=request.POST.get("code", ""))
    except TooManyAttempts as error:
        kept.note(request, account, "people.session.closed")
        request.session.flush()
        return _refused(request, context, error)
    except DiwanError as error:
        return _refused(request, context, error)
    kept.set_locked(request.session, False)
    if by_script(request):
        return JsonResponse({"csrf": get_token(request)})
    return go_on(request, str(context["next"]))


def refuse_locked(request: HttpRequest) -> HttpResponse | None:
    """What a locked session is answered instead of a view; None when the request unlocked it.

    A page is led to unlocking. A script gets 423. A form that was sent is shown again as hidden fields behind the
    password, so that unlocking sends it and nothing typed is lost.
    """
    account = account_of(request)
    if account is None:
        return None
    kept.set_locked(request.session, True)
    if by_script(request) or request.headers.get("HX-Request"):
        return JsonResponse({"message": say(Locked()), "locked": True}, status=423)
    if request.method != "POST":
        target = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('signin:unlock')}?{target}")
    return _unlock_and_send(request, account)


def _unlock_and_send(request: HttpRequest, account: Account) -> HttpResponse | None:
    errors = {}
    if UNLOCK_FIELD in request.POST:
        try:
            _prove(account, password=request.POST[UNLOCK_FIELD], code="")
        except DiwanError as error:
            errors = {UNLOCK_FIELD: say(error)}
        else:
            kept.set_locked(request.session, False)
            return None
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", UNLOCK_FIELD)
        for value in values
    ]
    context: dict[str, object] = {
        "carried": typed,
        "action": request.get_full_path(),
        "person": name_of(account),
    }
    context["unlock_error"] = errors.get(UNLOCK_FIELD, "")
    return show(request, "unlock", context, errors, status=423)


def name_of(account: Account) -> str:
    """The person's name in the language of the page."""
    return account.name_ar if (get_language() or "ar").startswith("ar") else account.name_en


def _prove(account: Account, *, password: str, code: str) -> None:
    """The person's password, or a code of the authenticator; counted before compared."""
    if code.strip() and not password:
        verify_totp(account=account, code=code)
        return
    key = f"unlock:{account.pk}"
    count_attempt(key=key, limit=TRIES, window=TRY_WINDOW).require()
    if not account.check_password(password):
        raise WrongUnlock
    forget_attempts(key=key)


def _refused(request: HttpRequest, context: Mapping[str, object], error: DiwanError) -> HttpResponse:
    if by_script(request):
        return JsonResponse({"message": say(error)}, status=422)
    return show(request, "unlock", context, {"password": say(error)})
