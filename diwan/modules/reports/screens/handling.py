"""A report at the desk of the 940 room: mended, sent by hand, passed on, held, joined, split, refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diwan.audit.actions import AccessNote, log_access
from diwan.cases import visibility
from diwan.cases.actions.cancel import cancel
from diwan.cases.actions.intervene import intervene, may_intervene
from diwan.cases.models import Case, History, OpenTask
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import lookup
from diwan.files.queries import uploads_of
from diwan.kit import clock, ids, numbers
from diwan.kit.errors import DiwanError, FieldErrors, InvalidValue
from diwan.kit.keys import near_key
from diwan.modules.reports import types, words
from diwan.modules.reports.actions import (
    forward_report,
    merge_reports,
    reclassify_report,
    send_report,
    split_report,
)
from diwan.modules.reports.models import Contract, Report
from diwan.modules.reports.queries import similar_near
from diwan.modules.reports.registry import HANDLE
from diwan.modules.reports.screens.work import voice_views
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_permission
from diwan.people.models import OutsideEntity, Unit
from diwan.ui.saying import problems, say

SENT_TO = ("unit", "contractor", "outside")


@needs_permission(HANDLE)
@require_http_methods(["GET", "POST"])
def handle(request: HttpRequest, number: str) -> HttpResponse:
    """One report with everything the room can do about it; each act by its own small form."""
    actor = actor_of(request)
    case, report = _found(number, actor)
    if request.method == "GET":
        log_access(by=actor, notes=[AccessNote("case", str(case.pk), "reports.handle")])
        return _page(request, case, report)
    did = request.POST.get("do", "")
    if did not in _ACTS:
        raise Http404
    try:
        moved = _ACTS[did](request, case, actor)
    except FieldErrors as error:
        found = {name: say(one[0]) for name, one in error.errors.items()}
        return _page(request, case, report, errors=found)
    except DiwanError as error:
        return _page(request, case, report, errors={did: say(error)})
    messages.success(request, _("Done."))
    return HttpResponseRedirect(reverse("reports:handle", args=[numbers.case_number(moved)]))


def _found(number: str, actor: Actor) -> tuple[Case, Report | None]:
    try:
        case_id = numbers.parse_case_number(number)
    except InvalidValue as error:
        raise Http404 from error
    case = (
        Case.objects.select_related("district", "municipality").filter(pk=case_id, service="report").first()
    )
    if case is None or not visibility.can_see(actor, case):
        raise Http404
    known = Report.objects.select_related(
        "contractor", "unit", "crew", "district", "municipality", "merged_into"
    )
    return case, known.filter(pk=case_id).first()


def _mend(request: HttpRequest, case: Case, actor: Actor) -> int:
    changes: dict[str, Any] = {}
    for name in ("type", "district", "landmark", "pole"):
        typed = request.POST.get(name, "").strip()[:200]
        if typed and typed != str(case.data.get(name) or ""):
            changes[name] = typed
    lat, _comma, lng = request.POST.get("pick", "").partition(",")
    if lng:
        changes["place"] = {"lat": lat, "lng": lng, "how": "search"}
    return int(
        reclassify_report(
            case_id=case.pk, revision=_revision(request), changes=changes, note=_note(request), by=actor
        ).pk
    )


def _send(request: HttpRequest, case: Case, actor: Actor) -> int:
    task = OpenTask.objects.filter(case=case, step="dispatch").first()
    to, _colon, code = request.POST.get("to", "").partition(":")
    return int(
        send_report(
            case_id=case.pk, task_id=task.pk if task else 0, revision=_revision(request), to=to, code=code,
            note=_note(request), by=actor,
        ).pk
    )  # fmt: skip


def _forward(request: HttpRequest, case: Case, actor: Actor) -> int:
    return int(
        forward_report(
            case_id=case.pk, revision=_revision(request), body=request.POST.get("body", ""),
            reasons=request.POST.getlist("reason"), note=_note(request), by=actor,
        ).pk
    )  # fmt: skip


def _hold(request: HttpRequest, case: Case, actor: Actor) -> int:
    return int(
        intervene(
            case_id=case.pk, name="hold", revision=_revision(request), reasons=request.POST.getlist("reason"),
            note=_note(request), by=actor,
        ).pk
    )  # fmt: skip


def _join(request: HttpRequest, case: Case, actor: Actor) -> int:
    typed = request.POST.get("into_typed") or request.POST.get("into", "")
    into = numbers.parse_case_number(typed)
    return int(merge_reports(into=into, case_ids=[case.pk], note=_note(request), by=actor).pk)


def _split(request: HttpRequest, case: Case, actor: Actor) -> int:
    return split_report(
        case_id=case.pk, kind=request.POST.get("other_type", ""), description=_note(request),
        key=request.POST.get("key", ""), by=actor,
    ).case_id  # fmt: skip


def _refuse(request: HttpRequest, case: Case, actor: Actor) -> int:
    return int(
        cancel(case_id=case.pk, reasons=request.POST.getlist("reason"), note=_note(request), by=actor).pk
    )


_ACTS: dict[str, Callable[[HttpRequest, Case, Actor], int]] = {
    "mend": _mend, "send": _send, "forward": _forward, "hold": _hold, "join": _join, "split": _split,
    "refuse": _refuse,
}  # fmt: skip


def _note(request: HttpRequest) -> str:
    return request.POST.get("note", "").strip()[:1000]


def _revision(request: HttpRequest) -> int:
    typed = request.POST.get("revision", "")
    return int(typed) if typed.isdecimal() else 0


def _page(
    request: HttpRequest, case: Case, report: Report | None, *, errors: dict[str, str] | None = None
) -> HttpResponse:
    actor, service = actor_of(request), service_of(case.version_id)
    language = actor.language
    context = {
        "case": case,
        "report": report,
        "number": numbers.case_number(case.pk),
        "shown_number": numbers.show_case_number(case.pk),
        "type": types.called(types.type_row(str(case.data.get("type"))), language),
        "official": _official(case, language),
        "stage": service.title(case.stage, language),
        "mobile": ids.show_mobile(str(case.applicant.get("mobile") or ""))
        if case.applicant.get("mobile")
        else "",
        "why": _why(case, language),
        "voices": voice_views(uploads_of(f"case:{case.pk}"), numbers.case_number(case.pk)),
        "acts": _acts(case, service, actor),
        "all_types": [
            (row.code, f"{row.code.removeprefix('RPT-')} {_name(row, language)}") for row in _types()
        ],
        "districts": [(row.code, _name(row, language)) for row in lookup("districts", clock.today())],
        "bodies": _bodies(language, contractor=False),
        "targets": _targets(case, language),
        "reasons": {name: _reasons(service, name, language) for name in ("forward", "hold", "cancel")},
        "near": _near(case, report, language),
        "key": near_key(clock.now()),
        "typed": {name: request.POST.get(name, "") for name in ("note", "type", "other_type", "into_typed")},
        "point": f"{report.lat:.6f},{report.lng:.6f}"
        if report is not None and report.lat is not None
        else "",
        "merged_number": numbers.case_number(report.merged_into_id)
        if report and report.merged_into_id
        else "",
        "desk_url": reverse("desk:case", args=[numbers.case_number(case.pk)]),
        **problems(errors or {}),
    }
    return render(request, "reports/handle.html", context, status=422 if errors else 200)


def _types() -> list[Any]:
    return sorted(lookup(types.TYPES, clock.today()), key=lambda row: row.code)


def _name(row: Any, language: str) -> str:
    return str(row.name.en if language == "en" else row.name.ar)


def _official(case: Case, language: str) -> str:
    row = types.type_row(str(case.data.get("type")))
    return "" if row is None else _name(row, language)


def _why(case: Case, language: str) -> str:
    """The rule that sent it, in words."""
    rows = History.objects.filter(case=case, act="checked", step="route").order_by("-id")[:1]
    return (
        str(((row.why or {}).get("text") or {}).get(language, "")) if (row := next(iter(rows), None)) else ""
    )


def _acts(case: Case, service: CompiledService, actor: Actor) -> set[str]:
    """What may be offered now; each action decides again."""
    rules, stage = service.flow.interventions, case.stage
    offered = {
        act
        for act, name in (("mend", "reclassify"), ("forward", "forward"), ("hold", "hold"), ("join", "merge"))
        if may_intervene(rules[name], case, actor) and stage in rules[name].allowed_in
    }
    if stage == "dispatch":
        offered.add("send")
    ruling = service.flow.cancel
    if ruling is not None and ruling.role in actor.roles and stage in ruling.allowed_in:
        offered.add("refuse")
    return offered | ({"split"} if case.closed_at is None else set())


def _reasons(service: CompiledService, name: str, language: str) -> list[tuple[str, str]]:
    rows = {row.code: row for row in lookup("reasons", clock.today())}
    return [(code, _name(rows[code], language)) for code in service.reason_codes(name) if code in rows]


def _bodies(language: str, *, contractor: bool) -> list[tuple[str, str]]:
    contracted = Contract.objects.values("entity_id")
    rows = OutsideEntity.objects.order_by("sort_key")
    chosen = rows.filter(pk__in=contracted) if contractor else rows.exclude(pk__in=contracted)
    return [(row.code, row.name_en if language == "en" else row.name_ar) for row in chosen]


def _targets(case: Case, language: str) -> list[tuple[str, str]]:
    units = Unit.objects.filter(positions__roles__code="ROLE-REPORT-UNIT", valid_to__isnull=True).distinct()
    own = units.filter(municipality_id=case.municipality_id) | units.filter(municipality__code="000")
    shown = [
        (f"unit:{one.code}", one.name_en if language == "en" else one.name_ar)
        for one in own.order_by("sort_key")
    ]
    shown += [(f"contractor:{code}", name) for code, name in _bodies(language, contractor=True)]
    return shown + [(f"outside:{code}", name) for code, name in _bodies(language, contractor=False)]


def _near(case: Case, report: Report | None, language: str) -> list[dict[str, Any]]:
    if report is None or report.lat is None or report.lng is None or case.closed_at is not None:
        return []
    found = similar_near(lat=report.lat, lng=report.lng, kind=report.type, group=report.group, limit=6)
    return [
        {**words.public_row(one.report, language), "metres": round(one.metres)}
        for one in found
        if one.report.pk != case.pk
    ]
