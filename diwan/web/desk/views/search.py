"""The one box: a number of any kind leads to its page; words, a name or an identity to the newest cases with them."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from diwan.audit.actions import AccessNote, log_access
from diwan.cases.errors import CaseNotFound
from diwan.cases.models import Case
from diwan.cases.queries import case_for, find_cases
from diwan.cases.services import service_of
from diwan.documents.queries import by_number
from diwan.kit.keyboard import keyboard_unmangle
from diwan.kit.number_box import Kind, Told, tell_apart
from diwan.kit.numbers import case_number, show_case_number
from diwan.payments.queries import bill_by_number
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_staff
from diwan.registers.queries import can_see_entry, entry_by_number
from diwan.web.desk.rows import applicant_name, subject
from diwan.web.desk.views.frame import frame

MOST: Final = 30
LEAST: Final = 2


@needs_staff
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What the typed or scanned text means; a scan typed under the Arabic layout is read back."""
    actor, text = actor_of(request), request.GET.get("q", "").strip()[:120]
    tries = [tell_apart(typed) for typed in dict.fromkeys((text, keyboard_unmangle(text)))]
    for told in tries:
        if _is_licence(told, actor):
            return HttpResponseRedirect(reverse("desk:licence", args=[told.value]))
        case_id = _case_of(told, actor)
        if case_id is not None:
            return HttpResponseRedirect(reverse("desk:case", args=[case_number(case_id)]))
    found: list[dict[str, Any]] = []
    for told in tries:
        found = found or _cases_about(told, actor)
    if found:
        log_access(by=actor, notes=[AccessNote("case", str(row["id"]), "search.person") for row in found])
    context = {
        **frame(request),
        "text": text,
        "found": found,
        "search_query": text,
        "problem": _problem(tries),
    }
    return render(request, "desk/search.html", context, status=200 if found else 404)


def _case_of(told: Told, actor: Actor) -> int | None:
    """The case that a number of a case, document or bill belongs to.

    The page of a case says itself whether it may be seen; a document or bill would tell the number of its case, so it
    leads there only whoever may see it.
    """
    if told.problem is not None:
        return None
    if told.kind == Kind.CASE:
        return told.key
    found = {Kind.DOCUMENT: by_number, Kind.BILL: bill_by_number}.get(told.kind)
    owner = found(told.value) if found is not None else None
    if owner is None:
        return None
    try:
        return int(case_for(owner.case_id, actor).pk)
    except CaseNotFound:
        return None


def _is_licence(told: Told, actor: Actor) -> bool:
    """Whether the number is that of a licence or permit whose page the actor may open."""
    if told.problem is not None or told.kind != Kind.DOCUMENT:
        return False
    entry = entry_by_number(told.value)
    return entry is not None and can_see_entry(actor, entry)


def _problem(tries: list[Told]) -> str:
    numbers = (Kind.CASE, Kind.DOCUMENT, Kind.BILL, Kind.NATIONAL_ID)
    return next((told.kind for told in tries if told.problem is not None and told.kind in numbers), "")


def _cases_about(told: Told, actor: Actor) -> list[dict[str, Any]]:
    """Cases with these words, or of the person or establishment with this number, the newest first."""
    if told.problem is not None or len(told.value) < LEAST:
        return []
    return [_line(case, actor) for case in find_cases(told.value, actor, limit=MOST)]


def _line(case: Case, actor: Actor) -> dict[str, Any]:
    language, service = actor.language, service_of(case.version_id)
    return {
        "id": case.pk,
        "number": show_case_number(case.pk),
        "url": reverse("desk:case", args=[case_number(case.pk)]),
        "service": service.name(language),
        "stage": service.title(case.stage, language),
        "applicant": applicant_name(case, language, outside=actor.entity_id is not None),
        "subject": subject(case, language),
        "opened": case.opened_at,
    }
