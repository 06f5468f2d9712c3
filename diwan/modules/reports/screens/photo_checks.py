"""Photos that wait for somebody to look, before everybody can."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from diwan.audit.actions import AccessNote, log_access
from diwan.files.errors import NoSuchFile
from diwan.files.queries import open_owned
from diwan.files.serving import respond
from diwan.kit import numbers
from diwan.kit.errors import DiwanError
from diwan.modules.reports import types
from diwan.modules.reports.actions import check_photo
from diwan.modules.reports.models import PhotoCheck
from diwan.modules.reports.queries import photos_to_check
from diwan.modules.reports.registry import CHECK_PHOTOS
from diwan.people.doors import actor_of, needs_permission
from diwan.ui.saying import say

AT_ONCE = 12


@needs_permission(CHECK_PHOTOS)
@require_http_methods(["GET", "POST"])
def photos(request: HttpRequest) -> HttpResponse:
    """The oldest first; each is shown or withheld by one button."""
    actor = actor_of(request)
    if request.method == "POST":
        upload_id = request.POST.get("photo", "")[:24]
        try:
            check_photo(upload_id=upload_id, show=request.POST.get("do") == "show", by=actor)
        except DiwanError as error:
            messages.error(request, say(error))
        return HttpResponseRedirect(reverse("reports:photos"))
    waiting = photos_to_check(actor, limit=AT_ONCE + 1)
    context = {
        "waiting": [
            {
                "id": check.upload_id,
                "url": reverse("reports:photo_to_check", args=[check.upload_id]),
                "number": numbers.show_case_number(check.report_id),
                "type": types.called(types.type_row(check.report.type), actor.language),
            }
            for check in waiting[:AT_ONCE]
        ],
        "more": len(waiting) > AT_ONCE,
        "breadcrumb": [(_("Photos for the public"), "")],
    }
    return render(request, "reports/photos.html", context)


@needs_permission(CHECK_PHOTOS)
@require_GET
def photo(request: HttpRequest, upload_id: str) -> HttpResponseBase:
    """One photo that waits, for whoever checks it; the read is noted."""
    actor = actor_of(request)
    check = PhotoCheck.objects.select_related("report").filter(upload_id=upload_id).first()
    if check is None or not actor.reaches(check.report.municipality_id):
        raise Http404
    try:
        opened = open_owned(upload_id, owner=f"case:{check.report_id}")
    except NoSuchFile as error:
        raise Http404 from error
    log_access(by=actor, notes=[AccessNote("upload", upload_id, "reports.photo_to_check")])
    upload = opened.upload
    return respond(
        request, content=opened, name=upload.filename, media_type=upload.media_type, size=upload.size, tag=upload.pk,
        download=False,
    )  # fmt: skip
