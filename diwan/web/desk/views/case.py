"""The page of one case: answers, checks, papers beside them, history, and the acts the reader can do."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from diwan.audit.actions import AccessNote, log_access
from diwan.cases.errors import CaseNotFound
from diwan.cases.queries import Queue, beside, case_page, queue_page
from diwan.documents.queries import by_number, documents_of_case, file_of
from diwan.files.errors import NoSuchFile
from diwan.files.serving import disposition, serve
from diwan.kit.errors import InvalidValue
from diwan.kit.numbers import case_number, parse_case_number, show_case_number
from diwan.payments.queries import bills_of
from diwan.people.actor import Actor
from diwan.people.queries import fresh_step_up
from diwan.web.desk import presenting as show
from diwan.web.signin.acting import actor_of
from diwan.web.signin.guards import needs_staff

NEIGHBOURS = 12


def case_id_of(number: str) -> int:
    """The case id of a number in an address; 404 for what is none."""
    try:
        return parse_case_number(number)
    except InvalidValue as error:
        raise Http404 from error


@needs_staff
def page(request: HttpRequest, number: str) -> HttpResponse:
    """One request, at most 12 statements beside session and actor."""
    return draw(request, case_id_of(number))


def draw(
    request: HttpRequest, case_id: int, *, problem: str = "", fields: dict[str, str] | None = None, typed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page, with a refusal and what was typed when an act did not hold."""
    actor = actor_of(request)
    try:
        found = case_page(case_id, actor)
    except CaseNotFound as error:
        raise Http404 from error
    log_access(by=actor, notes=[AccessNote("case", str(case_id), "desk.case")])
    language = actor.language
    near = beside(found.case, actor)
    papers = show.case_papers(found.case)
    task = show.task_view(found, actor)
    context = {
        "page": found,
        "case": found.case,
        "number": show_case_number(case_id),
        "address": case_number(case_id),
        "service": found.service.name(language),
        "stage": found.service.title(found.case.stage, language),
        "holder": show.holder_words(found.case.holder, language),
        "lateness": show.lateness(found.case.due_at),
        "applicant": _applicant(found.case.applicant, language),
        "task": task,
        "groups": show.answer_groups(found, language),
        "slots": show.slot_answers(found, papers, language),
        "papers": show.paper_views(found, papers, language),
        "checks": show.check_views(found.checks, found.service, language),
        "entries": show.history_views(found.history, found.service, language),
        "spent": show.spent(found, language),
        "bills": list(bills_of(case_id)),
        "documents": list(documents_of_case(case_id)),
        "typed": typed if typed is not None else dict(near.typed or {}),
        "undo": {"until": near.undo_until} if near.undo_until else None,
        "readers": near.readers,
        "neighbours": _neighbours(actor),
        "problem": problem,
        "fields": fields or {},
        "needs_code": any(button.step_up for button in task.buttons) and not _stepped_up(actor)
        if task
        else False,
        **frame(actor),
        "cancel_reasons": show.reasons_of(found.service, "cancel", language)
        if _may_cancel(found, actor)
        else [],
        "reopen_to": _reopen_to(found, actor),
    }
    return render(request, "desk/case.html", context, status=status)


def _applicant(applicant: dict[str, Any], language: str) -> list[tuple[str, str]]:
    name = applicant.get(f"name_{language}") or applicant.get("name_ar", "")
    shop = applicant.get(f"establishment_{language}") or applicant.get("establishment_ar", "")
    return [("name", name), ("establishment", shop), ("mobile", applicant.get("mobile", ""))]


def _neighbours(actor: Actor) -> list[dict[str, Any]]:
    rows = queue_page(actor, Queue(mine=actor.entity_id is None), limit=NEIGHBOURS)
    return [show.row_view(row, actor.language) for row in rows]


def frame(actor: Actor) -> dict[str, Any]:
    """What the desk's navigation asks of every page."""
    return {"is_head": actor.can("cases.assign"), "reads_numbers": actor.can("numbers.read")}


def _stepped_up(actor: Actor) -> bool:
    if actor.account_id is None:
        return False
    return fresh_step_up(account_id=actor.account_id, session=actor.session) is not None


def _may_cancel(found: Any, actor: Actor) -> bool:
    rule = found.service.flow.cancel
    open_ = found.case.closed_at is None
    return bool(rule and open_ and actor.can("cases.cancel") and rule.role in actor.roles)


def _reopen_to(found: Any, actor: Actor) -> list[tuple[str, str]]:
    rule = found.service.flow.reopen
    if (
        rule is None
        or found.case.closed_at is None
        or not actor.can("cases.reopen")
        or rule.role not in actor.roles
    ):
        return []
    if rule.ends and found.case.ended_at_step not in rule.ends:
        return []
    return [(step, found.service.title(step, actor.language)) for step in rule.to]


@needs_staff
def paper(request: HttpRequest, upload_id: str) -> HttpResponseBase:
    """A paper of a case the reader may see; the read is noted."""
    try:
        return serve(request, upload_id=upload_id, actor=actor_of(request))
    except NoSuchFile as error:
        raise Http404 from error


@needs_staff
def document(request: HttpRequest, number: str) -> HttpResponseBase:
    """The sealed document of a case the reader may see."""
    actor = actor_of(request)
    found = by_number(number)
    if found is None:
        raise Http404
    try:
        case_page(found.case_id, actor)
    except CaseNotFound as error:
        raise Http404 from error
    log_access(by=actor, notes=[AccessNote("document", number, "desk.document")])
    file = file_of(found)
    if file is None:
        raise Http404
    response = HttpResponse(file.content, content_type="application/pdf")
    response["Content-Disposition"] = disposition(file.name, download=False)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
