"""What the visitor takes home when something is missing: a checklist on 80 mm paper."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from diwan.cases.actions.drafts import DraftNotFound
from diwan.cases.slips import TELEPHONE
from diwan.documents.contents import DEMO_MARK, HEAD_OFFICE
from diwan.documents.render import render
from diwan.files.serving import disposition
from diwan.forms.showing import message
from diwan.kit import clock
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_permission
from diwan.people.models import Municipality, Position
from diwan.people.registry import FILE
from diwan.web.apply.sheets import Sheet, open_sheet
from diwan.web.counter.views.visit import slip_or_404

TITLE = {"ar": "ما ينقص الطلب", "en": "What is still missing"}


@needs_permission(FILE)
@require_GET
def missing(request: HttpRequest, slip_id: str) -> HttpResponse:
    """The checklist of what is missing in the slip's draft, with the service's address as QR."""
    found, actor = slip_or_404(request, slip_id), actor_of(request)
    try:
        sheet = open_sheet(found.draft_id, actor)
    except DraftNotFound as error:
        raise Http404 from error
    pdf = render(template="slip", data=checklist(sheet, actor), created=clock.now()).pdf
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = disposition("missing.pdf", download=False)
    response["Cache-Control"] = "private, no-store"
    return response


def checklist(sheet: Sheet, by: Actor) -> dict[str, Any]:
    """What the slip prints; see the head of its template."""
    head_office = Municipality.objects.get(code=HEAD_OFFICE)
    post = Position.objects.select_related("unit__municipality").get(pk=by.position_id or 0)
    here, service = post.unit.municipality, sheet.service
    return {
        "title": TITLE,
        "organisation": {"ar": head_office.name_ar, "en": head_office.name_en},
        "municipality": {"ar": here.name_ar, "en": here.name_en},
        "service": {"ar": service.name("ar"), "en": service.name("en")},
        "case_number": "",
        "missing": [
            {"ar": service.label(key, "ar"), "en": service.label(key, "en"), "note": message(problem)}
            for key, problem in sheet.problems().items()
        ],
        "telephone": TELEPHONE,
        "verify_url": _service_url(service.slug),
        "watermark": DEMO_MARK if settings.DIWAN.mark_demo_data else [],
    }


def _service_url(slug: str) -> str:
    try:
        return f"{settings.DIWAN.public_url}{reverse('portal:service', args=[slug])}"
    except NoReverseMatch:
        return settings.DIWAN.public_url
