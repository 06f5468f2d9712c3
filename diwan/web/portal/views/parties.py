"""The page of another party of a request: what is asked, what it may read of it, confirming and refusing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diwan.audit.actions import AccessNote, log_access
from diwan.cases.actions.answer_party import answer_party
from diwan.cases.context import form_context
from diwan.cases.models import Case, CaseParty, CheckResult, History, OpenTask
from diwan.cases.parties import asks_pages, party_in, shown_to
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.documents.models import IssuedDocument
from diwan.forms.entry import answered
from diwan.forms.plan import in_language
from diwan.forms.registry import kind
from diwan.kit import numbers
from diwan.kit.errors import DiwanError, InvalidValue
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, acts_for_residents, needs_account
from diwan.web.apply.starting import begin_party
from diwan.web.apply.words import parts_html, reason_text
from diwan.web.portal import words
from diwan.web.signin.words import say


@needs_account
@require_http_methods(["GET", "POST"])
def party(request: HttpRequest, number: str) -> HttpResponse:
    """What is asked of the party; POST confirms (through its own pages, where there are some) or refuses."""
    actor = actor_of(request)
    try:
        key = numbers.parse_case_number(number)
    except InvalidValue as error:
        raise Http404 from error
    row = party_in(key, actor) if acts_for_residents(actor) else None
    if row is None:
        raise Http404
    case = Case.objects.get(pk=key)
    if request.method == "POST":
        return _posted(request, case, row, actor)
    return _shown(request, case, row, actor)


def _posted(request: HttpRequest, case: Case, row: CaseParty, actor: Actor) -> HttpResponse:
    service = service_of(case.version_id)
    outcome = request.POST.get("outcome", "")[:60]
    exit_ = service.flow.steps[row.step].exits.get(outcome)
    try:
        if exit_ is not None and exit_.effect == "approve" and asks_pages(service, row.step):
            draft = begin_party(case_id=case.pk, by=actor)
            return HttpResponseRedirect(reverse("apply:resume", args=[draft.pk]))
        answer_party(case_id=case.pk, outcome=outcome, note=request.POST.get("note", "")[:1000], by=actor)
    except DiwanError as error:
        return _shown(request, case, row, actor, problem=say(error), status=422)
    messages.success(request, _("Your answer was sent."))
    return HttpResponseRedirect(reverse("portal:party", args=[numbers.case_number(case.pk)]))


def _shown(
    request: HttpRequest, case: Case, row: CaseParty, actor: Actor, *, problem: str = "", status: int = 200
) -> HttpResponse:
    language, service = actor.language, service_of(case.version_id)
    log_access(by=actor, notes=[AccessNote("case", str(case.pk), "portal.party")])
    waits = row.answered_at is None and OpenTask.objects.filter(case_id=case.pk, token=row.token).exists()
    silent = service.flow.steps[row.step].silence
    context: dict[str, Any] = {
        "number": numbers.case_number(case.pk),
        "shown_number": numbers.show_case_number(case.pk),
        "service_name": service.name(language),
        "applicant": _name(case, language),
        "rows": _rows(case, service, row.step, language),
        "waits": waits,
        "due_at": row.due_at,
        "silence": in_language(silent.text, language) if silent is not None else "",
        "actions": _actions(service, row.step, language) if waits else [],
        "has_pages": asks_pages(service, row.step),
        "mend": [*_to_mend(case, service, row.step, language), *_sent_back(case, service, row.step, language)]
        if waits
        else [],
        "answer": service.outcome(row.step, row.outcome, language) if row.outcome else "",
        "answered_at": row.answered_at,
        "stage": "" if waits else words.stage_words(service, case.stage, language),
        "document": _document(case, row, service),
        "problem": problem,
        "note": request.POST.get("note", ""),
        "breadcrumb": [(_("My page"), reverse("portal:my_cases")), (service.name(language), "")],
    }
    return render(request, "portal/party.html", context, status=status)


def _name(case: Case, language: str) -> str:
    applicant = case.applicant
    part = "establishment" if applicant.get("kind") == "establishment" else "name"
    return str(applicant.get(f"{part}_{language}") or applicant.get(f"{part}_ar", ""))


def _rows(case: Case, service: CompiledService, step: str, language: str) -> list[tuple[str, Any]]:
    """What the party reads of the application, in words."""
    context = form_context(service, applicant={}, part=None)
    shown = shown_to(service.flow.steps[step], case)
    found = []
    for _page, _group, field, value in answered(service.form, case.data, context):
        if field.key in shown and value is not None:
            parts = kind(field.kind).show(value, field, language, context)
            found.append((in_language(field.label, language), parts_html(parts)))
    return found


def _actions(service: CompiledService, step: str, language: str) -> list[dict[str, str]]:
    """Confirming before refusing."""
    found = service.flow.steps[step]
    silent = found.silence.outcome if found.silence is not None else ""
    actions = [
        {"outcome": key, "label": service.outcome(step, key, language), "effect": exit_.effect}
        for key, exit_ in found.exits.items()
        if exit_.label is not None and key != silent
    ]
    return sorted(actions, key=lambda one: one["effect"] == "reject")


def _to_mend(case: Case, service: CompiledService, step: str, language: str) -> list[tuple[str, str]]:
    """What the checks of the party's answers found, and what to do."""
    failed = CheckResult.objects.filter(case_id=case.pk, round=case.round, state=CheckResult.State.FAILED)
    checks = [service.check(code) for code in failed.order_by("code").values_list("code", flat=True)]
    return [
        (in_language(check.text, language), in_language(check.fix, language))
        for check in checks
        if check is not None and check.of == step and check.on_fail in ("block", "return")
    ]


def _sent_back(case: Case, service: CompiledService, step: str, language: str) -> list[tuple[str, str]]:
    """Reasons and words of the employee who sent the party's part back, where that was the last act of a post."""
    acts = History.objects.filter(case_id=case.pk, act="acted", position_id__isnull=False)
    found = acts.order_by("-id").first()
    before = service.flow.steps.get(found.step) if found is not None else None
    exit_ = before.exits.get(found.outcome) if found is not None and before is not None else None
    if found is None or exit_ is None or exit_.to != step:
        return []
    reasons = "، ".join(reason_text(code, language) for code in found.reasons)
    return [(f"{reasons}:" if reasons and found.note else reasons, found.note)]


def _document(case: Case, row: CaseParty, service: CompiledService) -> IssuedDocument | None:
    """The sealed result, once the party holds it."""
    if service.entry is None or service.entry.holder != row.step or row.answered_at is None:
        return None
    sealed = IssuedDocument.objects.filter(case_id=case.pk, state=IssuedDocument.State.ISSUED)
    return sealed.order_by("-id").first()
