"""The auditor's view: a case's history in words, the log about it, and who read it; and the newest of the log."""

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from diwan.audit.actions import AccessNote, log_access
from diwan.audit.models import AccessRow, AuditRow
from diwan.audit.queries import latest, newest_seal, reads_of, rows_about
from diwan.cases.errors import CaseNotFound
from diwan.cases.queries import case_page
from diwan.files.queries import uploads_of
from diwan.kit.errors import InvalidValue
from diwan.kit.keyboard import keyboard_unmangle
from diwan.kit.numbers import case_number, parse_case_number, show_case_number
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_permission
from diwan.people.registry import READ_AUDIT
from diwan.web.desk import story
from diwan.web.desk.audit_words import action_text, capacity_names, names_of, object_text, purpose_text
from diwan.web.desk.views.frame import frame

PAGE: Final = 100


@needs_permission(READ_AUDIT)
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """The log: of one case when a number is asked (`q`), else the newest rows (`only=refused`, `by`, `below`)."""
    actor, typed = actor_of(request), request.GET.get("q", "").strip()[:40]
    context: dict[str, Any] = {**frame(request), "typed": typed, "seal": newest_seal(), "found": None}
    if not typed:
        context |= _latest(request, actor.language)
        return render(request, "desk/audit.html", context)
    try:
        context["found"] = _about(_number(typed), actor)
    except (CaseNotFound, InvalidValue):
        return render(request, "desk/audit.html", context, status=404)
    return render(request, "desk/audit.html", context)


def _number(typed: str) -> int:
    try:
        return parse_case_number(typed)
    except InvalidValue:
        return parse_case_number(keyboard_unmangle(typed))


def _about(case_id: int, actor: Actor) -> dict[str, Any]:
    page = case_page(case_id, actor)
    log_access(by=actor, notes=[AccessNote("case", str(case_id), "audit")])
    uploads = {upload.pk: upload for upload in uploads_of(f"case:{case_id}")}
    reads = [
        *reads_of("case", [str(case_id)])[: PAGE * 2],
        *reads_of("upload", list(uploads))[: PAGE * 2],
        *reads_of("listed", [str(case_id)])[:PAGE],
    ]
    reads.sort(key=lambda row: row.at, reverse=True)
    rows = list(rows_about("case", [str(case_id)])[: PAGE * 5])
    return {
        "number": show_case_number(case_id),
        "address": case_number(case_id),
        "service": page.service.name(actor.language),
        "stage": page.service.title(page.case.stage, actor.language),
        "entries": story.history_views(page, actor.language),
        "rows": _row_views(rows, actor.language),
        "reads": _read_views(reads, uploads, page.service, actor.language),
    }


def _latest(request: HttpRequest, language: str) -> dict[str, Any]:
    below = request.GET.get("below", "")
    only, by = request.GET.get("only", ""), request.GET.get("by", "")[:80]
    rows = list(
        latest(refused=only == "refused", actor=by, below=int(below) if below.isdecimal() else None)[
            : PAGE + 1
        ]
    )
    return {
        "rows": _row_views(rows[:PAGE], language),
        "only": only,
        "by": by,
        "older": f"?only={only}&by={by}&below={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
    }


def _row_views(rows: Sequence[AuditRow], language: str) -> list[dict[str, Any]]:
    names = names_of((row.actor for row in rows), language)
    posts = capacity_names((row.capacity for row in rows), language)
    return [
        {
            "at": row.at,
            "real": row.recorded_at,
            "who": names.get(row.actor, row.actor),
            "actor": row.actor,
            "capacity": posts.get(row.capacity, row.capacity),
            "what": action_text(row.action),
            "code": row.action,
            "about": _object(row),
            "kind": object_text(row.object_type),
            "url_number": _case_number_of(row),
            "fields": row.fields,
        }
        for row in rows
    ]


def _case_number_of(row: AuditRow) -> str:
    return case_number(int(row.object_id)) if row.object_type == "case" and row.object_id.isdecimal() else ""


def _object(row: AuditRow) -> str:
    if row.object_type == "case" and row.object_id.isdecimal():
        return show_case_number(int(row.object_id))
    return row.object_id


def _read_views(
    reads: Sequence[AccessRow], uploads: dict[str, Any], service: Any, language: str
) -> list[dict[str, Any]]:
    names = names_of((row.actor for row in reads), language)
    posts = capacity_names((row.capacity for row in reads), language)
    return [
        {
            "at": row.at,
            "who": names.get(row.actor, row.actor),
            "capacity": posts.get(row.capacity, row.capacity),
            "what": purpose_text(row.purpose),
            "about": service.label(uploads[row.object_id].slot, language)
            if row.object_type == "upload"
            else "",
        }
        for row in reads
    ]
