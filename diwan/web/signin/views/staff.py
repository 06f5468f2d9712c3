"""Employees and users of outside bodies: password, then the authenticator; fast change of user; step-up."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods

from diwan.kit.errors import N_, DiwanError, InvalidValue
from diwan.people.actions import count_attempt, forget_attempts, verify_totp
from diwan.people.actions import step_up as make_step_up
from diwan.people.doors import actor_of
from diwan.people.models import Account
from diwan.ui.callers import client_address
from diwan.web.signin import session as kept
from diwan.web.signin.acting import account_of
from diwan.web.signin.views.common import go_on, in_charge, open_when_locked, show
from diwan.web.signin.words import by_script, safe_next, say

TRIES: Final = 5
TRY_WINDOW: Final = timedelta(minutes=15)
MOST_FROM_ONE_ADDRESS: Final = 300


class WrongPassword(DiwanError):
    """User name or password differ; which one is not told."""

    code = "signin.wrong_password"
    message = N_(
        "The user name or the password is not right. Check the language of the keyboard and try again."
    )


@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Ask for user name and password."""
    context = {"next": safe_next(request), "username": request.POST.get("username", "")}
    if request.method == "GET":
        return show(request, "staff", context)
    try:
        account = checked_password(request)
    except DiwanError as error:
        return show(request, "staff", context, {"username": say(error)})
    request.session["pending"] = {
        "account": account.pk,
        "next": context["next"],
        "at": kept.now_seconds(),
    }
    return HttpResponseRedirect(reverse("signin:totp"))


@require_http_methods(["GET", "POST"])
def totp(request: HttpRequest) -> HttpResponse:
    """Ask for the authenticator's code and sign in."""
    step = kept.half_done(request.session, "pending", minutes=5)
    account = Account.objects.filter(pk=step["account"], is_active=True).first() if step else None
    if step is None or account is None:
        return HttpResponseRedirect(reverse("signin:staff"))
    if request.method == "GET":
        return show(request, "totp", {"next": step["next"]})
    try:
        verify_totp(account=account, code=_code(request))
    except DiwanError as error:
        kept.note(request, account, "people.session.refused")
        return show(request, "totp", {"next": step["next"]}, {"code": say(error)})
    kept.open_session(request, account, factor=kept.TOTP)
    return _in_own_language(go_on(request, step["next"]), request, account)


@open_when_locked
@require_http_methods(["GET", "POST"])
def switch_user(request: HttpRequest) -> HttpResponse:
    """Another employee takes over this workplace: everything on one page, and the former session ends."""
    context = {"next": safe_next(request), "username": request.POST.get("username", "")}
    if request.method == "GET":
        return show(request, "switch_user", context)
    try:
        account = checked_password(request)
        verify_totp(account=account, code=_code(request))
    except WrongPassword as error:
        return show(request, "switch_user", context, {"username": say(error)})
    except DiwanError as error:
        return show(request, "switch_user", context, {"code": say(error)})
    former = account_of(request)
    if former is not None:
        kept.note(request, former, "people.session.closed")
    request.session.flush()
    kept.open_session(request, account, factor=kept.TOTP)
    return go_on(request, context["next"])


@require_http_methods(["GET", "POST"])
def step_up(request: HttpRequest) -> HttpResponse:
    """Confirm with a fresh code of the authenticator; it authorises signing for ten minutes.

    A script (header `X-Requested-With: fetch`) gets JSON: `{"until": ISO time}` or 422 `{"message"}`.
    """
    account = account_of(request)
    if account is None or not request.session.get("staff"):
        return HttpResponseRedirect(f"{reverse('signin:staff')}?next={request.path}")
    context = {"next": safe_next(request)}
    if request.method == "GET":
        return show(request, "step_up", context)
    try:
        made = make_step_up(account=account, code=_code(request), session=actor_of(request).session)
    except DiwanError as error:
        if by_script(request):
            return JsonResponse({"message": say(error)}, status=422)
        return show(request, "step_up", context, {"code": say(error)})
    if by_script(request):
        return JsonResponse({"until": made.expires_at.isoformat()})
    return go_on(request, context["next"])


def checked_password(request: HttpRequest) -> Account:
    """The account whose user name and password were posted. The attempt is counted before anything is compared.

    WrongPassword (after the same work for an unknown name), TooManyAttempts.
    """
    username = request.POST.get("username", "").strip()
    typed = request.POST.get("password", "")
    key = f"password:{username.lower()}"
    count_attempt(
        key=f"password-from:{client_address(request)}", limit=MOST_FROM_ONE_ADDRESS, window=TRY_WINDOW
    ).require()
    count_attempt(key=key, limit=TRIES, window=TRY_WINDOW).require()
    account = Account.objects.filter(username=username, is_active=True).first() if username else None
    if account is None or not in_charge(account) or not account.has_usable_password():
        make_password(typed)
        raise WrongPassword
    if not account.check_password(typed):
        kept.note(request, account, "people.session.refused")
        raise WrongPassword
    forget_attempts(key=key)
    return account


def _code(request: HttpRequest) -> str:
    typed = request.POST.get("code", "").strip()
    if not typed:
        raise InvalidValue(
            "signin.totp_missing", N_("Enter the six digits that the authenticator shows now.")
        )
    return typed


def _in_own_language(response: HttpResponse, request: HttpRequest, account: Account) -> HttpResponse:
    """The person's own language, where this browser has chosen none."""
    if (
        settings.LANGUAGE_COOKIE_NAME not in request.COOKIES
        and account.language != translation.get_language()
    ):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, account.language, samesite="Lax", secure=request.is_secure()
        )
    return response
