"""The page of one licence at the desk, and an officer's decisions on it: suspend, lift, revoke."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diwan.audit.actions import AccessNote, log_access
from diwan.cases.models import Case
from diwan.cases.services import service_of
from diwan.cases.visibility import can_see
from diwan.catalogue.queries import lookup
from diwan.documents.queries import by_number
from diwan.kit import clock, numbers
from diwan.kit.errors import DiwanError
from diwan.payments.queries import bills_of
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_staff
from diwan.registers import story
from diwan.registers.actions import Ground, close_entry, lift_suspension, suspend_entry
from diwan.registers.errors import EntryActForbidden, EntryUnknown
from diwan.registers.models import RegisterEntry
from diwan.registers.queries import EntryPage, entry_page, standing_of
from diwan.registers.registry import MAY_REVOKE, MAY_SUSPEND
from diwan.registers.story import standing_words
from diwan.registers.telling import title_of
from diwan.web.desk.rows import applicant_name
from diwan.web.desk.views.frame import frame
from diwan.web.signin.refusals import note_refused
from diwan.web.signin.words import say

RUNNING: Final = ("active", "suspended")


@needs_staff
@require_GET
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one licence: standing, holder, permits, requests, documents, bills, history in words."""
    return draw(request, number)


def draw(request: HttpRequest, number: str, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The page, with the reason of a refusal and what was typed."""
    actor = actor_of(request)
    found = _found(number, actor)
    log_access(by=actor, notes=[AccessNote("entry", str(found.entry.pk), "desk.licence")])
    cases = [case for case in found.cases if can_see(actor, case)]
    context = {
        **frame(request),
        **_about(found, actor.language),
        **_powers(found.entry, actor),
        "cases": [_case(case, actor.language) for case in cases],
        "bills": [bill for case in cases for bill in bills_of(case.pk).prefetch_related(None)],
        "problem": problem,
        "typed": request.POST,
    }
    return render(request, "desk/licence.html", context, status=status)


def _found(number: str, actor: Actor) -> EntryPage:
    try:
        return entry_page(number, actor)
    except EntryUnknown as error:
        note_refused(actor, object_type="entry", object_id=0, why=error.code)
        raise Http404 from error


def _about(found: EntryPage, language: str) -> dict[str, Any]:
    entry = found.entry
    applicant = entry.data.get("applicant", {})
    answers = entry.data.get("answers", {})
    arabic = language == "ar"
    district = entry.district
    return {
        "entry": entry,
        **summary(entry, language),
        "name": answers.get("trade_name_ar" if arabic else "trade_name_en", ""),
        "holder": applicant.get(f"establishment_{language}") or applicant.get(f"name_{language}", ""),
        "person": applicant.get(f"name_{language}", ""),
        "place": " · ".join(
            (each.name_ar if arabic else each.name_en)
            for each in (entry.municipality, district)
            if each is not None
        ),
        "document": by_number(entry.number),
        "parent": None if entry.parent is None else summary(entry.parent, language),
        "former": None if entry.replaces is None else summary(entry.replaces, language),
        "successor": None if found.successor is None else summary(found.successor, language),
        "permits": [summary(permit, language) for permit in found.permits],
        "entries": [
            {
                "what": story.what(made),
                "who": story.who(made, language),
                "when": made.at,
                "note": " · ".join(story.why(made, language)),
            }
            for made in found.changes
        ],
    }


def summary(entry: RegisterEntry, language: str) -> dict[str, Any]:
    """What every mention of an entry says."""
    word, kind = standing_words(standing_of(entry, on=clock.today()))
    return {
        "number": entry.number,
        "shown": numbers.show_document_number(entry.number),
        "title": title_of(entry, language),
        "state": word,
        "kind": kind,
        "valid_to": entry.valid_to,
    }


def _powers(entry: RegisterEntry, actor: Actor) -> dict[str, Any]:
    """The decisions that the actor can take on the entry now, with the reasons and articles to choose from."""
    reaches = actor.reaches(entry.municipality_id)
    running = entry.status in RUNNING
    may_suspend = reaches and actor.can(MAY_SUSPEND)
    return {
        "may_suspend": may_suspend and entry.status == RegisterEntry.Status.ACTIVE,
        "may_lift": may_suspend and entry.status == RegisterEntry.Status.SUSPENDED,
        "may_revoke": reaches and actor.can(MAY_REVOKE) and running,
        "suspend_reasons": _reasons("suspend", actor.language),
        "revoke_reasons": _reasons("revoke", actor.language),
        "articles": [
            (row.code, row.name.ar if actor.language == "ar" else row.name.en)
            for row in lookup("articles", clock.today())
        ],
    }


def _reasons(effect: str, language: str) -> list[tuple[str, str]]:
    rows = [row for row in lookup("reasons", clock.today()) if row.data.get("effect") == effect]
    return [(row.code, row.name.ar if language == "ar" else row.name.en) for row in rows]


def _case(case: Case, language: str) -> dict[str, Any]:
    service = service_of(case.version_id)
    return {
        "number": numbers.show_case_number(case.pk),
        "url": reverse("desk:case", args=[numbers.case_number(case.pk)]),
        "service": service.name(language),
        "stage": service.title(case.stage, language),
        "applicant": applicant_name(case, language),
        "opened": case.opened_at,
    }


@needs_staff
@require_POST
def suspend(request: HttpRequest, number: str) -> HttpResponse:
    """Suspend the licence and its permits."""
    return _decide(
        request, number, lambda entry, ground, by: suspend_entry(entry_id=entry, ground=ground, by=by),
        _("The licence is suspended; its holder is told."),
    )  # fmt: skip


@needs_staff
@require_POST
def lift(request: HttpRequest, number: str) -> HttpResponse:
    """Lift the suspension."""
    return _decide(
        request, number, lambda entry, ground, by: lift_suspension(entry_id=entry, ground=ground, by=by),
        _("The suspension is lifted; the holder is told."),
    )  # fmt: skip


@needs_staff
@require_POST
def revoke(request: HttpRequest, number: str) -> HttpResponse:
    """Revoke the licence and its permits for good."""
    return _decide(
        request, number,
        lambda entry, ground, by: close_entry(entry_id=entry, to="revoked", ground=ground, by=by),
        _("The licence is revoked; its holder is told."),
    )  # fmt: skip


def _decide(
    request: HttpRequest, number: str, run: Callable[[int, Ground, Actor], object], done: str
) -> HttpResponse:
    actor, post = actor_of(request), request.POST
    entry = _found(number, actor).entry
    ground = Ground(
        reasons=tuple(code[:40] for code in post.getlist("reasons") if code),
        article=post.get("article", "")[:40],
        note=post.get("note", "").strip()[:2000],
    )
    try:
        run(entry.pk, ground, actor)
    except DiwanError as error:
        if isinstance(error, EntryActForbidden):
            note_refused(actor, object_type="entry", object_id=entry.pk, why=error.code)
        return draw(
            request, number, problem=say(error), status=403 if isinstance(error, EntryActForbidden) else 422
        )
    messages.success(request, done)
    return HttpResponseRedirect(reverse("desk:licence", args=[number]))
