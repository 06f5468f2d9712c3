"""Photos, place, words, voice: the one page on which a report is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diwan.cases.actions.drafts import DraftNotFound
from diwan.files.actions import discard_upload
from diwan.files.errors import NoSuchFile
from diwan.files.queries import uploads_by_id
from diwan.files.serving import serve
from diwan.forms.entry import Read, parse_page, raw_from_values
from diwan.forms.raw import Raw
from diwan.forms.showing import LOOK, field_view, slot_views
from diwan.forms.showing import summary as summary_of
from diwan.kit import clock
from diwan.kit.errors import DiwanError, Problem
from diwan.modules.reports import types
from diwan.modules.reports.screens.asking import go_on
from diwan.modules.reports.screens.sheet import Sheet, sheet_or_404
from diwan.people.doors import actor_of
from diwan.ui.saying import by_script, say

KEPT = 20


@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Show what is asked; keep what was typed, look a street up, or go on to what is near."""
    sheet = sheet_or_404(request, draft_id)
    if sheet.draft.case_id is not None:
        return HttpResponseRedirect(reverse("reports:receipt", args=[draft_id]))
    if request.method == "GET":
        return _shown(request, sheet)
    raw = Raw(request.POST)
    if raw.has(LOOK):
        return _shown(request, sheet, looking=raw, values=_read(sheet, raw, partial=True).values)
    dropping = any(name.endswith("-drop") for name in request.POST)
    read = _read(sheet, raw, partial=dropping)
    refused = sheet.receive_posted(request)
    problems = {**read.problems, **refused}
    if not dropping:
        problems = {**sheet.lacking(read.values), **problems}
    sheet.save(read.values, read.typed, page="details")
    if dropping or problems:
        return _shown(request, sheet, problems=problems, status=422 if problems else 200)
    return go_on(request, sheet)


@require_POST
def autosave(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Keep what is typed; answers `{"saved_at": "10:42"}`."""
    sheet = sheet_or_404(request, draft_id)
    read = _read(sheet, Raw(request.POST), partial=True)
    try:
        sheet.save(read.values, read.typed, page="details")
    except DraftNotFound as error:
        return JsonResponse({"message": say(error)}, status=409)
    return JsonResponse({"saved_at": f"{clock.local(clock.real_now()):%H:%M}"})


@require_POST
def upload(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Take one file (`file`, `slot`); the same `Idempotency-Key` again answers with the file it brought before."""
    sheet = sheet_or_404(request, draft_id)
    key = request.headers.get("Idempotency-Key", "")[:80]
    known: dict[str, str] = dict(request.session.get("uploads", {}))
    before = uploads_by_id([known[key]], owner=sheet.owner) if key in known else {}
    if before:
        return JsonResponse(sheet.as_shown(next(iter(before.values()))))
    file = request.FILES.get("file")
    try:
        if not isinstance(file, UploadedFile):
            raise NoSuchFile
        taken = sheet.receive(request.POST.get("slot", ""), file)
    except NoSuchFile as error:
        return JsonResponse({"message": say(error)}, status=404)
    except DiwanError as error:
        return JsonResponse({"message": say(error), "code": error.code}, status=422)
    if key:
        request.session["uploads"] = dict([*known.items(), (key, taken.pk)][-KEPT:])
    return JsonResponse(sheet.as_shown(taken), status=201)


@require_POST
def remove(request: HttpRequest, draft_id: str, upload_id: str) -> HttpResponse:
    """Take a photo or the voice note away again; what was typed beside it is kept."""
    sheet = sheet_or_404(request, draft_id)
    try:
        discard_upload(upload_id=upload_id, by=sheet.by)
    except NoSuchFile as error:
        raise Http404 from error
    except DiwanError as error:
        return JsonResponse({"message": say(error)}, status=409)
    if by_script(request):
        return HttpResponse(status=204)
    read = _read(sheet, Raw(request.POST), partial=True)
    sheet.save(read.values, read.typed, page="details")
    return HttpResponseRedirect(reverse("reports:details", args=[draft_id]))


@require_GET
def file(request: HttpRequest, draft_id: str, upload_id: str) -> HttpResponseBase:
    """A photo or the voice note of the draft, for whoever tells it."""
    sheet = sheet_or_404(request, draft_id)
    try:
        return serve(request, upload_id=upload_id, actor=sheet.by)
    except NoSuchFile as error:
        raise Http404 from error


def _read(sheet: Sheet, raw: Raw, *, partial: bool) -> Read:
    return parse_page(sheet.service.form, sheet.page, raw, sheet.values, sheet.context, partial=partial)


def _shown(
    request: HttpRequest, sheet: Sheet, *, problems: Mapping[str, Problem] | None = None, looking: Raw | None = None,
    values: Mapping[str, Any] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    language = actor_of(request).language
    found, form = problems or {}, sheet.service.form
    asked = [field for group in sheet.page.groups for field in group.fields]
    answers = sheet.values if values is None else values
    raw = looking or raw_from_values(asked, answers, dict(sheet.draft.typed))
    fields = {
        field.key: field_view(field, raw, answers.get(field.key), sheet.context, language, found, {})
        for field in asked
    }
    slots = slot_views(
        form, sheet.page, sheet.values, sheet.context, language, files=sheet.files(), problems=found
    )
    context: dict[str, Any] = {
        "sheet": sheet,
        "draft": sheet.draft,
        "type": types.offered(sheet.row, language),
        "fields": fields,
        "slots": {slot.key: slot for slot in slots},
        "errors": [(line.id, line.text) for line in summary_of(form, found, language)],
        "has_map": "place" in fields,
        "upload_url": reverse("reports:draft_upload", args=[sheet.draft.pk]),
        "districts_url": reverse("apply:districts"),
        "streets_url": reverse("apply:streets"),
        "breadcrumb": [
            (_("Report a problem"), reverse("reports:new")),
            (types.called(sheet.row, language), ""),
        ],
        "quiet": bool(sheet.row.data.get("quiet")),
        "nav_at_side": True,
    }
    return render(request, "reports/details.html", context, status=status)
