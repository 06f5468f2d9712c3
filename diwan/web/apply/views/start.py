"""Starting: in which capacity, going on with a draft, or renewing a licence."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diwan.cases.models import Draft
from diwan.cases.queries import drafts_of
from diwan.cases.registry import start_of
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import compiled_service
from diwan.kit import clock
from diwan.kit.errors import DiwanError
from diwan.people.doors import actor_of, needs_account
from diwan.people.models import Account
from diwan.people.queries import Capacity, CapacityNotHeld
from diwan.registers.queries import entry_by_number, may_renew
from diwan.web.apply import starting
from diwan.web.apply.rooms import show
from diwan.web.signin import session as kept
from diwan.web.signin.acting import account_of, load_actor
from diwan.web.signin.words import say


@needs_account
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for whom (`capacity`), then begin a draft. Somebody with one fitting capacity only confirms it."""
    service = compiled_service(slug, clock.today())
    account = account_of(request)
    if (
        service is None
        or not service.applicable
        or account is None
        or "portal" not in service.definition.channels
    ):
        raise Http404
    if start_of(slug):
        return HttpResponseRedirect(reverse(start_of(slug)))
    if service.renewal is not None or service.about is not None:
        return HttpResponseRedirect(reverse("portal:licences"))
    if service.definition.contests is not None:
        return HttpResponseRedirect(reverse("portal:requests"))
    held = _capacities(request, account)
    if request.method == "POST":
        wanted = request.POST.get("capacity", "")
        if wanted and wanted != actor_of(request).capacity and not kept.choose(request, account, wanted):
            return _ask(request, service, held, {"capacity": say(CapacityNotHeld())})
        try:
            draft = starting.begin(service=service, by=load_actor(request))
        except DiwanError as error:
            return _ask(request, service, held, {"capacity": say(error)})
        return HttpResponseRedirect(reverse("apply:resume", args=[draft.pk]))
    return _ask(request, service, held, {})


@needs_account
@require_http_methods(["POST"])
def renew(request: HttpRequest, number: str) -> HttpResponse:
    """Begin renewing a licence: the first of two taps. The capacity follows from who holds it."""
    entry = entry_by_number(number)
    account = account_of(request)
    actor = actor_of(request)
    if entry is None or account is None or not may_renew(entry, actor):
        raise Http404
    if not actor.is_staff:
        wanted = "self" if entry.establishment_id is None else f"establishment:{entry.establishment_id}"
        if wanted != actor.capacity and not kept.choose(request, account, wanted):
            raise Http404
    try:
        draft = starting.begin_renewal(entry=entry, by=load_actor(request))
    except DiwanError as error:
        messages.warning(request, say(error))
        return HttpResponseRedirect(reverse("portal:licences"))
    return HttpResponseRedirect(reverse("apply:confirm", args=[draft.pk]))


@needs_account
@require_http_methods(["POST"])
def about(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """Begin a service about a licence. The capacity follows from who holds it."""
    entry, service = entry_by_number(number), compiled_service(slug, clock.today())
    account, actor = account_of(request), actor_of(request)
    if entry is None or service is None or account is None or not may_renew(entry, actor):
        raise Http404
    if not actor.is_staff:
        wanted = "self" if entry.establishment_id is None else f"establishment:{entry.establishment_id}"
        if wanted != actor.capacity and not kept.choose(request, account, wanted):
            raise Http404
    try:
        draft = starting.begin_about(service=service, entry=entry, by=load_actor(request))
    except DiwanError as error:
        messages.warning(request, say(error))
        return HttpResponseRedirect(reverse("portal:licence", args=[number]))
    return HttpResponseRedirect(reverse("apply:resume", args=[draft.pk]))


def _capacities(request: HttpRequest, account: Account) -> list[Capacity]:
    found = kept.allowed(account, str(request.session.get("factor", kept.CODE)))
    return [held for held in found if held.kind in ("self", "establishment")]


def _ask(
    request: HttpRequest, service: CompiledService, held: list[Capacity], errors: dict[str, str]
) -> HttpResponse:
    actor = actor_of(request)
    arabic = actor.language == "ar"
    fitting = [one for one in held if starting.fits(service, is_establishment=one.kind == "establishment")]
    choices = [
        (
            one.code,
            _("For myself") if one.kind == "self" else (one.title_ar if arabic else one.title_en),
            (actor.name_ar if arabic else actor.name_en)
            if one.kind == "self"
            else (one.detail_ar if arabic else one.detail_en),
        )
        for one in fitting
    ]
    chosen = actor.capacity if actor.capacity in {code for code, *_rest in choices} else ""
    context: dict[str, Any] = {
        "service": service,
        "service_name": service.name(actor.language),
        "choices": choices,
        "chosen": chosen or (choices[0][0] if len(choices) == 1 else ""),
        "drafts": _drafts(request, service),
        "errors": errors,
        "summary": [("id_capacity", text) for text in errors.values()],
        "quiet": service.quiet,
    }
    return show(request, "start", context, status=422 if errors else 200)


def _drafts(request: HttpRequest, service: CompiledService) -> list[Draft]:
    rows = drafts_of(actor_of(request)).filter(version__service__slug=service.slug, amends__isnull=True)
    return list(rows[:5])
