"""The page of one request for its owner: who has it, what to do now, what happened, papers and results."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diwan.audit.actions import AccessNote, log_access
from diwan.cases import secrets
from diwan.cases.actions.begin_completion import begin_completion
from diwan.cases.actions.withdraw import withdraw
from diwan.cases.contests import contested, decision_of
from diwan.cases.day_words import days_told
from diwan.cases.errors import CaseNotFound, NotAllowed
from diwan.cases.models import Case
from diwan.cases.parties import holder_of, party_in
from diwan.cases.queries import case_for, replaced_papers
from diwan.cases.registry import is_quiet
from diwan.cases.services import service_of
from diwan.documents.contents import print_data
from diwan.documents.models import IssuedDocument
from diwan.documents.render import render as render_pdf
from diwan.files.queries import read_content
from diwan.files.rules import stands_in_the_form
from diwan.files.serving import disposition
from diwan.forms.plan import in_language
from diwan.kit import numbers
from diwan.kit.errors import DiwanError, InvalidValue
from diwan.modules.ratings.queries import link_secret
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, acts_for_residents, needs_account
from diwan.web.apply.papers import as_shown
from diwan.web.apply.words import article_text, reason_text
from diwan.web.portal import bills, words
from diwan.web.portal.capacities import capacity_for
from diwan.web.portal.casefile import CaseFile, case_file
from diwan.web.signin.words import say


@needs_account
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The whole page. Employees and outside bodies have a page of their own, whose reading is noted."""
    if not acts_for_residents(actor_of(request)):
        return HttpResponseRedirect(reverse("desk:case", args=[number]))
    try:
        found = case_file(_key(number), actor_of(request))
    except CaseNotFound as error:
        if party_in(_key(number), actor_of(request)) is not None:
            return HttpResponseRedirect(reverse("portal:party", args=[number]))
        held = capacity_for(request, _key(number))
        if held is None:
            raise Http404 from error
        return render(request, "portal/other_capacity.html", {"held": held, "number": number}, status=403)
    return render(request, "portal/case.html", _context(request, found))


@needs_account
@require_GET
def now(request: HttpRequest, number: str) -> HttpResponse:
    """The part that changes by itself; asks the browser to draw the whole page anew when the request has moved."""
    found = _file(request, number)
    response = render(request, "portal/case_now.html", _context(request, found))
    if request.GET.get("revision") != str(found.case.revision):
        response["HX-Refresh"] = "true"
    return response


@needs_account
@require_POST
def complete(request: HttpRequest, number: str) -> HttpResponse:
    """Begin completing a returned request, or go on with it."""
    try:
        draft = begin_completion(case_id=_key(number), by=actor_of(request))
    except CaseNotFound as error:
        raise Http404 from error
    except DiwanError as error:
        messages.warning(request, say(error))
        return HttpResponseRedirect(reverse("portal:case", args=[number]))
    return HttpResponseRedirect(reverse("apply:resume", args=[draft.pk]))


@needs_account
@require_POST
def withdraw_case(request: HttpRequest, number: str) -> HttpResponse:
    """End the request as withdrawn. Whoever may read it without being its applicant is refused (403)."""
    note = request.POST.get("note", "").strip()[:500]
    try:
        withdraw(case_id=_key(number), by=actor_of(request), note=note)
    except CaseNotFound as error:
        raise Http404 from error
    except NotAllowed as error:
        raise PermissionDenied(say(error)) from error
    except DiwanError as error:
        messages.warning(request, say(error))
    else:
        messages.success(request, _("The request was withdrawn. Nothing is to be paid."))
    return HttpResponseRedirect(reverse("portal:case", args=[number]))


@needs_account
@require_GET
def bill(request: HttpRequest, number: str) -> HttpResponse:
    """The bill, or after payment its receipt, as PDF."""
    found = _file(request, number)
    if found.bill is None:
        raise Http404
    pdf = bills.bill_pdf(found.case, found.service, found.bill)
    return _pdf(pdf, f"{found.bill.number}.pdf", download="download" in request.GET)


@needs_account
@require_GET
def document(request: HttpRequest, number: str, document_id: int) -> HttpResponse:
    """The sealed file of an issued document. Every download is noted in the access log."""
    issued = _issued(request, number, document_id)
    if issued.file is None:
        raise Http404
    pdf = read_content(issued.file.classification, issued.file.sha256)
    return _pdf(pdf, f"{issued.number}.pdf", download="open" not in request.GET)


@needs_account
@require_GET
def card(request: HttpRequest, number: str, document_id: int) -> HttpResponse:
    """The wallet card of an issued licence; the signed file stays the original."""
    issued = _issued(request, number, document_id)
    if issued.template != "licence":
        raise Http404
    made = render_pdf(template="licence-card", data=print_data(issued), created=issued.created_at)
    return _pdf(made.pdf, f"{issued.number}-card.pdf", download=False)


def _issued(request: HttpRequest, number: str, document_id: int) -> IssuedDocument:
    actor = actor_of(request)
    if not acts_for_residents(actor):
        raise Http404
    try:
        owner = _owner_of(_key(number), actor)
    except CaseNotFound as error:
        raise Http404 from error
    found = (
        IssuedDocument.objects.select_related("file", "mandate", "municipality")
        .filter(pk=document_id, case_id=owner.pk, state=IssuedDocument.State.ISSUED)
        .first()
    )
    if found is None:
        raise Http404
    log_access(by=actor, notes=[AccessNote("document", str(found.pk), "portal.download")])
    return found


def _owner_of(key: int, actor: Actor) -> Case:
    """The case whose documents the actor may have: its own, or one whose result it holds as the other party."""
    party = party_in(key, actor)
    if party is None or party.answered_at is None:
        return case_for(key, actor)
    found = Case.objects.get(pk=key)
    holder = holder_of(found, service_of(found.version_id))
    if (holder.account_id, holder.establishment_id) != (party.account_id, party.establishment_id):
        raise CaseNotFound
    return found


def _pdf(pdf: bytes, name: str, *, download: bool) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = disposition(name, download=download)
    response["Cache-Control"] = "private, no-store"
    return response


def _key(number: str) -> int:
    try:
        return numbers.parse_case_number(number)
    except InvalidValue as error:
        raise Http404 from error


def _file(request: HttpRequest, number: str) -> CaseFile:
    if not acts_for_residents(actor_of(request)):
        raise Http404
    try:
        return case_file(_key(number), actor_of(request))
    except CaseNotFound as error:
        raise Http404 from error


def _context(request: HttpRequest, found: CaseFile) -> dict[str, Any]:
    language = actor_of(request).language
    case, service = found.case, found.service
    number = numbers.case_number(case.pk)
    word, kind = words.state_words(case.state)
    holder, stage = words.standing_words(case, service, found.tasks, language, bill=found.standing)
    refused = next((row for row in found.history if row.state == "rejected"), None)
    return {
        "file": found,
        "case": case,
        "number": number,
        "shown_number": numbers.show_case_number(case.pk),
        "service_name": service.name(language),
        "service": service,
        "quiet": is_quiet(case),
        "rate_secret": link_secret(case),
        "state": word,
        "state_kind": kind,
        "holder": holder,
        "stage": stage,
        "since": found.since,
        "days": days_told(found.days(), language, own=True),
        "todo": _todo(found, language),
        "pay": bills.payment_view(found, language),
        "timeline": words.timeline(found.history, case, service, language),
        "papers": _papers(found, language),
        "document": found.document,
        "document_title": _title(found.document, language),
        "document_number": numbers.show_document_number(found.document.number)
        if found.document and found.document.number
        else "",
        "articles": words.refusal_articles(refused, language) if case.state == "rejected" else [],
        "decision": decision_of(case),
        "ruling": next((row.note for row in found.history if row.act == "ruled"), ""),
        "contested": _contested(case),
        "may_withdraw": _may_withdraw(found),
        "secret": numbers.show_secret_8(secrets.digits_of(case.pk, case.secret_generation)),
        "poll": found.is_moving,
        "breadcrumb": [(_("My requests"), reverse("portal:my_cases")), (service.name(language), "")],
    }


def _contested(case: Case) -> dict[str, str]:
    """What this case objects to: words, number and address of the request or licence; empty for any other."""
    about = contested(case)
    if about.get("what") == "entry":
        return {
            "label": _("Objects to the decision on licence"),
            "shown": numbers.show_document_number(about["number"]),
            "url": reverse("portal:licence", args=[about["number"]]),
        }
    number = about.get("case")
    if number is None:
        return {}
    return {
        "label": _("Objects to the decision on request"),
        "shown": numbers.show_case_number(number),
        "url": reverse("portal:case", args=[numbers.case_number(number)]),
    }


def _todo(found: CaseFile, language: str) -> list[dict[str, str]]:
    """What is to be mended: label, reason in words, article."""
    if found.asked is None:
        return []
    items: list[dict[str, str]] = []
    for remark in found.remarks:
        items.append(
            {
                "label": found.service.label(remark.field, language),
                "text": reason_text(remark.reason, language),
                "note": remark.note,
                "article": "",
            }
        )
    for result in found.failed:
        check = found.service.check(result.code)
        if check is None or check.on_fail not in ("block", "return"):
            continue
        items.append(
            {
                "label": in_language(check.name, language),
                "text": in_language(check.text, language),
                "note": in_language(check.fix, language),
                "article": article_text(check.article, language)[0],
            }
        )
    return items


def _papers(found: CaseFile, language: str) -> list[dict[str, Any]]:
    """The papers that were sent, by slot; one that a completion replaced stands last with a word about it."""
    replaced = replaced_papers(found.papers, found.history)
    slots: dict[str, list[dict[str, Any]]] = {}
    sent = [upload for upload in found.papers if stands_in_the_form(upload.slot)]
    for upload in sorted(sent, key=lambda one: one.pk in replaced):
        paper = {**as_shown(upload, ""), "replaced": upload.pk in replaced}
        slots.setdefault(upload.slot, []).append(paper)
    return [{"label": found.service.label(key, language), "files": files} for key, files in slots.items()]


def _title(document: IssuedDocument | None, language: str) -> str:
    if document is None:
        return ""
    return document.title_en if language == "en" else document.title_ar


def _may_withdraw(found: CaseFile) -> bool:
    rule = found.service.flow.withdraw
    return rule is not None and found.case.closed_at is None and found.case.stage in rule.allowed_in
