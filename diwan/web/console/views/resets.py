"""A lost authenticator, by two administrators: ask, confirm, send the link again, withdraw."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diwan.kit.errors import DiwanError
from diwan.notify.actions import CodeNotSent
from diwan.people.actions import Link, ask_reset, confirm_reset, renew_link, withdraw_reset
from diwan.people.doors import actor_of, needs_permission
from diwan.people.errors import NotAllowed
from diwan.people.models import Account, SecondFactorReset
from diwan.people.registry import RESET_SECOND_FACTOR
from diwan.ui.saying import say
from diwan.web.console.views.people import account_or_404, shown
from diwan.web.signin.sending import send_link, tell


@needs_permission(RESET_SECOND_FACTOR)
@require_POST
def ask(request: HttpRequest, account: int) -> HttpResponse:
    """Ask for a reset; the person hears of it at once."""
    found = account_or_404(account)
    try:
        ask_reset(account=found, reason=request.POST.get("reset_reason", ""), by=actor_of(request))
    except NotAllowed as error:
        raise PermissionDenied(say(error)) from error
    except DiwanError as error:
        return shown(request, found, {"reset_reason": say(error)})
    tell("TOTP_RESET_ASKED", found)
    messages.success(request, _("Asked. Another administrator confirms it within 24 hours."))
    return _to(found)


@needs_permission(RESET_SECOND_FACTOR)
@require_POST
def confirm(request: HttpRequest, reset: int) -> HttpResponse:
    """Confirm what another administrator asked for: the old generator is gone, the link goes out."""
    return _with_link(request, reset, lambda: confirm_reset(reset_id=reset, by=actor_of(request)))


@needs_permission(RESET_SECOND_FACTOR)
@require_POST
def link(request: HttpRequest, reset: int) -> HttpResponse:
    """Send a fresh link; the earlier one works no more."""
    return _with_link(request, reset, lambda: renew_link(reset_id=reset, by=actor_of(request)))


@needs_permission(RESET_SECOND_FACTOR)
@require_POST
def withdraw(request: HttpRequest, reset: int) -> HttpResponse:
    """Take the request back."""
    person = _person(reset)
    try:
        withdraw_reset(reset_id=reset, by=actor_of(request))
    except DiwanError as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _("The request is withdrawn. Nothing has changed for this person."))
    return _to(person)


def _with_link(request: HttpRequest, reset: int, act: Callable[[], Link]) -> HttpResponse:
    person = _person(reset)
    try:
        made = act()
    except DiwanError as error:
        messages.error(request, say(error))
        return _to(person)
    address = request.build_absolute_uri(reverse("signin:enrol", args=[made.token]))
    try:
        send_link(person, address)
    except CodeNotSent:
        messages.error(request, _("The link could not be sent. Send it again in a minute."))
    else:
        messages.success(request, _("The old authenticator no longer works. The link is on its way."))
    return _to(person)


def _person(reset: int) -> Account:
    found = SecondFactorReset.objects.select_related("account").filter(pk=reset).first()
    return account_or_404(found.account_id if found is not None else 0)


def _to(person: Account) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:person", args=[person.pk]))
