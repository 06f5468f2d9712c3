"""A person before something is done to the account: posts, open work, delegations, sessions; then the act."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from diwan.cases.actions.disable_person import disable_person
from diwan.cases.queries import takers_of_person, tasks_of_person
from diwan.catalogue.queries import compiled_service
from diwan.kit import clock
from diwan.kit.errors import DiwanError
from diwan.people.actions import end_sessions, set_active
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_permission
from diwan.people.errors import NotAllowed
from diwan.people.models import Account, Position
from diwan.people.queries import (
    delegations_of,
    find_people,
    has_authenticator,
    holders_of,
    holdings_of,
    open_sign_ins,
    reset_of,
    resets_waiting,
)
from diwan.people.registry import MANAGE_PEOPLE
from diwan.ui.saying import say
from diwan.web.console.guards import needs_people
from diwan.web.signin.words import problems


@needs_people
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Find a person; resets that wait for a second administrator stand above."""
    actor, typed = actor_of(request), request.GET.get("q", "").strip()[:80]
    waiting = [
        {
            "reset": reset, "name": _name(reset.account, actor), "asker": _name(reset.asked_by, actor),
            "is_mine": reset.asked_by_id == actor.account_id, "is_own": reset.account_id == actor.account_id,
        }
        for reset in resets_waiting()
    ]  # fmt: skip
    found = [
        {"account": account, "name": _name(account, actor), "posts": _posts(account, actor)}
        for account in (find_people(typed) if typed else [])
    ]
    context = {"typed": typed, "found": found, "waiting": waiting, "search_done": bool(typed)}
    return render(request, "console/people.html", context)


@needs_people
@require_GET
def person(request: HttpRequest, account: int) -> HttpResponse:
    """Everything that must be known before an account is closed or a generator reset."""
    return shown(request, account_or_404(account))


@needs_permission(MANAGE_PEOPLE)
@require_POST
def disable(request: HttpRequest, account: int) -> HttpResponse:
    """Close the account; its open tasks go to the chosen post in the same act."""
    found = account_or_404(account)
    receiver = request.POST.get("receiver", "")
    try:
        moved = disable_person(
            account=found, reason=request.POST.get("reason", "")[:300], by=actor_of(request),
            hand_over_to=int(receiver) if receiver.isdecimal() else None,
        )  # fmt: skip
    except NotAllowed as error:
        raise PermissionDenied(say(error)) from error
    except DiwanError as error:
        field = "receiver" if error.code in ("cases.tasks_open", "cases.wrong_post") else "reason"
        return shown(request, found, {field: say(error)})
    told = ngettext(
        "The account is closed. %(count)s task was handed over.",
        "The account is closed. %(count)s tasks were handed over.",
        moved,
    ) % {"count": moved}
    messages.success(request, told)
    return _back(account)


@needs_permission(MANAGE_PEOPLE)
@require_POST
def enable(request: HttpRequest, account: int) -> HttpResponse:
    """Open the account again."""
    try:
        set_active(account=account_or_404(account), active=True, by=actor_of(request))
    except NotAllowed as error:
        raise PermissionDenied(say(error)) from error
    messages.success(request, _("The account is open again."))
    return _back(account)


@needs_permission(MANAGE_PEOPLE)
@require_POST
def end(request: HttpRequest, account: int) -> HttpResponse:
    """End every session of the person."""
    end_sessions(account=account_or_404(account), by=actor_of(request))
    messages.success(request, _("All sessions of this person have ended."))
    return _back(account)


def account_or_404(account: int) -> Account:
    """An employee's or outside body's account; residents are none of the administrator's business here."""
    found = Account.objects.exclude(kind=Account.Kind.RESIDENT).filter(pk=account).first()
    if found is None:
        raise Http404
    return found


def shown(request: HttpRequest, account: Account, errors: dict[str, str] | None = None) -> HttpResponse:
    """The page of a person, with refusals beside their fields."""
    actor = actor_of(request)
    context: dict[str, Any] = {
        "person": account, "name": _name(account, actor), "posts": _posts(account, actor),
        "sign_ins": open_sign_ins(account.pk), "has_authenticator": has_authenticator(account.pk),
        "reset": _reset(account, actor), "may_manage": actor.can(MANAGE_PEOPLE),
        "is_own": account.pk == actor.account_id, "reason": request.POST.get("reason", ""),
        "receiver": request.POST.get("receiver", ""), **_work(account, actor), **_delegations(account, actor),
        **problems(errors or {}),
    }  # fmt: skip
    return render(request, "console/person.html", context, status=422 if errors else 200)


def _work(account: Account, actor: Actor) -> dict[str, Any]:
    """Open tasks by service, and the posts that may take all of them."""
    counts = Counter(tasks_of_person(account.pk).values_list("service", flat=True))
    names = {
        slug: found.name(actor.language)
        for slug in counts
        if (found := compiled_service(slug, clock.today()))
    }
    takers = [(str(post.pk), _seat(post, actor)) for post in takers_of_person(account.pk)] if counts else []
    return {
        "work": sorted((names.get(slug, slug), count) for slug, count in counts.items()),
        "open_tasks": counts.total(), "takers": takers,
    }  # fmt: skip


def _delegations(account: Account, actor: Actor) -> dict[str, Any]:
    rows = {
        row.pk: row
        for held in holdings_of(account.pk)
        for row in delegations_of(held.position_id)
        if row.revoked_at is None
    }
    return {
        "delegations": [
            {"from": _title(row.delegator, actor), "to": _title(row.delegate, actor), "row": row}
            for row in rows.values()
        ]
    }


def _reset(account: Account, actor: Actor) -> dict[str, Any] | None:
    found = reset_of(account.pk)
    if found is None:
        return None
    return {
        "row": found, "asker": _name(found.asked_by, actor), "is_mine": found.asked_by_id == actor.account_id,
        "confirmer": _name(found.confirmed_by, actor) if found.confirmed_by else "",
        "waits": found.waits, "link_out": found.link_is_out,
    }  # fmt: skip


def _posts(account: Account, actor: Actor) -> list[str]:
    return [_title(held.position, actor) for held in holdings_of(account.pk)]


def _name(account: Account, actor: Actor) -> str:
    return account.name_en if actor.language == "en" else account.name_ar


def _title(post: Any, actor: Actor) -> str:
    return str(post.title_en if actor.language == "en" else post.title_ar)


def _seat(post: Position, actor: Actor) -> str:
    """A post with the people who sit at it: several have the same title."""
    names = [_name(held.account, actor) for held in holders_of(post.pk)]
    return f"{_title(post, actor)}: {' · '.join(names)}" if names else _title(post, actor)


def _back(account: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:person", args=[account]))
