"""Before a report is filed: what is known near it, and who reports; then its receipt."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from diwan.cases import secrets, slips
from diwan.cases.actions.drafts import name_visitor
from diwan.cases.models import Case
from diwan.files.serving import disposition
from diwan.kit import ids, numbers
from diwan.kit.arabic import clean_input
from diwan.kit.errors import DiwanError, FieldErrors
from diwan.modules.reports import types, words
from diwan.modules.reports.actions import follow_report
from diwan.modules.reports.actions.file_draft import file_draft
from diwan.modules.reports.actions.file_report import refuse_too_many
from diwan.modules.reports.errors import ReportNotFound
from diwan.modules.reports.queries import Near, public_photos, similar_near
from diwan.modules.reports.screens.sheet import Sheet, remember, remembered, sheet_or_404
from diwan.notify.actions import send_new_code
from diwan.people.actions import check_code, count_attempt
from diwan.people.doors import actor_of
from diwan.ui.callers import client_address
from diwan.ui.saying import problems, say

PURPOSE: Final = "report"
CODES: Final = 60
"""Codes asked for from one address in a quarter of an hour."""
NAMELESS: Final = 10
"""Reports without a number from one address in an hour."""
FOLLOW, FRESH = "follow", "fresh"


def go_on(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """To what is near, if that was not asked yet; else to whoever reports."""
    if FRESH not in remembered(request, sheet.draft.pk) and _near(sheet):
        return HttpResponseRedirect(reverse("reports:similar", args=[sheet.draft.pk]))
    return _to_person(request, sheet)


@require_http_methods(["GET", "POST"])
def similar(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Open reports of the same thing near by: follow one of them (`follow`), or report anew."""
    sheet = _open_sheet(request, draft_id)
    if isinstance(sheet, HttpResponse):
        return sheet
    near = _near(sheet)
    if request.method == "POST":
        chosen = request.POST.get("follow", "")
        if chosen and chosen not in {str(one.report.pk) for one in near}:
            raise Http404
        remember(request, draft_id, **{FRESH: True, FOLLOW: chosen})
        return _to_person(request, sheet)
    if not near:
        return _to_person(request, sheet)
    language = actor_of(request).language
    context = {
        "near": [_known(one, language) for one in near],
        "type": types.offered(sheet.row, language),
        **_frame(sheet, language),
    }  # fmt: skip
    return render(request, "reports/similar.html", context)


@require_http_methods(["GET", "POST"])
def who(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Mobile number and, if wanted, a name; or no name at all where the type allows it."""
    sheet = _open_sheet(request, draft_id)
    if isinstance(sheet, HttpResponse):
        return sheet
    if sheet.by.account_id is not None:
        return _finished(request, sheet) if request.method == "POST" else _person(request, sheet)
    if request.method == "GET":
        return _person(request, sheet)
    if request.POST.get("do") == "nameless":
        return _nameless(request, sheet)
    typed = {
        "mobile": request.POST.get("mobile", "")[:40],
        "name": clean_input(request.POST.get("name", ""))[:80],
    }
    try:
        mobile = ids.mobile(typed["mobile"])
        if not _follows(request, sheet):
            refuse_too_many(mobile)
        remember(request, draft_id, mobile=mobile, name=typed["name"].strip())
        _send(request, sheet)
    except DiwanError as error:
        return _person(request, sheet, typed=typed, errors={"mobile": say(error)})
    return HttpResponseRedirect(reverse("reports:code", args=[draft_id]))


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, draft_id: str) -> HttpResponse:
    """The code that was sent: proves the number, and files the report or follows the one that is there."""
    sheet = _open_sheet(request, draft_id)
    if isinstance(sheet, HttpResponse):
        return sheet
    told = remembered(request, draft_id)
    mobile = str(told.get("mobile", ""))
    if not mobile:
        return HttpResponseRedirect(reverse("reports:who", args=[draft_id]))
    if request.method == "GET":
        return _code_page(request, sheet, mobile)
    try:
        if "again" in request.GET:
            _send(request, sheet)
            return _code_page(request, sheet, mobile, sent_again=True)
        typed = request.POST.get("code", "")[:20]
        check_code(purpose=PURPOSE, address=mobile, binding=_binding(sheet), code=typed)
    except DiwanError as error:
        return _code_page(request, sheet, mobile, errors={"code": say(error)})
    name_visitor(
        draft_id=draft_id, visitor={"mobile": mobile, "name_ar": str(told.get("name", ""))}, by=sheet.by
    )
    return _finished(request, sheet)


@require_GET
def receipt(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Number, code and expected time of what was filed; Back and reload show it again."""
    sheet = sheet_or_404(request, draft_id)
    if sheet.draft.case_id is None:
        return HttpResponseRedirect(reverse("reports:details", args=[draft_id]))
    case = Case.objects.select_related("municipality").get(pk=sheet.draft.case_id)
    language = actor_of(request).language
    context = {
        "case": case,
        "shown_number": numbers.show_case_number(case.pk),
        "secret": numbers.show_secret_8(secrets.digits_of(case.pk, case.secret_generation)),
        "type": types.offered(sheet.row, language),
        "report_url": words.report_url(case),
        "nameless": not (case.applicant.get("mobile") or case.applicant.get("email")),
        **_frame(sheet, language),
    }
    return render(request, "reports/receipt.html", context)


@require_GET
def slip(request: HttpRequest, draft_id: str, paper: str) -> HttpResponse:
    """The slip of the report as PDF, on A4 or 80 mm."""
    sheet = sheet_or_404(request, draft_id)
    if sheet.draft.case_id is None or paper not in slips.PAPERS:
        raise Http404
    case = Case.objects.select_related("municipality").get(pk=sheet.draft.case_id)
    pdf = slips.receipt_pdf(case=case, service=sheet.service, by=sheet.by, paper=paper)
    response = HttpResponse(pdf, content_type="application/pdf")
    number = numbers.case_number(case.pk)
    response["Content-Disposition"] = disposition(f"{number}-{paper}.pdf", download=False)
    response["Cache-Control"] = "private, no-store"
    return response


def _open_sheet(request: HttpRequest, draft_id: str) -> Sheet | HttpResponse:
    """The sheet of a report that is not filed yet and says what it has to; else where to go instead."""
    sheet = sheet_or_404(request, draft_id)
    if sheet.draft.case_id is not None:
        return HttpResponseRedirect(reverse("reports:receipt", args=[draft_id]))
    if sheet.lacking(sheet.values):
        return HttpResponseRedirect(reverse("reports:details", args=[draft_id]))
    return sheet


def _near(sheet: Sheet) -> list[Near]:
    pin = sheet.draft.data.get("place")
    if not pin:
        return []
    group = str(sheet.row.data.get("group") or "")
    return similar_near(
        lat=float(pin["lat"]), lng=float(pin["lng"]), kind=sheet.row.code, group=group, limit=3
    )


def _to_person(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Whoever is signed in has said enough."""
    if sheet.by.account_id is not None and request.method == "POST":
        return _finished(request, sheet)
    return HttpResponseRedirect(reverse("reports:who", args=[sheet.draft.pk]))


def _follows(request: HttpRequest, sheet: Sheet) -> str:
    return str(remembered(request, sheet.draft.pk).get(FOLLOW) or "")


def _nameless(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    key = f"report-nameless:{client_address(request)}"
    try:
        count_attempt(key=key, limit=NAMELESS, window=timedelta(hours=1)).require()
    except DiwanError as error:
        return _person(request, sheet, errors={"": say(error)})
    return _finished(request, sheet)


def _finished(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """File the report, or follow the one that was chosen."""
    follows = _follows(request, sheet)
    try:
        if follows:
            return _followed(request, sheet, int(follows))
        file_draft(draft_id=sheet.draft.pk, by=sheet.by)
    except FieldErrors:
        return HttpResponseRedirect(reverse("reports:details", args=[sheet.draft.pk]))
    except DiwanError as error:
        return _person(request, sheet, errors={"": say(error)})
    return HttpResponseRedirect(reverse("reports:receipt", args=[sheet.draft.pk]))


def _followed(request: HttpRequest, sheet: Sheet, case_id: int) -> HttpResponse:
    person = sheet_or_404(request, sheet.draft.pk).context.applicant
    try:
        follow_report(
            case_id=case_id, by=sheet.by, mobile=str(person.get("mobile") or ""),
            email=str(person.get("email") or ""), language=sheet.draft.language,
        )  # fmt: skip
    except ReportNotFound:  # closed meanwhile: then it is a report of its own
        remember(request, sheet.draft.pk, **{FOLLOW: ""})
        return HttpResponseRedirect(reverse("reports:details", args=[sheet.draft.pk]))
    return HttpResponseRedirect(f"{reverse('reports:seen', args=[numbers.case_number(case_id)])}?followed")


def _binding(sheet: Sheet) -> str:
    return f"report:{sheet.draft.pk}"


def _send(request: HttpRequest, sheet: Sheet) -> None:
    """Send a code to the number that the session keeps. Raises what sending refuses."""
    count_attempt(
        key=f"report-code:{client_address(request)}", limit=CODES, window=timedelta(minutes=15)
    ).require()
    mobile = str(remembered(request, sheet.draft.pk).get("mobile", ""))
    send_new_code(
        purpose=PURPOSE, address=mobile, binding=_binding(sheet), mobile=mobile, email="",
        language=actor_of(request).language,
    )  # fmt: skip


def _person(
    request: HttpRequest, sheet: Sheet, *, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> HttpResponse:  # fmt: skip
    told = remembered(request, sheet.draft.pk)
    mobile = str(told.get("mobile", ""))
    values = typed or {"mobile": ids.show_mobile(mobile) if mobile else "", "name": told.get("name", "")}
    context = {
        "values": values,
        "follows": bool(told.get(FOLLOW)),
        "may_be_nameless": bool(sheet.row.data.get("anonymous")) and not told.get(FOLLOW),
        "signed_in": sheet.by.account_id is not None,
        **problems(errors or {}),
        **_frame(sheet, actor_of(request).language),
    }
    return render(request, "reports/who.html", context, status=422 if errors else 200)


def _code_page(
    request: HttpRequest, sheet: Sheet, mobile: str, *, errors: dict[str, str] | None = None, sent_again: bool = False
) -> HttpResponse:  # fmt: skip
    context = {
        "sent_to": ids.show_mobile(mobile),
        "again": f"{reverse('reports:code', args=[sheet.draft.pk])}?again",
        "sent_again": sent_again,
        "follows": bool(_follows(request, sheet)),
        **problems(errors or {}),
        **_frame(sheet, actor_of(request).language),
    }
    return render(request, "reports/code.html", context, status=422 if errors else 200)


def _frame(sheet: Sheet, language: str) -> dict[str, Any]:
    """What every page of one report shows."""
    return {
        "draft": sheet.draft,
        "type_name": types.called(sheet.row, language),
        "quiet": bool(sheet.row.data.get("quiet")),
        "breadcrumb": [
            (_("Report a problem"), reverse("reports:new")),
            (types.called(sheet.row, language), ""),
        ],
        "nav_at_side": True,
    }


def _known(one: Near, language: str) -> dict[str, Any]:
    """An open report near by as it is offered, with a photo of it where one may be shown."""
    photo = min(public_photos(one.report.pk), default="")
    return {**words.public_row(one.report, language), "metres": _rounded(one.metres), "photo": photo}


def _rounded(metres: float) -> int:
    """Metres as people say them: tens."""
    return max(10, round(metres / 10) * 10)
