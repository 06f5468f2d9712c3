"""Partners that hear of events: subscriptions, what was sent to them, and what the administrator does about it."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diwan.catalogue.queries import search_services
from diwan.kit import clock, hijri
from diwan.kit.errors import DiwanError, FieldErrors
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_permission
from diwan.people.models import Municipality
from diwan.web.desk.partner_words import STATES, event_text, failure_text
from diwan.web.desk.views.frame import frame
from diwan.web.signin.words import say
from diwan.webhooks import actions, queries
from diwan.webhooks.errors import NotAllowed, SubscriptionUnknown
from diwan.webhooks.models import Delivery
from diwan.webhooks.registry import MANAGE

PAGE: Final = 20
ALL: Final = "all"
_SHOWN_ONCE: Final = "partner_secret"


@needs_permission(MANAGE)
@require_GET
def partners(request: HttpRequest) -> HttpResponse:
    """Every subscription with how it stands."""
    actor = actor_of(request)
    stands = queries.standings(actor)
    rows = [{"subscription": row, "stand": stands[row.pk]} for row in queries.subscriptions(actor)]
    return render(request, "desk/partners.html", {**frame(request), "rows": rows})


@needs_permission(MANAGE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new subscription; sent, its secret is shown once on the page that follows."""
    if request.method == "GET":
        return _form(request, {"all_services": False, "all_municipalities": False}, {})
    sent = request.POST
    typed: dict[str, Any] = {
        "name": sent.get("name", "")[:200],
        "url": sent.get("url", "").strip()[:600],
        **{key: sent.getlist(key)[:500] for key in ("events", "services", "municipalities")},
    }
    coverage = actions.Coverage(
        events=tuple(typed["events"]),
        services=tuple(slug for slug in typed["services"] if slug != ALL),
        municipalities=tuple(code for code in typed["municipalities"] if code != ALL),
        all_services=ALL in typed["services"],
        all_municipalities=ALL in typed["municipalities"],
    )
    try:
        made = actions.make_subscription(
            name=typed["name"], url=typed["url"], coverage=coverage, services=[pair[0] for pair in _services("ar")],
            by=actor_of(request),
        )  # fmt: skip
    except FieldErrors as error:
        return _form(request, typed, {key: say(found[0]) for key, found in error.errors.items()}, status=422)
    request.session[_SHOWN_ONCE] = made.pk
    messages.success(request, _("The partner is subscribed. Events go out from now on."))
    return HttpResponseRedirect(reverse("desk:partner", args=[made.pk]))


@needs_permission(MANAGE)
@require_GET
def partner(request: HttpRequest, subscription: int) -> HttpResponse:
    """One subscription: what it covers, what can be done, what was sent (`state`, `below`)."""
    return _shown(request, subscription)


@needs_permission(MANAGE)
@require_POST
def act(request: HttpRequest, subscription: int) -> HttpResponse:
    """Do what the button says (`do`), then back to the page; a refusal is told there."""
    todo = _ACTS.get(request.POST.get("do", ""))
    if todo is None:
        raise Http404
    try:
        told = todo(request, subscription, actor_of(request))
    except SubscriptionUnknown as error:
        raise Http404 from error
    except NotAllowed as error:
        raise PermissionDenied(say(error)) from error
    except DiwanError as error:
        return _shown(request, subscription, refused=say(error), status=422)
    messages.success(request, told)
    ended = request.POST["do"] == "end"
    return HttpResponseRedirect(
        reverse("desk:partners") if ended else reverse("desk:partner", args=[subscription])
    )


def _pause(request: HttpRequest, pk: int, actor: Actor) -> str:
    actions.pause_subscription(subscription_id=pk, by=actor)
    return _("Paused. Nothing is sent until you resume it.")


def _resume(request: HttpRequest, pk: int, actor: Actor) -> str:
    count = actions.resume_subscription(
        subscription_id=pk, missed=request.POST.get("missed") == "1", by=actor
    )
    return _("Resumed.") + (f" {_again(count)}" if count else "")


def _rotate(request: HttpRequest, pk: int, actor: Actor) -> str:
    if request.POST.get("leaked") == "1":
        actions.rotate_secret(subscription_id=pk, overlap=actions.NO_OVERLAP, by=actor)
    else:
        actions.rotate_secret(subscription_id=pk, by=actor)
    request.session[_SHOWN_ONCE] = pk
    return _("The secret was changed. Give the new one to the partner.")


def _test(request: HttpRequest, pk: int, actor: Actor) -> str:
    actions.send_test(subscription_id=pk, by=actor)
    return _("A test is on its way. Load the page again to see whether it arrived.")


def _move(request: HttpRequest, pk: int, actor: Actor) -> str:
    actions.change_address(subscription_id=pk, url=request.POST.get("url", "").strip()[:600], by=actor)
    return _("The address was changed. What waits goes there too.")


def _end(request: HttpRequest, pk: int, actor: Actor) -> str:
    actions.end_subscription(subscription_id=pk, by=actor)
    return _("The subscription has ended.")


def _replay_one(request: HttpRequest, pk: int, actor: Actor) -> str:
    given = request.POST.get("delivery", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0
    actions.replay_delivery(subscription_id=pk, delivery_id=number, by=actor)
    return _again(1)


def _replay(request: HttpRequest, pk: int, actor: Actor) -> str:
    parts = {name: request.POST.get(f"since-{name}", "")[:10] for name in ("year", "month", "day")}
    calendar: hijri.Calendar = "gregorian" if request.POST.get("since-calendar") == "gregorian" else "hijri"
    since = datetime.combine(hijri.parse_date_parts(**parts, calendar=calendar), time(), clock.RIYADH)
    only_dead = request.POST.get("which") != ALL
    return _again(actions.replay_since(subscription_id=pk, since=since, only_dead=only_dead, by=actor))


_ACTS: Final[dict[str, Callable[[HttpRequest, int, Actor], str]]] = {
    "pause": _pause, "resume": _resume, "rotate": _rotate, "test": _test, "move": _move, "end": _end,
    "replay_one": _replay_one, "replay": _replay,
}  # fmt: skip


def _again(count: int) -> str:
    return ngettext("%(count)s event will be sent again.", "%(count)s events will be sent again.", count) % {
        "count": count
    }


def _shown(request: HttpRequest, pk: int, *, refused: str = "", status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    try:
        found = queries.subscription(pk, actor)
    except SubscriptionUnknown as error:
        raise Http404 from error
    state, below = request.GET.get("state", ""), request.GET.get("below", "")
    state = state if state in STATES else ""
    limit = int(below) if below.isascii() and below.isdigit() and len(below) < 18 else None
    rows = list(queries.deliveries(pk, actor, state=state, below=limit)[: PAGE + 1])
    context = {
        **frame(request),
        "subscription": found,
        "stand": queries.standings(actor)[pk],
        "secret": _secret_once(request, pk, actor),
        "events": [event_text(name) for name in found.events],
        "services": _names(found.services, _services(actor.language)),
        "towns": _names(found.municipalities, _towns(actor.language)),
        "states": [(key, _(words)) for key, (words, _kind) in STATES.items()],
        "state": state,
        "rows": [_row(row) for row in rows[:PAGE]],
        "older": f"?state={state}&below={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
        "refused": refused,
        "which": [("dead", _("Only what was given up")), (ALL, _("Everything, also what arrived"))],
        "today": clock.today(),
    }
    return render(request, "desk/partner.html", context, status=status)


def _secret_once(request: HttpRequest, pk: int, actor: Actor) -> str:
    """The secret right after it was made or changed; a second look at the page shows it no more."""
    if request.session.get(_SHOWN_ONCE) != pk:
        return ""
    del request.session[_SHOWN_ONCE]
    return queries.shown_secret(pk, actor)


def _row(row: Delivery) -> dict[str, Any]:
    words, kind = STATES[row.state]
    return {
        "pk": row.pk,
        "identity": queries.identity_shown(row),
        "what": event_text(row.name),
        "subject": queries.subject_shown(row),
        "at": row.at,
        "state": _(words),
        "kind": kind,
        "attempts": row.attempts,
        "why": "" if row.state == Delivery.State.DELIVERED else failure_text(row.error, row.status),
        "next_at": row.next_at if row.state == Delivery.State.WAITING and row.attempts else None,
        "may_replay": row.state != Delivery.State.WAITING,
    }


def _form(
    request: HttpRequest, typed: dict[str, Any], errors: dict[str, str], status: int = 200
) -> HttpResponse:
    language = actor_of(request).language
    context = {
        **frame(request),
        "typed": typed,
        "errors": errors,
        "summary": [(f"id_{key}", text) for key, text in errors.items()],
        "events": [(kind.name, event_text(kind.name), kind.name) for kind in queries.offered_events()],
        "services": [(ALL, _("All services, also those to come")), *_services(language)],
        "towns": [(ALL, _("All municipalities")), *_towns(language)],
        "chosen": {key: typed.get(key, []) for key in ("events", "services", "municipalities")},
    }
    return render(request, "desk/partner_new.html", context, status=status)


def _services(language: str) -> list[tuple[str, str]]:
    cards = search_services(on=clock.today(), applicable=True)
    return [(card.slug, card.name.en if language == "en" else card.name.ar) for card in cards]


def _towns(language: str) -> list[tuple[str, str]]:
    rows = Municipality.objects.filter(valid_to__isnull=True).order_by("sort_key")
    return [(row.code, row.name_en if language == "en" else row.name_ar) for row in rows]


def _names(chosen: list[str], known: list[tuple[str, str]]) -> list[str]:
    names = dict(known)
    return [names.get(key, key) for key in chosen]
