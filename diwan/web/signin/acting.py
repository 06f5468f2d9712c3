"""The actor of a request, and the frame that a page shows of him."""

import time
from collections.abc import Mapping
from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diwan.kit import tracing
from diwan.people.actor import ANONYMOUS, Actor
from diwan.people.doors import actor_of, entrances
from diwan.people.models import Account
from diwan.people.queries import CapacityNotHeld, actor_for, municipality_by_code, session_digest
from diwan.people.registry import ACT, FILE
from diwan.ui.context import Frame, NavEntry, Viewer
from diwan.web.signin.session import CODE, allowed

_KEEP_SECONDS: Final = 600.0
_organisation: tuple[float, Mapping[str, str]] = (0.0, {})


def account_of(request: HttpRequest) -> Account | None:
    """The account that is signed in, or None."""
    user: Any = request.user
    return user if isinstance(user, Account) or getattr(user, "pk", None) is not None else None


def load_actor(request: HttpRequest) -> Actor:
    """The actor: no statement without a session, else session, account and (but for oneself) the capacity."""
    found = _load(request)
    tracing.note(capacity=found.capacity)
    return found


def _load(request: HttpRequest) -> Actor:
    language = (get_language() or "ar")[:2]
    request_id: str = getattr(request, "request_id", "")
    account = account_of(request) if SESSION_KEY in request.session else None
    if account is None:
        return Actor(account_id=None, capacity=ANONYMOUS.capacity, request_id=request_id, language=language)
    told = {
        "session": session_digest(request.session.session_key or ""),
        "request_id": request_id,
        "language": language,
    }
    try:
        return actor_for(account, str(request.session.get("capacity", "")), **told)
    except CapacityNotHeld:
        return _fallback(request, account, told)


def _fallback(request: HttpRequest, account: Account, told: Mapping[str, str]) -> Actor:
    """The capacity ended since it was chosen: the usual one, or a person without any."""
    found = allowed(account, str(request.session.get("factor", CODE)))
    request.session.update({"capacity": found[0].code if found else "", "many": len(found) > 1})
    if found:
        return actor_for(account, found[0].code, **told)
    return Actor(
        account_id=account.pk,
        capacity="none",
        name_ar=account.name_ar,
        name_en=account.name_en,
        session=told["session"],
        request_id=told["request_id"],
        language=told["language"],
    )


def frame_of(request: HttpRequest) -> Frame:
    """Header of the page: who reads, in what capacity, and where he can go."""
    actor = actor_of(request)
    return Frame(viewer=_viewer(request, actor), nav=_nav(request, actor), organisation=_organisation_name())


def _viewer(request: HttpRequest, actor: Actor) -> Viewer | None:
    if actor.account_id is None:
        return None
    arabic = actor.language == "ar"
    title = actor.title_ar if arabic else actor.title_en
    return Viewer(
        name=actor.name_ar if arabic else actor.name_en,
        capacity=title or (_("Myself") if actor.capacity == "self" else ""),
        is_staff=actor.is_staff,
        idle_lock=bool(request.session.get("staff")),
        can_switch=bool(request.session.get("many")),
    )


def _nav(request: HttpRequest, actor: Actor) -> list[NavEntry]:
    """Entries whose addresses exist, by what the capacity may do."""
    wanted: list[tuple[str, str, str]] = []
    if actor.can(ACT) or actor.entity_id is not None:
        wanted.append(("desk:home", _("My work"), "inbox"))
    if actor.can(FILE):
        wanted.append(("counter:home", _("Counter"), "person-workspace"))
    if not actor.is_staff and actor.entity_id is None:
        wanted += [
            ("portal:services", _("Services"), "grid"),
            ("portal:track", _("Track a request"), "search"),
        ]
        if actor.account_id is not None:
            wanted.append(("portal:my_cases", _("My requests"), "folder2"))
    ways = entrances(actor)
    added = [(found.url_name, _(found.label), found.icon) for found in ways]
    waiting = {found.url_name: found.waits(actor) for found in ways if found.waits is not None}
    entries = []
    for name, label, icon in [*wanted, *added]:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        here = request.path == url
        entries.append(
            NavEntry(
                label=label,
                url=url,
                icon=icon,
                current=here,
                added=(name, label, icon) in added,
                count=waiting.get(name) or None,
            )
        )
    return entries


def _organisation_name() -> Mapping[str, str]:
    """The name of the head office, remembered for ten minutes."""
    global _organisation
    until, name = _organisation
    if until < time.monotonic():
        head = municipality_by_code("000")
        name = {"ar": head.name_ar, "en": head.name_en} if head else {}
        _organisation = (time.monotonic() + (_KEEP_SECONDS if head else 5.0), name)
    return name
