"""Residents: national id or e-mail, then a one-time code. The pages never tell whether an account exists."""

from datetime import timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from diwan.kit import ids
from diwan.kit.errors import N_, DiwanError, InvalidValue
from diwan.notify.actions import send_new_code
from diwan.people.actions import WrongCode, check_code, count_attempt
from diwan.people.actions.codes import ATTEMPT_WINDOW, ATTEMPTS
from diwan.people.models import Account
from diwan.people.queries import account_by_login
from diwan.ui.callers import client_address
from diwan.web.signin import session as kept
from diwan.web.signin.views.common import go_on, show
from diwan.web.signin.words import safe_next, say

PURPOSE: Final = "sign_in"
#: Starts allowed to one address: a mobile operator or an office shares one among many people.
STARTS: Final = 300
START_WINDOW: Final = timedelta(minutes=15)


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the national id or e-mail; send a code to the addresses on record."""
    context = {"next": safe_next(request), "login": request.POST.get("login", "")}
    if request.method == "GET":
        return show(request, "sign_in", context)
    try:
        login = read_login(context["login"])
        count_attempt(key=f"start:{client_address(request)}", limit=STARTS, window=START_WINDOW).require()
    except DiwanError as error:
        return show(request, "sign_in", context, {"login": say(error)})
    account = account_by_login(login)
    if account is not None and account.kind == Account.Kind.ENTITY:
        account = None
    request.session["code"] = {
        "account": account.pk if account else None,
        "login": login,
        "next": context["next"],
        "at": kept.now_seconds(),
    }
    problem = _send(request, account)
    return (
        HttpResponseRedirect(reverse("signin:code"))
        if not problem
        else show(request, "sign_in", context, {"login": problem})
    )


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code and sign in."""
    step = kept.half_done(request.session, "code")
    if step is None:
        return HttpResponseRedirect(reverse("signin:sign_in"))
    context = {"again": reverse("signin:again"), "next": step["next"]}
    if request.method == "GET":
        return show(request, "code", context)
    try:
        account = _checked(request, step["account"], step["login"])
    except DiwanError as error:
        refused = Account.objects.filter(pk=step["account"]).first() if step["account"] else None
        if refused is not None:
            kept.note(request, refused, "people.session.refused")
        return show(request, "code", context, {"code": say(error)})
    kept.open_session(request, account, factor=kept.CODE)
    return go_on(request, step["next"])


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Send another code."""
    step = kept.half_done(request.session, "code")
    if step is None:
        return HttpResponseRedirect(reverse("signin:sign_in"))
    account = Account.objects.filter(pk=step["account"], is_active=True).first() if step["account"] else None
    problem = _send(request, account)
    context = {"again": reverse("signin:again"), "next": step["next"], "sent_again": not problem}
    return show(request, "code", context, {"code": problem} if problem else None)


def read_login(typed: str) -> str:
    """A national id (any digits) or an e-mail in lower case. InvalidValue says what to correct."""
    text = typed.strip()
    if not text:
        raise InvalidValue(
            "signin.login_missing",
            N_("Enter the number of the identity card or residence permit, or an e-mail."),
        )
    if "@" not in text:
        return ids.national_id(text)
    return read_email(text)


def read_email(typed: str) -> str:
    """An e-mail address in lower case. InvalidValue says what to correct."""
    text = typed.strip().lower()
    try:
        validate_email(text)
    except ValidationError as error:
        raise InvalidValue(
            "signin.email", N_("This e-mail address is not complete. Write it like name@example.com.")
        ) from error
    return text


def _send(request: HttpRequest, account: Account | None) -> str:
    """Send a code to a known account; for an unknown one count alike. Returns the problem in words, or ""."""
    try:
        if account is None:
            login = request.session["code"]["login"]
            count_attempt(key=f"code-send:none:{login}", limit=5, window=timedelta(hours=1)).require()
            return ""
        send_new_code(
            purpose=PURPOSE,
            address=f"account:{account.pk}",
            binding=kept.nonce(request.session),
            mobile=account.mobile,
            email=account.email or "",
            language=(get_language() or account.language)[:2],
            account_id=account.pk,
        )
    except DiwanError as error:
        return say(error)
    return ""


def _checked(request: HttpRequest, account_id: int | None, login: str) -> Account:
    typed = request.POST.get("code", "")
    if not typed.strip():
        raise InvalidValue("signin.code_missing", N_("Enter the digits of the message."))
    if account_id is None:
        attempt = count_attempt(key=f"code-check:none:{login}", limit=ATTEMPTS, window=ATTEMPT_WINDOW)
        attempt.require()
        raise WrongCode(left=max(1, attempt.left))
    check_code(
        purpose=PURPOSE, address=f"account:{account_id}", binding=kept.nonce(request.session), code=typed
    )
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None:
        raise InvalidValue("signin.closed", N_("This account is closed. Ask at a service office."))
    return account
