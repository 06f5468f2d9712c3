"""Changing what runs: versions of a service, their difference, and where open requests and drafts stand."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diwan.cases.services import service_of
from diwan.cases.version_queries import (
    MOST_JUDGED,
    Judged,
    Target,
    drafts_at,
    judged,
    moves_of,
    open_at,
    open_on,
    open_on_others,
    target_of,
)
from diwan.cases.wording import stays_text
from diwan.catalogue.difference import difference
from diwan.catalogue.models import ServiceVersion
from diwan.catalogue.queries import drafted_slugs, versions_of
from diwan.flow.table import ROUTING, Table
from diwan.forms.plan import in_language
from diwan.kit import clock
from diwan.people.doors import actor_of
from diwan.people.registry import PUBLISH_CATALOGUE
from diwan.web.console.difference_words import told
from diwan.web.console.guards import needs_catalogue

MAP = "map-"
"""Before the name of a step in a form: the step that is meant in the new version."""


@needs_catalogue
@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """Services with open requests on a version that is not in force, and those with a draft of a version."""
    language, several = actor_of(request).language, open_on_others(clock.today())
    drafted = drafted_slugs()
    rows = [
        {
            "slug": slug,
            "name": _name(slug, language),
            "versions": several.get(slug, 0),
            "drafted": slug in drafted,
        }
        for slug in sorted({*several, *drafted})
    ]
    return render(request, "console/changes.html", {"rows": sorted(rows, key=lambda row: str(row["name"]))})


@needs_catalogue
@require_GET
def overview(request: HttpRequest, service: str) -> HttpResponse:
    """The versions of a service with what is open on each, and the record of what was moved."""
    language, rows = actor_of(request).language, versions_or_404(service)
    open_cases, drafts = open_on(service), Counter[int]()
    for found in drafts_at(service):
        drafts[found.version_id] += found.drafts
    here = in_force(rows)
    context = {
        "slug": service, "name": service_of(rows[0].pk).name(language),
        "versions": [
            {
                "row": row, "state": _state(row), "open": open_cases.get(row.pk, 0), "drafts": drafts[row.pk],
                "is_here": here is not None and row.pk == here.pk, "has_difference": _before(rows, row) is not None,
            }
            for row in rows
        ],
        "moves": [
            {"move": one.move, "who": _who(one.move, language), "waiting": one.unfinished,
             **{state: one.counts.get(state, 0) for state in ("moved", "stayed", "returned")}}
            for one in moves_of(service)
        ],
    }  # fmt: skip
    return render(request, "console/change.html", context)


@needs_catalogue
@require_GET
def version(request: HttpRequest, service: str, number: int) -> HttpResponse:
    """A version before or after it is published: the difference, and what is open by where it stands."""
    actor, rows = actor_of(request), versions_or_404(service)
    to, source = pair_or_404(rows, number, request.GET.get("from", ""))
    old, new, language = service_of(source.pk), service_of(to.pk), actor.language
    context: dict[str, Any] = {
        "slug": service, "name": new.name(language), "version": to, "source": source, "state": _state(to),
        "sources": [row for row in rows if row.state == "published" and row.pk != to.pk],
        "parts": told(
            difference(old.definition, new.definition, old.table, new.table), language, old=old.table, new=new.table
        ),
        "drafts": _drafts(service, to.pk, language), "may_move": may_be_moved_to(to) and actor.can(PUBLISH_CATALOGUE),
        "runs": old.table is not None and new.table is not None, "most": MOST_JUDGED,
    }  # fmt: skip
    if old.table is not None and new.table is not None:
        steps = steps_of(request.GET)
        target = target_of(source.pk, to.pk, steps)
        found = judged(target)
        context |= {
            "stand": _stand(service, target, found, language), "open": open_on(service).get(source.pk, 0),
            "movable": sum(1 for one in found if not one.made.reasons), "weighed": len(found),
            "choices": _choices(service, target, language), "query": query_of(source.number, steps),
        }  # fmt: skip
    return render(request, "console/change_version.html", context)


def versions_or_404(service: str) -> list[ServiceVersion]:
    """Every version of the service, the newest first."""
    rows = versions_of(service)
    if not rows:
        raise Http404
    return rows


def pair_or_404(
    rows: list[ServiceVersion], number: int, source: str
) -> tuple[ServiceVersion, ServiceVersion]:
    """The version with this number, and the published one that it is compared with: `source`, else the one in force,
    else the newest before it."""
    to = next((row for row in rows if row.number == number), None)
    if to is None:
        raise Http404
    chosen = next((row for row in rows if str(row.number) == source and row.state == "published"), None)
    found = chosen if source else _before(rows, to)
    if found is None or found.pk == to.pk:
        raise Http404
    return to, found


def in_force(rows: list[ServiceVersion]) -> ServiceVersion | None:
    """The version that holds today."""
    today = clock.today()
    return next(
        (
            row
            for row in rows
            if row.state == "published"
            and row.valid_from is not None
            and row.valid_from <= today
            and (row.valid_to is None or today < row.valid_to)
        ),
        None,
    )


def may_be_moved_to(row: ServiceVersion) -> bool:
    """Whether requests can be moved to the version: it is published and has come into force."""
    return row.state == "published" and row.valid_from is not None and row.valid_from <= clock.today()


def steps_of(given: Mapping[str, str]) -> dict[str, str]:
    """Old step -> the one meant in the new version, as a form sent it."""
    return {name.removeprefix(MAP): value for name, value in given.items() if name.startswith(MAP) and value}


def query_of(number: int, steps: Mapping[str, str]) -> list[tuple[str, str]]:
    """The same as hidden inputs of a form."""
    return [("from", str(number)), *((f"{MAP}{old}", new) for old, new in steps.items())]


def _before(rows: list[ServiceVersion], row: ServiceVersion) -> ServiceVersion | None:
    here = in_force(rows)
    if here is not None and here.pk != row.pk:
        return here
    return next((one for one in rows if one.state == "published" and one.number < row.number), None)


def _stand(service: str, target: Target, found: list[Judged], language: str) -> list[dict[str, Any]]:
    """Steps of the old version at which requests stand: how many, how many can move, and why others stay."""
    fit, reasons = Counter[str](), defaultdict[str, Counter[str]](Counter)
    for one in found:
        for step in set(one.made.steps_before):
            if one.made.reasons:
                reasons[step].update({stays_text(reason.plain(), language) for reason in one.made.reasons})
            else:
                fit[step] += 1
    return [
        {"key": row.step, "title": target.old.title(row.step, language), "open": row.cases, "fit": fit[row.step],
         "reasons": reasons[row.step].most_common()}
        for row in open_at(service)
        if row.version_id == target.old.version_id
    ]  # fmt: skip


def _choices(service: str, target: Target, language: str) -> list[dict[str, Any]]:
    """Steps at which requests stand, or whose doers are barred from others, and which the new version does not have;
    with those that can stand for them."""
    old, new = target.old.flow, target.new.flow
    here = {row.step for row in open_at(service) if row.version_id == target.old.version_id}
    here |= target.separating if here else set()
    gone = [
        key
        for key, step in old.steps.items()
        if key not in new.steps and (key in here or step.kind == "split")
    ]
    return [
        {"name": f"{MAP}{key}", "label": target.old.title(key, language), "value": target.transplant.steps.get(key, ""),
         "options": _alike(new, old.steps[key].kind, target, language)}
        for key in gone
    ]  # fmt: skip


def _alike(table: Table, kind: str, target: Target, language: str) -> list[tuple[str, str]]:
    return [
        (key, target.new.title(key, language))
        for key, step in table.steps.items()
        if step.kind == kind and (kind == "split" or kind not in ROUTING)
    ]


def _drafts(service: str, version_id: int, language: str) -> list[dict[str, Any]]:
    """Drafts of other versions by the page at which they were left."""
    rows = []
    for found in drafts_at(service):
        if found.version_id == version_id:
            continue
        form = service_of(found.version_id)
        page = form.form.page(found.page)
        title = in_language(page.title, language) if page is not None else _drafts_place(found.page)
        rows.append({"title": title, "number": form.number, "drafts": found.drafts})
    return rows


def _drafts_place(page: str) -> str:
    return _("Review and send") if page == "review" else _("At the beginning")


def _state(row: ServiceVersion) -> dict[str, str]:
    today = clock.today()
    if row.state == "draft":
        return {"word": _("Draft"), "sign": "plain"}
    if row.valid_from is not None and row.valid_from > today:
        return {"word": _("Announced"), "sign": "info"}
    if row.valid_to is not None and row.valid_to <= today:
        return {"word": _("Replaced"), "sign": "plain"}
    return {"word": _("Holds now"), "sign": "success"}


def _name(slug: str, language: str) -> str:
    rows = versions_of(slug)
    return service_of(rows[0].pk).name(language) if rows else slug


def _who(move: Any, language: str) -> str:
    return str(move.actor_en if language == "en" else move.actor_ar)
