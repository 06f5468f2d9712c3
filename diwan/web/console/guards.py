"""Who may open the pages about people: whoever manages them, or resets a lost authenticator."""

from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from diwan.people.doors import actor_of, needs_staff
from diwan.people.registry import MANAGE_PEOPLE, RESET_SECOND_FACTOR

V = TypeVar("V")


def needs_people(view: V) -> V:
    """A post with one of the two permissions; others who are signed in are refused (403)."""
    inner: Any = view

    @wraps(inner)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        actor = actor_of(request)
        if not (actor.can(MANAGE_PEOPLE) or actor.can(RESET_SECOND_FACTOR)):
            raise PermissionDenied
        return inner(request, *args, **kwargs)

    return cast(V, needs_staff(guarded))
