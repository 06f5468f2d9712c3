"""The open slips of a clerk, for the tabs above every page of the counter; nothing is read where no template asks."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from diwan.people.actor import Actor
from diwan.people.registry import FILE
from diwan.web.counter.queries import MOST_OPEN, open_slips
from diwan.web.counter.tabs import tabs


def counter(request: HttpRequest) -> dict[str, Any]:
    """`counter_slips`: the tabs of a clerk's open slips, each with the address where it goes on."""
    actor: Actor | None = getattr(request, "actor", None)

    def found() -> dict[str, Any]:
        if actor is None or actor.account_id is None or not actor.can(FILE):
            return {"tabs": [], "home": "", "can_open": False}
        held = tabs(list(open_slips(actor)), actor)
        mine = sum(one["mine"] for one in held)
        return {"tabs": held, "home": reverse("counter:home"), "can_open": mine < MOST_OPEN}

    return {"counter_slips": SimpleLazyObject(found)}
