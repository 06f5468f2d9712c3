"""After sending: number, secret, expected date; and the slip to keep, on A4 or 80 mm."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from diwan.cases import secrets, slips
from diwan.cases.errors import CaseNotFound
from diwan.cases.models import Case
from diwan.cases.queries import case_for
from diwan.cases.services import service_of
from diwan.cases.visibility import is_applicant
from diwan.files.serving import disposition
from diwan.kit import numbers
from diwan.kit.errors import InvalidValue
from diwan.people.doors import actor_of, needs_account
from diwan.web.apply.rooms import is_own, sheet_or_404, show


@needs_account
@require_GET
def receipt(request: HttpRequest, draft_id: str) -> HttpResponse:
    """The receipt of a submitted draft; Back and reload show it again."""
    sheet = sheet_or_404(request, draft_id)
    if sheet.draft.case_id is None:
        return HttpResponseRedirect(reverse("apply:resume", args=[draft_id]))
    if sheet.draft.part:
        number = numbers.case_number(sheet.draft.case_id)
        return HttpResponseRedirect(reverse("portal:party", args=[number]))
    if is_own(sheet.draft):
        return HttpResponseRedirect(
            reverse("desk:my_request", args=[numbers.case_number(sheet.draft.case_id)])
        )
    case = Case.objects.select_related("municipality").get(pk=sheet.draft.case_id)
    number = numbers.case_number(case.pk)
    language = actor_of(request).language
    context = {
        "case": case,
        "number": number,
        "shown_number": numbers.show_case_number(case.pk),
        "secret": numbers.show_secret_8(secrets.digits_of(case.pk, case.secret_generation)),
        "service": sheet.service,
        "draft": sheet.draft,
        "service_name": sheet.service.name(language),
        "stage": sheet.service.public(case.stage, language),
        "case_url": reverse("portal:case", args=[number]),
        "a4_url": reverse("apply:slip", args=[number, slips.A4]),
        "roll_url": reverse("apply:slip", args=[number, slips.ROLL]),
        "quiet": sheet.service.quiet,
    }
    return show(request, "receipt", context)


@needs_account
@require_GET
def slip(request: HttpRequest, number: str, paper: str) -> HttpResponse:
    """The slip as PDF with the secret of following, for the applicant and the post that filed it."""
    if paper not in slips.PAPERS:
        raise Http404
    try:
        case = case_for(numbers.parse_case_number(number), actor_of(request))
    except (InvalidValue, CaseNotFound) as error:
        raise Http404 from error
    if not is_applicant(actor_of(request), case):
        raise Http404
    pdf = slips.receipt_pdf(case=case, service=service_of(case.version_id), by=actor_of(request), paper=paper)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = disposition(f"{number}-{paper}.pdf", download=False)
    response["Cache-Control"] = "private, no-store"
    return response
