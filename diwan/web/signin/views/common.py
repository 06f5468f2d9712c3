"""What several screens share."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from diwan.people.actor import Actor
from diwan.people.models import Account
from diwan.people.registry import ACT, FILE
from diwan.web.signin.acting import load_actor
from diwan.web.signin.words import first_address, problems

V = TypeVar("V", bound=Callable[..., Any])


def open_when_locked(view: V) -> V:
    """Mark a view that a locked session may use."""
    view.open_when_locked = True  # type: ignore[attr-defined]
    return view


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
    *,
    status: int = 0,
) -> HttpResponse:
    """A page of this package; with errors its status is 422."""
    found = errors or {}
    return render(
        request,
        f"signin/{template}.html",
        {**context, **problems(found)},
        status=status or (422 if found else 200),
    )


def go_on(request: HttpRequest, address: str) -> HttpResponse:
    """To where the person wanted to go, else to the first page of the capacity."""
    return HttpResponseRedirect(address or home_of(load_actor(request)))


def home_of(actor: Actor) -> str:
    """The first page of a capacity."""
    if actor.can(FILE) and not actor.can(ACT):
        return first_address("counter:home", "desk:home", "portal:home")
    if actor.is_staff or actor.entity_id is not None:
        return first_address("desk:home", "portal:home")
    return first_address("portal:my_cases", "portal:home")


def in_charge(account: Account | None) -> bool:
    """Whether the account signs in with password and authenticator."""
    return account is not None and account.kind in (Account.Kind.STAFF, Account.Kind.ENTITY)
