"""The reporter's page: who has the report, photos before and after, and whether it is fixed indeed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, BinaryIO, Final, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diwan.cases.errors import CaseNotFound
from diwan.cases.following import case_by_secret
from diwan.cases.models import Case, History, OpenTask
from diwan.cases.registry import asked_at
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import lookup_row
from diwan.files.errors import NoSuchFile
from diwan.files.queries import open_owned, uploads_of
from diwan.files.serving import respond
from diwan.kit import clock, numbers
from diwan.kit.arabic import clean_input
from diwan.kit.errors import DiwanError, InvalidValue
from diwan.modules.reports import types, words
from diwan.modules.reports.actions import answer_later, answer_report
from diwan.modules.reports.models import Closing, LaterQuestion, Report
from diwan.modules.reports.papers import AFTER, BEFORE, DISPUTE
from diwan.people.actor import ANONYMOUS
from diwan.people.doors import actor_of
from diwan.people.errors import TooManyAttempts
from diwan.ui.saying import problems, say

SHOWN: Final = ("photos", "voice", BEFORE, AFTER, DISPUTE)
"""What the reporter sees of the papers of the case."""


@require_GET
def report(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """The page, for whoever holds the number and the secret."""
    case = _case(number, secret)
    return case if isinstance(case, HttpResponse) else _page(request, case, secret)


@require_POST
def answer(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """Fixed (`confirm`), or not fixed (`dispute`) with a reason, words and a photo."""
    case = _case(number, secret)
    if isinstance(case, HttpResponse):
        return case
    outcome = request.POST.get("outcome", "")[:20]
    photo = request.FILES.get("photo")
    try:
        answer_report(
            case_id=case.pk, secret=secret, outcome=outcome,
            by=replace(ANONYMOUS, language=actor_of(request).language),
            reasons=[code[:12] for code in request.POST.getlist("reason")][:3],
            note=clean_input(request.POST.get("note", ""))[:1000],
            photo=cast(BinaryIO, photo) if isinstance(photo, UploadedFile) else None,
            photo_name=str(getattr(photo, "name", "") or ""),
        )  # fmt: skip
    except DiwanError as error:
        return _page(request, case, secret, error=say(error), typed=request.POST.get("note", "")[:1000])
    return HttpResponseRedirect(f"{reverse('reports:report', args=[number, secret])}?answered={outcome}")


@require_POST
def still(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """Four weeks later: still fixed (`fixed` is `yes`), or not."""
    case = _case(number, secret)
    if isinstance(case, HttpResponse):
        return case
    by = replace(ANONYMOUS, language=actor_of(request).language)
    try:
        answer_later(case_id=case.pk, secret=secret, fixed=request.POST.get("fixed") == "yes", by=by)
    except DiwanError as error:
        return _page(request, case, secret, error=say(error))
    return HttpResponseRedirect(f"{reverse('reports:report', args=[number, secret])}?answered=later")


@require_GET
def file(request: HttpRequest, number: str, secret: str, upload_id: str) -> HttpResponseBase:
    """A photo of the report, or its voice note."""
    case = _case(number, secret)
    if isinstance(case, HttpResponse):
        return case
    try:
        opened = open_owned(upload_id, owner=f"case:{case.pk}")
    except NoSuchFile as error:
        raise Http404 from error
    upload = opened.upload
    if upload.slot not in SHOWN:
        raise Http404
    return respond(
        request, content=opened, name=upload.filename, media_type=upload.media_type, size=upload.size, tag=upload.pk,
        download=False,
    )  # fmt: skip


def _case(number: str, secret: str) -> Case | HttpResponse:
    try:
        case = case_by_secret(numbers.parse_case_number(number), secret)
    except (InvalidValue, CaseNotFound) as error:
        raise Http404 from error
    except TooManyAttempts as error:
        response = HttpResponse(say(error), status=429, content_type="text/plain; charset=utf-8")
        response["Retry-After"] = "900"
        return response
    if case.service != "report":
        raise Http404
    return case


def _page(request: HttpRequest, case: Case, secret: str, *, error: str = "", typed: str = "") -> HttpResponse:
    language = actor_of(request).language
    service = service_of(case.version_id)
    row = Report.objects.select_related("district", "municipality", "merged_into").filter(pk=case.pk).first()
    kind = types.type_row(str(case.data.get("type", "")))
    word, tag = words.state_words(case.state, closed=case.closed_at is not None)
    history = list(History.objects.filter(case_id=case.pk))
    context: dict[str, Any] = {
        "case": case,
        "number": numbers.case_number(case.pk),
        "secret": secret,
        "shown_number": numbers.show_case_number(case.pk),
        "type_name": types.called(kind, language),
        "official": (kind.name.en if language == "en" else kind.name.ar) if kind else "",
        "quiet": bool(kind and kind.data.get("quiet")),
        "state": word,
        "state_kind": tag,
        "holder": "" if case.closed_at else words.holder_words(case.holder, language),
        "stage": service.public(case.stage, language),
        "since": max((entry.at for entry in history), default=case.opened_at),
        "story": words.story(history, service, language),
        "joined_with": _joined(row),
        **_photos(case, row, secret),
        **_question(case, service, language),
        "rate_url": asked_at(case),
        "later": LaterQuestion.objects.filter(report_id=case.pk, answered_at__isnull=True).first(),
        "error": error,
        "typed": typed,
        "answered": request.GET.get("answered", ""),
        **problems({"": error} if error else {}),
        "breadcrumb": [
            (_("Track a request"), reverse("portal:track")),
            (numbers.show_case_number(case.pk), ""),
        ],
        "nav_at_side": True,
    }
    response = render(request, "reports/report.html", context, status=422 if error else 200)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store"
    return response


def _joined(row: Report | None) -> str:
    """The public page of the report that this one was joined with."""
    if row is None or row.merged_into_id is None or not row.merged_into or not row.merged_into.public:
        return ""
    return reverse("reports:seen", args=[numbers.case_number(row.merged_into_id)])


def _photos(case: Case, row: Report | None, secret: str) -> dict[str, Any]:
    """Addresses of the reporter's photos and of those of the last work, and what was done in words."""
    from_number = numbers.case_number(case.pk)

    def addresses(ids: list[str]) -> list[str]:
        return [reverse("reports:report_file", args=[from_number, secret, one]) for one in ids]

    closing = Closing.objects.filter(report=row).order_by("-at", "-id").first() if row is not None else None
    papers: dict[str, list[str]] = {}
    for upload in uploads_of(f"case:{case.pk}"):
        papers.setdefault(upload.slot, []).append(upload.pk)
    return {
        "photos": addresses(papers.get("photos", [])),
        "voice": next(iter(addresses(papers.get("voice", []))), ""),
        "closing": closing,
        "before": addresses(closing.before) if closing else [],
        "after": addresses(closing.after) if closing else [],
    }


def _question(case: Case, service: CompiledService, language: str) -> dict[str, Any]:
    """What the reporter is asked now: the ways out of the open choice, and the reasons of a dispute."""
    task = OpenTask.objects.filter(case_id=case.pk, kind=OpenTask.Kind.CHOICE).first()
    if task is None:
        return {"asked": None}
    exits = service.flow.steps[task.step].exits
    choices = [
        (key, exit_.label.en if language == "en" else exit_.label.ar, exit_.reason == "required")
        for key, exit_ in exits.items()
        if exit_.label is not None
    ]
    dispute = next((exits[key] for key, _label, why in choices if why), None)
    codes = service.reasons_for(dispute) if dispute is not None else ()
    rows = [(code, lookup_row("reasons", code, clock.today())) for code in codes]
    return {
        "asked": task,
        "choices": choices,
        "reasons": [(code, row.name.en if language == "en" else row.name.ar) for code, row in rows if row],
    }
