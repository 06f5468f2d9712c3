"""Objecting to the decision that ended a request: what was decided, until when, and the way to begin."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diwan.cases.contests import decision_of
from diwan.cases.errors import CaseNotFound
from diwan.cases.queries import case_for
from diwan.cases.services import service_of
from diwan.kit import numbers
from diwan.kit.errors import DiwanError, InvalidValue
from diwan.people.doors import actor_of, acts_for_residents, needs_account
from diwan.web.apply.starting import begin_objection
from diwan.web.portal import words
from diwan.web.signin.words import say


@needs_account
@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, number: str) -> HttpResponse:
    """Show the decision and the last day, or what else can be done; POST begins the objection's draft."""
    actor = actor_of(request)
    try:
        key = numbers.parse_case_number(number)
        if not acts_for_residents(actor):
            raise CaseNotFound
        case = case_for(key, actor)
    except (InvalidValue, CaseNotFound) as error:
        raise Http404 from error
    decision = decision_of(case)
    if decision is None:
        return HttpResponseRedirect(reverse("portal:case", args=[number]))
    if request.method == "POST":
        try:
            draft = begin_objection(case_id=case.pk, by=actor)
        except DiwanError as error:
            messages.warning(request, say(error))
            return HttpResponseRedirect(reverse("portal:case", args=[number]))
        return HttpResponseRedirect(reverse("apply:resume", args=[draft.pk]))
    service = service_of(case.version_id)
    refused = case.history.filter(state=case.state).exclude(act="decided").order_by("-id").first()
    context = {
        "decision": decision,
        "number": number,
        "shown_number": numbers.show_case_number(case.pk),
        "service_name": service.name(actor.language),
        "service": service,
        "state": words.state_words(case.state)[0],
        "why": words.told_words(refused, service, actor.language) if refused is not None else "",
        "breadcrumb": [
            (_("My requests"), reverse("portal:my_cases")),
            (numbers.show_case_number(case.pk), reverse("portal:case", args=[number])),
            (_("Objection"), ""),
        ],
    }
    return render(request, "portal/object.html", context)
