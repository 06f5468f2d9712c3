"""The other capacities of whoever is signed in: what belongs to one of them is offered, never simply "not found"."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from diwan.cases.models import Case
from diwan.people.doors import actor_of
from diwan.web.signin import session as kept
from diwan.web.signin.acting import account_of


@dataclass(frozen=True, slots=True)
class Held:
    """A capacity as a button offers it."""

    code: str
    title: str


def others_of(request: HttpRequest) -> list[Held]:
    """The capacities as a resident that the person could act in, without the present one."""
    account, actor = account_of(request), actor_of(request)
    if account is None:
        return []
    return [
        Held(
            one.code,
            _("Myself") if one.kind == "self" else (one.title_en if actor.language == "en" else one.title_ar),
        )
        for one in kept.allowed(account, str(request.session.get("factor", kept.CODE)))
        if one.kind in ("self", "establishment") and one.code != actor.capacity
    ]


def capacity_for(request: HttpRequest, case_id: int) -> Held | None:
    """The capacity of the signed-in person to which a request belongs; None tells nothing about whether it exists."""
    owned = Case.objects.filter(pk=case_id).first()
    if owned is None:
        return None
    actor = actor_of(request)
    if owned.establishment_id is None:
        wanted = "self" if owned.account_id == actor.account_id else ""
    else:
        wanted = f"establishment:{owned.establishment_id}"
    return next((one for one in others_of(request) if one.code == wanted), None)
