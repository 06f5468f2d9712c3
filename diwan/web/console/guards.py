"""Who may open the pages about people (whoever manages them, or resets a lost authenticator), and those about services
(whoever edits or publishes them)."""

from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from diwan.people.doors import actor_of, needs_staff
from diwan.people.registry import EDIT_CATALOGUE, MANAGE_PEOPLE, PUBLISH_CATALOGUE, RESET_SECOND_FACTOR

V = TypeVar("V")


def needs_people(view: V) -> V:
    """A post with one of the two permissions; others who are signed in are refused (403)."""
    return _needs(view, MANAGE_PEOPLE, RESET_SECOND_FACTOR)


def needs_catalogue(view: V) -> V:
    """A post that edits or publishes services; what each may do there is decided by the action."""
    return _needs(view, EDIT_CATALOGUE, PUBLISH_CATALOGUE)


def _needs(view: V, *codes: str) -> V:
    inner: Any = view

    @wraps(inner)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        actor = actor_of(request)
        if not any(actor.can(code) for code in codes):
            raise PermissionDenied
        return inner(request, *args, **kwargs)

    return cast(V, needs_staff(guarded))
