"""Registering a new authenticator by the link of a confirmed reset: password, QR code, first code."""

from datetime import timedelta
from typing import Any, Final

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diwan.kit.errors import DiwanError
from diwan.people.actions import (
    LinkOver,
    count_attempt,
    finish_enrolment,
    forget_attempts,
    new_generator,
    person_of_link,
)
from diwan.people.models import Account
from diwan.people.queries import session_digest
from diwan.ui.saying import say
from diwan.web.signin import session as kept
from diwan.web.signin.sending import tell
from diwan.web.signin.views.common import show
from diwan.web.signin.views.staff import WrongPassword

TRIES: Final = 5
TRY_WINDOW: Final = timedelta(minutes=15)
ISSUER: Final = "Diwan"


@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest, token: str) -> HttpResponse:
    """First the password, then the QR code, then the code that the new authenticator shows."""
    try:
        account = person_of_link(token=token)
        if not _proved(request, token):
            return _password(request, account, token)
        return _generator(request, account, token)
    except LinkOver as error:
        return show(request, "enrol_over", {"why": say(error)}, status=404)


def _proved(request: HttpRequest, token: str) -> bool:
    """Whether this browser gave the password for this link within the last ten minutes."""
    step = kept.half_done(request.session, "enrol")
    return step is not None and step.get("link") == session_digest(token)


def _password(request: HttpRequest, account: Account, token: str) -> HttpResponse:
    if request.method == "GET" or "password" not in request.POST:
        return show(request, "enrol", {})
    key = f"password:{account.username.lower()}"
    try:
        count_attempt(key=key, limit=TRIES, window=TRY_WINDOW).require()
        if not account.check_password(request.POST["password"]):
            kept.note(request, account, "people.session.refused")
            raise WrongPassword
    except DiwanError as error:
        return show(request, "enrol", {}, {"password": say(error)})
    forget_attempts(key=key)
    request.session["enrol"] = {"link": session_digest(token), "at": kept.now_seconds()}
    return HttpResponseRedirect(reverse("signin:enrol", args=[token]))


def _generator(request: HttpRequest, account: Account, token: str) -> HttpResponse:
    if request.method == "POST" and "code" in request.POST:
        try:
            finish_enrolment(token=token, code=request.POST["code"])
        except LinkOver:
            raise
        except DiwanError as error:
            return show(request, "enrol_code", _shown(token), {"code": say(error)})
        del request.session["enrol"]
        tell("TOTP_REGISTERED", account)
        return show(request, "enrol_done", {"text": _("The new authenticator works. Sign in with it.")})
    return show(request, "enrol_code", _shown(token))


def _shown(token: str) -> dict[str, Any]:
    made = new_generator(token=token, issuer=ISSUER)
    picture = segno.make(made.address, error="m", micro=False).svg_data_uri(
        scale=5, border=4, dark="#000", light="#fff"
    )
    seed = " ".join(made.seed[place : place + 4] for place in range(0, len(made.seed), 4))
    return {"picture": picture, "seed": seed}
