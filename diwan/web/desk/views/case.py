"""The page of one case: answers, checks, papers beside them, history, and the acts the reader can do."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from diwan.audit.actions import AccessNote, log_access
from diwan.cases.context import entry_number
from diwan.cases.errors import CaseNotFound
from diwan.cases.queries import CasePage, Queue, QueueRow, beside, case_page, queue_tasks
from diwan.cases.registry import desk_parts
from diwan.cases.visibility import is_applicant
from diwan.documents.queries import by_number, documents_of_case, file_of
from diwan.files.errors import NoSuchFile
from diwan.files.serving import disposition, serve
from diwan.kit.numbers import case_number, show_case_number
from diwan.payments.queries import explained_bills
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_staff
from diwan.people.queries import fresh_step_up
from diwan.people.registry import CANCEL, REOPEN
from diwan.web.desk import rows, story
from diwan.web.desk.answers import VISIT_PHOTO, Sheet
from diwan.web.desk.steps import TaskView, reasons_of, task_view
from diwan.web.desk.views.frame import case_id_of, frame, note_refusal, refuse_other_capacities
from diwan.web.desk.votes import minutes_words, vote_view

NEIGHBOURS = 12
#: States with a bill or a document, whoever decided: an instant licence is approved by nobody.
DECIDED = ("invoiced", "paid", "issued")


@needs_staff
@require_GET
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The page of a case in at most 12 statements, those of the session and the capacity among them."""
    return draw(request, case_id_of(number))


def draw(
    request: HttpRequest,
    case_id: int,
    *,
    problem: str = "",
    fields: dict[str, str] | None = None,
    typed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with a refusal and what was typed when an act did not hold."""
    actor = actor_of(request)
    refuse_other_capacities(actor, case_id)
    try:
        found = case_page(case_id, actor)
    except CaseNotFound as error:
        note_refusal(actor, case_id, error)
        raise Http404 from error
    log_access(by=actor, notes=[AccessNote("case", str(case_id), "desk.case")])
    near = beside(found.case, actor)
    task = task_view(found, actor)
    context = {
        **frame(request),
        **_about(found, actor),
        **_doing(found, task, actor),
        **_next_to(actor, case_id),
        "typed": typed if typed is not None else dict(near.typed or {}),
        "parts": desk_parts(found.case, actor),
        "undo_until": near.undo_until,
        "readers": near.readers,
        "problem": problem,
        "fields": fields or {},
    }
    template = "desk/visit.html" if task is not None and task.is_visit else "desk/case.html"
    return render(request, template, context, status=status)


def _about(found: CasePage, actor: Actor) -> dict[str, Any]:
    """What the case says. An outside body reads of an establishment that applies, and of no person."""
    case, service, language = found.case, found.service, actor.language
    outside = actor.entity_id is not None
    sheet = Sheet(found, language)
    decided = case.approved_at is not None or case.state in DECIDED
    return {
        "case": case,
        "number": show_case_number(case.pk),
        "address": case_number(case.pk),
        "service": service.name(language),
        "stage": service.title(case.stage, language),
        "told": service.public(case.stage, language),
        "holder": story.holder_line(found, language),
        "holder_since": story.holds_since(found),
        "applicant": rows.applicant_name(case, language, outside=outside),
        "person": ""
        if outside
        else case.applicant.get(f"name_{language}") or case.applicant.get("name_ar", ""),
        "mobile": "" if outside else case.applicant.get("mobile", ""),
        "subject": rows.subject(case, language),
        "place": story.place_words(case, language),
        "linked": story.linked(case),
        "licence": entry_number(case.facts),
        "groups": sheet.groups(),
        "slots": sheet.slots(),
        "changes": sheet.changes(),
        "papers": [paper for paper in sheet.papers if paper["kind"] != "audio"],
        "pin": sheet.pin(),
        "visit_photos": [paper for paper in sheet.papers if paper["slot"] == VISIT_PHOTO],
        "checks": story.check_views(found.checks, service, language, outside=outside),
        "entries": story.history_views(found, language, outside=outside),
        "minutes": minutes_words(found, language),
        "spent": story.spent(found, language),
        "unusual": story.unusual(found, language),
        "approvals": story.approved_by(found, language),
        "bills": list(explained_bills(case.pk)) if decided else [],
        "documents": list(documents_of_case(case.pk)) if decided else [],
    }


def _doing(found: CasePage, task: TaskView | None, actor: Actor) -> dict[str, Any]:
    """What the reader can do."""
    case = found.case
    due = task.task.due_at if task is not None else case.due_at
    return {
        "task": task,
        "vote": vote_view(found, actor) if task is None else None,
        "due": due,
        "lateness": rows.lateness(due),
        "due_words": rows.due_words(
            due, case.municipality_id, task.task.unit_id if task is not None else None
        ),
        "needs_code": task is not None and task.signs and not stepped_up(actor),
        "cancel_reasons": _cancel_reasons(found, actor),
        "reopen_to": _reopen_to(found, actor),
        "filed_here": actor.is_staff and is_applicant(actor, case),
        "may_withdraw": _may_withdraw(found),
    }


def _next_to(actor: Actor, case_id: int) -> dict[str, Any]:
    """The reader's next cases, and the one after this."""
    if actor.entity_id is None and not actor.position_ids:
        return {"neighbours": [], "next_url": ""}
    tasks = queue_tasks(actor, Queue(mine=actor.entity_id is None)).select_related("case")[:NEIGHBOURS]
    outside = actor.entity_id is not None
    views = [rows.row_view(QueueRow(task, task.case), actor.language, outside=outside) for task in tasks]
    here = next((place for place, view in enumerate(views) if view["case_id"] == case_id), -1)
    after = [view for view in views[here + 1 :] if view["case_id"] != case_id]
    return {"neighbours": views, "next_url": after[0]["url"] if after else ""}


def stepped_up(actor: Actor) -> bool:
    """Whether the session has a fresh second factor."""
    if actor.account_id is None:
        return False
    return fresh_step_up(account_id=actor.account_id, session=actor.session) is not None


def _may_withdraw(found: CasePage) -> bool:
    rule, case = found.service.flow.withdraw, found.case
    return rule is not None and case.closed_at is None and case.stage in rule.allowed_in


def _cancel_reasons(found: CasePage, actor: Actor) -> Any:
    rule = found.service.flow.cancel
    if (
        rule is None
        or found.case.closed_at is not None
        or not actor.can(CANCEL)
        or rule.role not in actor.roles
    ):
        return []
    return reasons_of(found.service.reason_codes("cancel"), actor.language)


def _reopen_to(found: CasePage, actor: Actor) -> list[tuple[str, str]]:
    rule, case = found.service.flow.reopen, found.case
    if rule is None or case.closed_at is None or not actor.can(REOPEN) or rule.role not in actor.roles:
        return []
    if rule.ends and case.ended_at_step not in rule.ends:
        return []
    return [(step, found.service.title(step, actor.language)) for step in rule.to]


@needs_staff
@require_GET
def paper(request: HttpRequest, upload_id: str) -> HttpResponseBase:
    """A paper of a case the reader may see; the read is noted."""
    try:
        return serve(request, upload_id=upload_id, actor=actor_of(request))
    except NoSuchFile as error:
        raise Http404 from error


@needs_staff
@require_GET
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
