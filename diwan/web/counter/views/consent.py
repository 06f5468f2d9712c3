"""The visitor agrees: by a code that the clerk reads from the visitor's phone, or on a signed paper."""

from typing import BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diwan.files.actions import receive_upload
from diwan.files.rules import SlotRules
from diwan.kit.errors import DiwanError
from diwan.notify.actions import send_new_code
from diwan.people.actions import check_code
from diwan.people.doors import actor_of, needs_permission
from diwan.people.registry import FILE
from diwan.web.counter.actions import record_consent
from diwan.web.counter.models import Slip
from diwan.web.counter.papers import CONSENT_CODE, SLOT, owner_of
from diwan.web.counter.views.visit import slip_or_404, slip_page
from diwan.web.signin.words import say


@needs_permission(FILE)
@require_POST
def send(request: HttpRequest, slip_id: str) -> HttpResponse:
    """Send a code to the visitor's phone."""
    found = slip_or_404(request, slip_id)
    try:
        send_new_code(
            purpose=CONSENT_CODE,
            address=found.mobile,
            binding=owner_of(found),
            mobile=found.mobile,
            email="",
            language=(get_language() or "ar")[:2],
            template="CONSENT_CODE",
        )
    except DiwanError as error:
        return slip_page(request, found, errors={"code": say(error)})
    return HttpResponseRedirect(reverse("counter:slip", args=[found.pk]))


@needs_permission(FILE)
@require_POST
def give(request: HttpRequest, slip_id: str) -> HttpResponse:
    """Take the code, or the scan of the signed paper."""
    found, actor = slip_or_404(request, slip_id), actor_of(request)
    try:
        if request.POST.get("by") == Slip.Consent.PAPER:
            kind, refused = Slip.Consent.PAPER, _keep_paper(request, found)
            if refused:
                return slip_page(request, found, errors={"paper": refused})
        else:
            kind = Slip.Consent.CODE
            check_code(
                purpose=CONSENT_CODE,
                address=found.mobile,
                binding=owner_of(found),
                code=request.POST.get("code", "")[:20],
            )
    except DiwanError as error:
        field = "paper" if request.POST.get("by") == Slip.Consent.PAPER else "code"
        return slip_page(request, found, errors={field: say(error)})
    record_consent(slip_id=found.pk, kind=kind, by=actor)
    return HttpResponseRedirect(reverse("counter:slip", args=[found.pk]))


def _keep_paper(request: HttpRequest, found: Slip) -> str:
    """Keep the scan; a sentence when there is none."""
    file = request.FILES.get("paper")
    if not isinstance(file, UploadedFile):
        return _("Scan the signed paper first, then attach the file here.")
    receive_upload(
        stream=cast(BinaryIO, file),
        filename=file.name or "consent",
        slot=SLOT,
        rules=SlotRules(),
        owner=owner_of(found),
        by=actor_of(request),
    )
    return ""
