"""What employees ask for themselves: what there is, what they have asked for, and one request in full."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diwan.cases.actions.begin_completion import begin_completion
from diwan.cases.actions.choose import choose
from diwan.cases.actions.withdraw import withdraw
from diwan.cases.errors import CaseNotFound
from diwan.cases.models import Case, CheckResult, Draft, OpenTask
from diwan.cases.queries import CasePage, case_page
from diwan.cases.services import service_of
from diwan.cases.visibility import is_own
from diwan.catalogue.queries import staff_service, staff_services, staff_slugs
from diwan.kit import clock, numbers
from diwan.kit.errors import DiwanError
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_staff
from diwan.web.apply.starting import begin_own
from diwan.web.desk.answers import Sheet
from diwan.web.desk.steps import in_words, reason_words
from diwan.web.desk.story import history_views, holder_line
from diwan.web.desk.views.frame import case_id_of, frame
from diwan.web.signin.words import say

SHOWN = 50
WAITING = ("returned", "resolved")
"""States in which the employee has to do something."""
COMPLETE, WITHDRAW = "complete", "withdraw"


@needs_staff
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The services for employees, drafts under way, and the own requests, the newest first."""
    actor = _at_a_post(request)
    rows = Case.objects.filter(
        account_id=actor.account_id or 0, establishment__isnull=True, service__in=staff_slugs()
    ).order_by("-pk")[:SHOWN]
    drafts = Draft.objects.filter(
        account_id=actor.account_id or 0, channel="desk", case_id__isnull=True, expires_at__gt=clock.now()
    ).order_by("-saved_at")
    context = {
        **frame(request),
        "at": "mine",
        "services": [
            {"slug": one.slug, "name": one.name(actor.language), "summary": one.summary(actor.language)}
            for one in staff_services(clock.today())
        ],
        "drafts": [
            {"id": one.pk, "name": service_of(one.version_id).name(actor.language), "saved": one.saved_at}
            for one in drafts
        ],
        "rows": [_row(case, actor.language) for case in rows],
        "for_oneself": not actor.on_behalf_of,
    }
    return render(request, "desk/mine.html", context)


@needs_staff
@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a request of one's own, or go on with the draft under way."""
    actor = _at_a_post(request)
    service = staff_service(slug, clock.today())
    if service is None:
        raise Http404
    try:
        draft = begin_own(service=service, by=actor)
    except DiwanError as error:
        messages.warning(request, say(error))
        return HttpResponseRedirect(reverse("desk:mine"))
    return HttpResponseRedirect(reverse("apply:resume", args=[draft.pk]))


@needs_staff
@require_GET
def page(request: HttpRequest, number: str) -> HttpResponse:
    """One request of one's own; 404 for any other number."""
    actor = _at_a_post(request)
    return _drawn(request, _own(number, actor), actor)


@needs_staff
@require_POST
def act(request: HttpRequest, number: str) -> HttpResponse:
    """What the request asks of the employee: complete it, choose, or withdraw it."""
    actor = _at_a_post(request)
    found = _own(number, actor)
    key, outcome = found.case.pk, request.POST.get("outcome", "")[:60]
    note = request.POST.get("note", "").strip()[:1000]
    try:
        if outcome == COMPLETE:
            draft = begin_completion(case_id=key, by=actor)
            return HttpResponseRedirect(reverse("apply:resume", args=[draft.pk]))
        if outcome == WITHDRAW:
            withdraw(case_id=key, note=note, by=actor)
        else:
            choose(case_id=key, outcome=outcome, note=note, by=actor)
    except DiwanError as error:
        return _drawn(request, _own(number, actor), actor, problem=say(error), status=422)
    messages.success(request, _("Done."))
    return HttpResponseRedirect(reverse("desk:my_request", args=[number]))


def _at_a_post(request: HttpRequest) -> Actor:
    """Whoever sits at a post; an outside body has no requests of this kind."""
    actor = actor_of(request)
    if not actor.is_staff:
        raise PermissionDenied
    return actor


def _own(number: str, actor: Actor) -> CasePage:
    try:
        found = case_page(case_id_of(number), actor)
    except CaseNotFound as error:
        raise Http404 from error
    if found.case.service not in staff_slugs() or not is_own(actor, found.case):
        raise Http404
    return found


def _row(case: Case, language: str) -> dict[str, Any]:
    service = service_of(case.version_id)
    number = numbers.case_number(case.pk)
    word, kind = state_words(case.state)
    return {
        "number": numbers.show_case_number(case.pk),
        "url": reverse("desk:my_request", args=[number]),
        "service": service.name(language),
        "stage": service.title(case.stage, language) if case.closed_at is None else "",
        "state": word,
        "kind": kind,
        "opened": case.opened_at,
    }


def _drawn(
    request: HttpRequest, found: CasePage, actor: Actor, *, problem: str = "", status: int = 200
) -> HttpResponse:
    case, service, language = found.case, found.service, actor.language
    word, kind = state_words(case.state)
    context = {
        **frame(request),
        "at": "mine",
        "case": case,
        "address": numbers.case_number(case.pk),
        "number": numbers.show_case_number(case.pk),
        "service_name": service.name(language),
        "state": word,
        "kind": kind,
        "stage": service.public(case.stage, language),
        "holder": holder_line(found, language),
        "asked": any(task.kind == OpenTask.Kind.APPLICANT for task in found.tasks),
        "todo": _todo(found, language),
        "choices": _choices(found, language),
        "may_withdraw": _may_withdraw(found),
        "groups": Sheet(found, language).groups(),
        "entries": history_views(_public(found), language, plain=True),
        "problem": problem,
        "note": request.POST.get("note", ""),
    }
    return render(request, "desk/my_request.html", context, status=status)


def state_words(state: str) -> tuple[str, str]:
    """A state in a word for whoever asked, and the kind of tag it gets."""
    if state in WAITING:
        return _("Waits for you"), "warning"
    words = {
        "under_review": (_("Under way"), "plain"),
        "approved": (_("Approved"), "success"),
        "rejected": (_("Rejected"), "error"),
        "cancelled": (_("Cancelled"), "plain"),
        "withdrawn": (_("Withdrawn"), "plain"),
        "closed": (_("Closed"), "plain"),
    }
    return words.get(state, (_("Under way"), "plain"))


def _todo(found: CasePage, language: str) -> list[dict[str, str]]:
    """What is to be mended: remarks of an officer, and what the books say against it with what to do."""
    items = []
    for remark in found.remarks:
        if remark.round == found.case.round:
            items.append(
                {
                    "label": found.service.label(remark.field, language),
                    "text": " · ".join([*reason_words([remark.reason], language), remark.note]),
                }
            )
    for result in found.checks:
        check = found.service.check(result.code)
        if (
            check is not None
            and result.state == CheckResult.State.FAILED
            and result.round == found.case.round
        ):
            items.append(
                {
                    "label": in_words(check.name, language),
                    "text": " ".join(
                        filter(None, (in_words(check.text, language), in_words(check.fix, language)))
                    ),
                }
            )
    return items


def _choices(found: CasePage, language: str) -> list[dict[str, Any]]:
    """The ways between which the employee may choose now."""
    waiting = next((task for task in found.tasks if task.kind == OpenTask.Kind.CHOICE), None)
    if waiting is None:
        return []
    exits = found.service.flow.steps[waiting.step].exits
    return [
        {"key": key, "label": in_words(exit_.label, language), "plain": exit_.effect == "reject"}
        for key, exit_ in exits.items()
        if exit_.label is not None
    ]


def _may_withdraw(found: CasePage) -> bool:
    rule = found.service.flow.withdraw
    return rule is not None and found.case.closed_at is None and found.case.stage in rule.allowed_in


def _public(found: CasePage) -> CasePage:
    """The file with those acts alone that whoever asked is shown."""
    return replace(found, history=[row for row in found.history if row.public])
