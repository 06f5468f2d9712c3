"""Who acts in a request, and who may open a view: for the screens of every package above.

The sign-in package puts the actor on the request; its addresses are known here by name only. Whether an act is allowed
is decided again by the action itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from diwan.people.actor import Actor
from diwan.people.registry import is_declared

V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Entrance:
    """A way in from the staff's navigation: name of the address, message id of its label, icon, for whom, and how much
    waits there for somebody."""

    url_name: str
    label: str
    icon: str
    fits: Callable[[Actor], bool]
    waits: Callable[[Actor], int] | None = None


_entrances: dict[str, Entrance] = {}


def entrance(
    url_name: str,
    *,
    label: str,
    icon: str,
    fits: Callable[[Actor], bool],
    waits: Callable[[Actor], int] | None = None,
) -> None:
    """Add an entry to the staff's navigation, from the `ready` of a module; the later ones stand below."""
    _entrances[url_name] = Entrance(url_name, label, icon, fits, waits)


def entrances(actor: Actor) -> list[Entrance]:
    """The entries of modules that this capacity may open."""
    return [found for found in _entrances.values() if found.fits(actor)]


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request (typed access to `request.actor`)."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def _guard(view: V, sign_in: str, fits: Callable[[Actor], bool]) -> V:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        actor = actor_of(request)
        if actor.account_id is None:
            back = request.get_full_path() if request.method == "GET" else ""
            return HttpResponseRedirect(f"{reverse(sign_in)}?{urlencode({'next': back})}")
        if not fits(actor):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return cast(V, guarded)


def needs_account(view: V) -> V:
    """Anybody who is signed in; others are led to the residents' sign-in and back."""
    return _guard(view, "signin:sign_in", lambda actor: actor.account_id is not None)


def needs_resident(view: V) -> V:
    """Anybody who acts for herself or for an establishment; a post or an outside body is refused (403)."""
    return _guard(view, "signin:sign_in", acts_for_residents)


def acts_for_residents(actor: Actor) -> bool:
    """Whether the capacity is that of a person or an establishment, neither a post nor an outside body."""
    return actor.account_id is not None and not actor.is_staff and actor.entity_id is None


def needs_staff(view: V) -> V:
    """A post of the amanah or an outside body; others who are signed in are refused (403)."""
    return _guard(view, "signin:staff", lambda actor: actor.is_staff or actor.entity_id is not None)


def needs_permission(code: str) -> Callable[[V], V]:
    """A capacity that holds the declared permission; others who are signed in are refused (403)."""
    if not is_declared(code):
        raise ValueError(f"{code} is not a declared permission")
    return lambda view: _guard(view, "signin:staff", lambda actor: actor.can(code))
