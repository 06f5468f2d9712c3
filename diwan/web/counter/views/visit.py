"""One visitor from the card to the form: who, consent, what; up to five at once."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diwan.cases.models import Case, Draft
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import compiled_service, search_services
from diwan.kit import clock
from diwan.kit.errors import DiwanError
from diwan.kit.numbers import case_number, show_case_number
from diwan.people.actions import code_waits
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_permission
from diwan.people.registry import FILE
from diwan.web.counter.actions import TooManySlips, begin_application, close_slip, open_slip, take_over
from diwan.web.counter.errors import SlipNotFound
from diwan.web.counter.forms import Typed, read_visitor, typed_visitor
from diwan.web.counter.models import Slip
from diwan.web.counter.papers import CONSENT_CODE, owner_of
from diwan.web.counter.queries import counter_slip, filed_lately, own_slip
from diwan.web.counter.shops import known_shops, licence_for, shop_for
from diwan.web.counter.visitors import IdentityNotValid, NameNeeded, NoSuchPerson
from diwan.web.signin.words import say

CHANNEL = "counter"


@needs_permission(FILE)
@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """A new visitor: identity and mobile. The box for the card has the focus."""
    if request.method == "POST":
        return _identified(request, None)
    return _visitor_page(request, None)


@needs_permission(FILE)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, slip_id: str) -> HttpResponse:
    """Correct who the visitor is, before anything is filed."""
    found = slip_or_404(request, slip_id)
    if request.method == "POST":
        return _identified(request, found)
    return _visitor_page(request, found)


def _identified(request: HttpRequest, found: Slip | None) -> HttpResponse:
    actor, typed = actor_of(request), typed_visitor(request)
    try:
        person, errors = read_visitor(typed, request_id=actor.request_id)
        if person is None:
            return _visitor_page(request, found, typed=typed, errors=errors)
        made = open_slip(person=person, by=actor)
    except NoSuchPerson as error:
        return _visitor_page(request, found, typed=typed, errors={"national_id": say(error)})
    except IdentityNotValid as error:
        return _visitor_page(request, found, typed=typed, errors={"national_id": say(error)})
    except NameNeeded as error:
        return _visitor_page(request, found, typed=typed, errors={"name": say(error)}, asks_name=True)
    except DiwanError as error:
        return _visitor_page(request, found, typed=typed, errors={"": say(error)})
    if found is not None and found.pk != made.pk:
        close_slip(slip_id=found.pk, by=actor)
    return HttpResponseRedirect(reverse("counter:slip", args=[made.pk]))


def _visitor_page(
    request: HttpRequest,
    found: Slip | None,
    *,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    asks_name: bool = False,
) -> HttpResponse:
    problems = errors or {}
    known: dict[str, Any] = {"born": None}
    if found is not None:
        known = {"national_id": found.national_id, "mobile": found.mobile, "born": found.birth_date}
    context: dict[str, Any] = {
        "slip": found,
        "slip_id": found.pk if found else "new",
        "typed": typed or known,
        "errors": problems,
        "summary": [(f"id_{name}" if name else "", text) for name, text in problems.items()],
        "asks_name": asks_name or bool(typed and typed.name),
        "filed": [_filed(case, actor_of(request).language) for case in filed_lately(actor_of(request))],
    }
    return render(request, "counter/visitor.html", context, status=422 if problems else 200)


def _filed(case: Case, language: str) -> dict[str, str]:
    number, who = case_number(case.pk), case.applicant
    return {
        "number": show_case_number(case.pk),
        "name": str(who.get(f"name_{language}") or who.get("name_ar", "")),
        "a4": reverse("apply:slip", args=[number, "a4"]),
        "roll": reverse("apply:slip", args=[number, "80mm"]),
    }


@needs_permission(FILE)
@require_GET
def slip(request: HttpRequest, slip_id: str) -> HttpResponse:
    """What is next for the visitor: consent, then the service; a slip with a draft goes on in the form."""
    found = slip_or_404(request, slip_id, any_of_counter=True)
    if found.position_id not in actor_of(request).position_ids:
        return render(request, "counter/colleague.html", {"slip": found, "slip_id": found.pk})
    if found.draft_id and Draft.objects.filter(pk=found.draft_id).exists():
        return HttpResponseRedirect(reverse("apply:resume", args=[found.draft_id]))
    return slip_page(request, found)


@needs_permission(FILE)
@require_POST
def take(request: HttpRequest, slip_id: str) -> HttpResponse:
    """Take over what a colleague at this counter has begun."""
    found = slip_or_404(request, slip_id, any_of_counter=True)
    try:
        take_over(slip_id=found.pk, by=actor_of(request))
    except TooManySlips as error:
        messages.error(request, say(error))
        return HttpResponseRedirect(reverse("counter:home"))
    return HttpResponseRedirect(reverse("counter:slip", args=[found.pk]))


def slip_page(request: HttpRequest, found: Slip, *, errors: dict[str, str] | None = None) -> HttpResponse:
    """The page of a slip, with what was refused beside its field and what was typed kept."""
    actor, problems = actor_of(request), errors or {}
    context: dict[str, Any] = {
        "slip": found,
        "slip_id": found.pk,
        "name": (found.name_en if actor.language == "en" else "") or found.name_ar,
        "services": _offered(actor) if found.consent else [],
        "shops": known_shops(found) if found.consent else [],
        "errors": problems,
        "summary": [(f"id_{name}" if name else "", text) for name, text in problems.items()],
        "sent": not found.consent
        and code_waits(purpose=CONSENT_CODE, address=found.mobile, binding=owner_of(found)),
        "typed": request.POST,
    }
    return render(request, "counter/slip.html", context, status=422 if problems else 200)


def _offered(actor: Actor) -> list[tuple[str, str]]:
    """Services that are filed at a counter; renewals begin with the licence."""
    today = clock.today()
    found = [compiled_service(card.slug, today) for card in search_services(on=today, applicable=True)]
    return [
        (service.slug, service.name(actor.language))
        for service in found
        if service is not None and CHANNEL in service.definition.channels and service.renewal is None
    ]


@needs_permission(FILE)
@require_POST
def renew(request: HttpRequest, slip_id: str) -> HttpResponse:
    """Renew the licence whose number was typed or scanned."""
    found, actor = slip_or_404(request, slip_id), actor_of(request)
    try:
        entry = licence_for(found, request.POST.get("licence", "")[:300], by=actor)
        draft = begin_application(slip_id=found.pk, entry=entry, by=actor)
    except DiwanError as error:
        return slip_page(request, found, errors={"licence": say(error)})
    return HttpResponseRedirect(reverse("apply:confirm", args=[draft.pk]))


@needs_permission(FILE)
@require_POST
def apply(request: HttpRequest, slip_id: str) -> HttpResponse:
    """Begin a service's form, for the visitor or for an establishment by its commercial register number."""
    found, actor, post = slip_or_404(request, slip_id), actor_of(request), request.POST
    service = compiled_service(post.get("service", "")[:80], clock.today())
    if service is None or CHANNEL not in service.definition.channels or service.renewal is not None:
        return slip_page(request, found, errors={"service": _("Choose the service.")})
    if service.about is not None:
        return _begin_about(request, found, service)
    try:
        shop = None
        if _is_for_business(service):
            shop = shop_for(
                found, cr_number=post.get("cr_number", ""), unified=post.get("unified", ""), by=actor
            )
        draft = begin_application(slip_id=found.pk, service=service, establishment=shop, by=actor)
    except DiwanError as error:
        field = "unified" if error.code == "counter.unified_needed" else "cr_number"
        return slip_page(request, found, errors={field: say(error)})
    return HttpResponseRedirect(reverse("apply:resume", args=[draft.pk]))


def _begin_about(request: HttpRequest, found: Slip, service: CompiledService) -> HttpResponse:
    """Begin a service about the licence whose number was typed or scanned."""
    actor = actor_of(request)
    try:
        entry = licence_for(found, request.POST.get("about", "")[:300], by=actor)
        draft = begin_application(slip_id=found.pk, service=service, entry=entry, by=actor)
    except DiwanError as error:
        return slip_page(request, found, errors={"about": say(error)})
    return HttpResponseRedirect(reverse("apply:resume", args=[draft.pk]))


def _is_for_business(service: CompiledService) -> bool:
    return "business" in service.audiences


@needs_permission(FILE)
@require_POST
def close(request: HttpRequest, slip_id: str) -> HttpResponse:
    """The visitor leaves; a draft stays for some days."""
    found = slip_or_404(request, slip_id)
    close_slip(slip_id=found.pk, by=actor_of(request))
    messages.success(request, _("The slip is closed."))
    return HttpResponseRedirect(reverse("counter:home"))


def slip_or_404(request: HttpRequest, slip_id: str, *, any_of_counter: bool = False) -> Slip:
    """The clerk's open slip, or any of the counter; the usual "not found" for anything else."""
    try:
        return (counter_slip if any_of_counter else own_slip)(slip_id, actor_of(request))
    except SlipNotFound as error:
        raise Http404 from error
