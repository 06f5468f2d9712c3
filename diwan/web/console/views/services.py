"""Services for whoever edits them: all of them, one with its versions, one version as diagram beside its YAML."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from diwan.cases.queries import open_by_step, open_cases, open_drafts
from diwan.catalogue.compiled import load_definition
from diwan.catalogue.models import ServiceVersion
from diwan.catalogue.queries import workshop
from diwan.catalogue.queries.texts import text_of
from diwan.kit import clock
from diwan.people.doors import actor_of
from diwan.people.registry import EDIT_CATALOGUE
from diwan.web.console.drawing import bpmn, picture
from diwan.web.console.guards import needs_catalogue
from diwan.web.console.names import person_name
from diwan.web.console.sandbox_shown import choosable, how_far


@needs_catalogue
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Every service; above it what waits for a second person and what is being written."""
    actor, typed = actor_of(request), request.GET.get("q", "").strip()[:80]
    waiting = [
        {
            "row": row,
            "name": load_definition(row.version).name(actor.language),
            "asker": person_name(row.asked_by, actor.language),
            "is_mine": row.asked_by_id == actor.account_id,
        }
        for row in workshop.publications_waiting()
    ]
    context = {
        "typed": typed, "found": workshop.shelved_services(clock.today(), typed), "waiting": waiting,
        "drafts": [draft_row(row, actor.language) for row in workshop.open_drafts()],
        "may_edit": actor.can(EDIT_CATALOGUE),
    }  # fmt: skip
    return render(request, "console/services.html", context)


@needs_catalogue
@require_GET
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """One service: its versions with how many cases run on each, and its drafts."""
    found = workshop.service_by_slug(slug)
    if found is None:
        raise Http404
    actor, today = actor_of(request), clock.today()
    rows = workshop.versions_of(found)
    ids = [row.pk for row in rows]
    cases, applications = open_cases(ids), open_drafts(ids)
    current = next((row for row in rows if in_force(row)), None)
    name = load_definition(current).name(actor.language) if current is not None else found.slug
    context: dict[str, Any] = {
        "service": found, "name": name, "today": today, "current": current, "may_edit": actor.can(EDIT_CATALOGUE),
        "versions": [
            {"row": row, "cases": cases.get(row.pk, 0), "applications": applications.get(row.pk, 0),
             "in_force": in_force(row)}
            for row in rows
        ],
        "drafts": [draft_row(row, actor.language) for row in workshop.open_drafts(found)],
    }  # fmt: skip
    return render(request, "console/service.html", context)


@needs_catalogue
@require_GET
def version(request: HttpRequest, version: int) -> HttpResponse:
    """A version to read: its diagram with the cases that stand at each step, beside its text."""
    row = version_or_404(version)
    actor, loaded = actor_of(request), load_definition(row)
    context = {
        "row": row, "service": row.service, "name": loaded.name(actor.language), "in_force": in_force(row),
        "picture": picture(loaded.table, actor.language, open_by_step([row.pk]).get(row.pk, {})),
        "try_people": choosable(loaded, actor.language), "how_far": how_far(row, actor.language),
        "text": text_of(row), "may_edit": actor.can(EDIT_CATALOGUE), "rules": True,
    }  # fmt: skip
    return render(request, "console/version.html", context)


@needs_catalogue
@require_GET
def diagram(request: HttpRequest, version: int) -> HttpResponse:
    """The BPMN file of a version, for the diagram of the page and for other tools."""
    table = load_definition(version_or_404(version)).table
    if table is None:
        raise Http404
    answer = HttpResponse(
        bpmn(table, actor_of(request).language), content_type="application/xml; charset=utf-8"
    )
    answer["Content-Disposition"] = f'inline; filename="{table.key}.bpmn"'
    return answer


def version_or_404(version: int) -> ServiceVersion:
    """A version with its service."""
    row = workshop.version_of(version)
    if row is None:
        raise Http404
    return row


def in_force(row: ServiceVersion) -> bool:
    """Whether a version holds today."""
    today = clock.today()
    return (
        row.state == ServiceVersion.State.PUBLISHED and row.valid_from is not None and row.valid_from <= today
        and (row.valid_to is None or today < row.valid_to)
    )  # fmt: skip


def draft_row(row: Any, language: str) -> dict[str, Any]:
    """A draft as a list shows it."""
    return {"row": row, "by": person_name(row.changed_by, language)}
