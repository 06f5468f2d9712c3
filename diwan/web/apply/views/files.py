"""Papers: received by script or with the form, removed, and served to whoever may read them."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from diwan.files.errors import NoSuchFile
from diwan.files.queries import uploads_by_id
from diwan.files.serving import serve
from diwan.forms.entry import parse_page
from diwan.forms.raw import Raw
from diwan.kit.errors import DiwanError
from diwan.people.doors import actor_of, needs_account
from diwan.web.apply import papers
from diwan.web.apply.rooms import sheet_or_404
from diwan.web.apply.sheets import Sheet
from diwan.web.signin.words import by_script, say

KEPT = 20


@needs_account
@require_POST
def upload(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Take one file (`file`, `slot`); the same `Idempotency-Key` again answers with the file it brought before."""
    sheet = sheet_or_404(request, draft_id)
    key = request.headers.get("Idempotency-Key", "")[:80]
    known: dict[str, str] = dict(request.session.get("uploads", {}))
    before = uploads_by_id([known[key]], owner=sheet.owner) if key in known else {}
    if before:
        return JsonResponse(papers.as_shown(next(iter(before.values())), draft_id))
    file = request.FILES.get("file")
    if sheet.draft.case_id is not None or not isinstance(file, UploadedFile):
        return JsonResponse({"message": say(NoSuchFile())}, status=404)
    try:
        taken = papers.receive(sheet, request.POST.get("slot", ""), file)
    except NoSuchFile as error:
        return JsonResponse({"message": say(error)}, status=404)
    except DiwanError as error:
        return JsonResponse({"message": say(error), "code": error.code}, status=422)
    if key:
        request.session["uploads"] = dict([*known.items(), (key, taken.pk)][-KEPT:])
    return JsonResponse(papers.as_shown(taken, draft_id), status=201)


@needs_account
@require_POST
def remove(request: HttpRequest, draft_id: str, upload_id: str) -> HttpResponse:
    """Take a paper out of its slot. The button stands inside the form: what was typed beside it is kept."""
    sheet = sheet_or_404(request, draft_id)
    try:
        papers.discard(upload_id, sheet.by)
    except NoSuchFile as error:
        raise Http404 from error
    except DiwanError as error:
        return JsonResponse({"message": say(error)}, status=409)
    if by_script(request):
        return HttpResponse(status=204)
    return HttpResponseRedirect(_keep_typed(request, sheet))


@needs_account
@require_GET
def file(request: HttpRequest, upload_id: str) -> HttpResponseBase:
    """A paper of a draft or case, for whoever may read it; `?download` saves it."""
    try:
        return serve(
            request, upload_id=upload_id, actor=actor_of(request), download="download" in request.GET
        )
    except NoSuchFile as error:
        raise Http404 from error


def _keep_typed(request: HttpRequest, sheet: Sheet) -> str:
    """Save the page that the button was on, and return its address."""
    here = sheet.page(request.POST.get("page", ""))
    if here is None:
        return reverse("apply:resume", args=[sheet.draft.pk])
    read = parse_page(sheet.service.form, here, Raw(request.POST), sheet.values, sheet.context, partial=True)
    own = {field.key for group in here.groups for field in group.fields}
    others = {name: texts for name, texts in sheet.typed.items() if name.split("-")[0] not in own}
    sheet.save(values=read.values, typed={**others, **read.typed}, page=here.key)
    return reverse("apply:page", args=[sheet.draft.pk, here.key])
