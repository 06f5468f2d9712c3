"""Photos of the work: sent ahead by script or with the form, removed, and served to whoever may read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO, Final, TypeAlias, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from diwan.cases.actions.save_note import save_note
from diwan.files.actions import discard_upload, receive_upload
from diwan.files.errors import NoSuchFile
from diwan.files.models import Upload
from diwan.files.queries import uploads_by_id
from diwan.files.rules import IMAGE, MEGABYTE, SlotRules
from diwan.files.serving import serve
from diwan.kit.errors import DiwanError
from diwan.modules.reports.papers import AFTER, BEFORE, WORK, work_task
from diwan.modules.reports.screens.typing import typed_content
from diwan.modules.reports.screens.work import case_id_of
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_staff
from diwan.ui.saying import by_script, say

RULES: Final = SlotRules(max_bytes=20 * MEGABYTE, kinds=(IMAGE,), most=5)
SLOTS: Final = (BEFORE, AFTER)
KEPT: Final = 20
"""Keys of uploads that a session remembers, so that one sent again after a break is not doubled."""
Uploaded: TypeAlias = "UploadedFile[bytes]"


class SlotRefused(Exception):
    """A photo that came with the form was refused: beside which field the reason stands."""

    def __init__(self, slot: str, error: DiwanError) -> None:
        super().__init__(slot)
        self.slot = slot
        self.error = error


def keep_posted(request: HttpRequest, case_id: int) -> None:
    """Keep the photos that came with the form, for a browser without scripts. Raises SlotRefused; the others stay."""
    refused: list[SlotRefused] = []
    for slot in SLOTS:
        for file in request.FILES.getlist(slot):
            try:
                _receive(case_id, slot, file, actor_of(request))
            except DiwanError as error:
                refused.append(SlotRefused(slot, error))
    if refused:
        raise refused[0]


def slot_view(uploads: Sequence[Upload], slot: str, number: str) -> list[dict[str, Any]]:
    """The photos of a slot as the file control shows them."""
    return [_shown(upload, number) for upload in uploads if upload.slot == slot]


@needs_staff
@require_POST
def upload(request: HttpRequest, number: str) -> HttpResponse:
    """Take one photo (`file`, `slot`); the same `Idempotency-Key` again answers with the photo it brought before."""
    case_id, actor = case_id_of(number), actor_of(request)
    if work_task(case_id, actor, steps=WORK) is None:
        raise Http404
    key = request.headers.get("Idempotency-Key", "")[:80]
    known: dict[str, str] = dict(request.session.get("uploads", {}))
    before = uploads_by_id([known[key]], owner=f"work:{case_id}") if key in known else {}
    if before:
        return JsonResponse(_shown(next(iter(before.values())), number))
    file, slot = request.FILES.get("file"), request.POST.get("slot", "")
    if not isinstance(file, UploadedFile) or slot not in SLOTS:
        return JsonResponse({"message": say(NoSuchFile())}, status=404)
    try:
        taken = _receive(case_id, slot, file, actor)
    except NoSuchFile as error:
        return JsonResponse({"message": say(error)}, status=404)
    except DiwanError as error:
        return JsonResponse({"message": say(error), "code": error.code}, status=422)
    if key:
        request.session["uploads"] = dict([*known.items(), (key, taken.pk)][-KEPT:])
    return JsonResponse(_shown(taken, number), status=201)


@needs_staff
@require_POST
def remove(request: HttpRequest, number: str, upload_id: str) -> HttpResponse:
    """Take a photo back. The button stands inside the form: what was typed beside it is kept."""
    case_id, actor = case_id_of(number), actor_of(request)
    mine = work_task(case_id, actor, steps=WORK) is not None
    if not mine or upload_id not in uploads_by_id([upload_id], owner=f"work:{case_id}"):
        raise Http404
    discard_upload(upload_id=upload_id, by=actor)
    save_note(case_id=case_id, content=typed_content(request), by=actor)
    if by_script(request):
        return HttpResponse(status=204)
    return HttpResponseRedirect(reverse("reports:work_page", args=[number]) + "#photos")


@needs_staff
@require_GET
def file(request: HttpRequest, number: str, upload_id: str) -> HttpResponseBase:
    """A photo of the report or of the work on it; the read of somebody else's is noted."""
    case_id = case_id_of(number)
    owners = (f"work:{case_id}", f"case:{case_id}")
    if not any(uploads_by_id([upload_id], owner=owner) for owner in owners):
        raise Http404
    try:
        return serve(request, upload_id=upload_id, actor=actor_of(request))
    except NoSuchFile as error:
        raise Http404 from error


def _receive(case_id: int, slot: str, file: Uploaded, actor: Actor) -> Upload:
    return receive_upload(
        stream=cast(BinaryIO, file), filename=file.name or "photo.jpg", slot=slot, rules=RULES,
        owner=f"work:{case_id}", by=actor,
    )  # fmt: skip


def _shown(upload: Upload, number: str) -> dict[str, Any]:
    return {
        "id": upload.pk,
        "name": upload.filename,
        "url": reverse("reports:work_file", args=[number, upload.pk]),
        "remove_url": reverse("reports:work_remove", args=[number, upload.pk]),
    }
