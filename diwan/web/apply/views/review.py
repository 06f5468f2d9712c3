"""The last page: all answers, the lamp, the fee, and sending. And its short form for a renewal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diwan.cases.actions.drafts import DraftNotFound
from diwan.cases.actions.open_cases import Opened
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.checks import Blocked
from diwan.cases.errors import FormChanged
from diwan.cases.models import Draft
from diwan.forms.entry import answered, parse_page, visible_slots
from diwan.forms.plan import in_language
from diwan.forms.raw import Raw
from diwan.forms.registry import kind
from diwan.forms.showing import group_views, message
from diwan.kit import numbers
from diwan.kit.errors import DiwanError, FieldErrors, Problem
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_account
from diwan.web.apply import lamps, papers, prices
from diwan.web.apply.rooms import sheet_or_404, show
from diwan.web.apply.sheets import NOTHING_CHANGED, Sheet
from diwan.web.apply.views.pages import frame
from diwan.web.apply.words import parts_html
from diwan.web.signin.words import say


@needs_account
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Show everything before sending; POST sends. A second click, a retry or Back leads to the same case."""
    if request.method == "POST":
        return _sent(request, draft_id)
    sheet = sheet_or_404(request, draft_id)
    if sheet.draft.case_id is not None:
        return HttpResponseRedirect(reverse("apply:receipt", args=[draft_id]))
    return _shown(request, sheet)


@needs_account
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, draft_id: str) -> HttpResponse:
    """A renewal in which nothing has changed: one page with the former answers, the fee and one button."""
    sheet = sheet_or_404(request, draft_id)
    if sheet.draft.case_id is not None:
        return HttpResponseRedirect(reverse("apply:receipt", args=[draft_id]))
    if sheet.service.renewal is None or not sheet.is_short:
        return HttpResponseRedirect(reverse("apply:resume", args=[draft_id]))
    if request.method == "GET":
        return _confirm_shown(request, sheet, {})
    if request.POST.get("do") == "change":
        sheet.save(values={**sheet.values, NOTHING_CHANGED: False}, typed={}, page="")
        return HttpResponseRedirect(reverse("apply:resume", args=[draft_id]))
    here = sheet.pages()[0]
    read = parse_page(sheet.service.form, here, Raw(_declared(request, sheet)), sheet.values, sheet.context)
    sheet.save(values=read.values, typed=read.typed, page=here.key)
    if read.problems or request.POST.get("do") == "price":
        return _confirm_shown(request, sheet, read.problems)
    return _sent(request, draft_id)


def _declared(request: HttpRequest, sheet: Sheet) -> dict[str, list[str]]:
    """What was posted, with "nothing has changed" and the declarations that the button itself says."""
    posted = dict(request.POST.lists())
    posted[NOTHING_CHANGED] = ["yes"]
    for field in sheet.visible():
        if field.kind == "declaration":
            posted[field.key] = ["1"]
    return posted


def _sent(request: HttpRequest, draft_id: str) -> HttpResponse:
    by = actor_of(request)
    try:
        opened = _submit(request, draft_id, by)
    except DraftNotFound as error:
        raise Http404 from error
    except FieldErrors as error:
        problems = {key: found[0] for key, found in error.errors.items()}
        return _shown(request, sheet_or_404(request, draft_id), problems=problems, status=422)
    except Blocked:
        return _shown(request, sheet_or_404(request, draft_id), status=422)
    except FormChanged as error:
        messages.warning(request, say(error))
        return HttpResponseRedirect(reverse("apply:resume", args=[draft_id]))
    except DiwanError as error:
        return _shown(request, sheet_or_404(request, draft_id), notice=say(error), status=422)
    part, about = Draft.objects.filter(pk=draft_id).values_list("part", "amends").get()
    if part:
        messages.success(request, _("Your confirmation was sent."))
        return HttpResponseRedirect(reverse("portal:party", args=[numbers.case_number(about or 0)]))
    if "completion" in request.POST:
        messages.success(request, _("Sent. The request is with us again, and its time runs on."))
        return HttpResponseRedirect(reverse("portal:case", args=[numbers.case_number(opened.case_id)]))
    return HttpResponseRedirect(reverse("apply:receipt", args=[draft_id]))


def _submit(request: HttpRequest, draft_id: str, by: Actor) -> Opened:
    """Send; when an answer that forbade it is out of date, ask the registers again first."""
    try:
        return submit_draft(draft_id=draft_id, by=by)
    except Blocked:
        sheet = sheet_or_404(request, draft_id)
        if lamps.judge(sheet, by.language).is_blocked:
            raise
        return submit_draft(draft_id=draft_id, by=by)


def _shown(
    request: HttpRequest,
    sheet: Sheet,
    *,
    problems: dict[str, Problem] | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    language = actor_of(request).language
    found = sheet.problems() if problems is None else problems
    lamp = lamps.judge(sheet, language)
    context = {
        **frame(sheet, "review", language),
        "sections": sections(sheet, language),
        "lamp": lamp,
        "fee": prices.fee_of_answers(sheet.service, sheet.values, sheet.context, language)
        if sheet.service.fee_lines and sheet.case is None
        else None,
        "errors": [(_address_of(sheet, key), _line(sheet, key, problem, language)) for key, problem in found.items()],
        "can_send": not found and not lamp.is_blocked,
        "notice": notice,
        "expected": in_language(sheet.service.definition.expected.text, language),
    }  # fmt: skip
    return show(request, "review", context, status=status)


def _confirm_shown(request: HttpRequest, sheet: Sheet, problems: dict[str, Problem]) -> HttpResponse:
    language = actor_of(request).language
    here = sheet.pages()[0]
    assumed = {**sheet.values, NOTHING_CHANGED: True}
    groups = group_views(
        sheet.service.form, here, assumed, sheet.context, language, typed=sheet.typed, problems=problems
    )
    asked = [
        field
        for group in groups
        for field in group.fields
        if field.kind != "declaration" and field.key != NOTHING_CHANGED
    ]
    declared = [
        field.widget["declared"] for group in groups for field in group.fields if field.kind == "declaration"
    ]
    context = {
        **frame(sheet, here.key, language),
        "asked": asked,
        "declared": declared,
        "sections": sections(sheet, language, links=False),
        "entry": sheet.context.entry,
        "licence": numbers.show_document_number(str(sheet.context.entry.get("number", ""))),
        "lamp": lamps.judge_assuming(sheet, assumed, language),
        "fee": prices.fee_of_answers(sheet.service, assumed, sheet.context, language),
        "errors": [(f"id_{key}", _line(sheet, key, problem, language)) for key, problem in problems.items()],
    }  # fmt: skip
    return show(request, "confirm", context, status=422 if problems else 200)


def sections(sheet: Sheet, language: str, *, links: bool = True) -> list[dict[str, Any]]:
    """All answers by page, each with the address at which it is changed."""
    rows: dict[str, list[dict[str, Any]]] = {}
    pages = {page.key: page for page in sheet.service.form.pages}
    editable = {page.key for page in sheet.pages()}
    for page, _group, field, value in answered(sheet.service.form, sheet.values, sheet.context):
        shown = kind(field.kind).show(value, field, language, sheet.context)
        may = page.key in editable and not field.fixed and (sheet.case is None or field.key in sheet.asked)
        rows.setdefault(page.key, []).append(
            {
                "label": in_language(field.label, language),
                "value": parts_html(shown) if shown else "",
                "empty": not shown,
                "optional": not field.required,
                "change_url": _change(sheet, page.key, field.key) if links and may else "",
            }
        )
    _add_papers(sheet, rows, language, links=links, editable=editable)
    return [
        {"title": in_language(page.title, language), "rows": rows[key]}
        for key, page in pages.items()
        if key in rows
    ]


def _add_papers(
    sheet: Sheet, rows: dict[str, list[dict[str, Any]]], language: str, *, links: bool, editable: set[str]
) -> None:
    files = papers.shown(sheet)
    for page in sheet.service.form.pages:
        for slot in visible_slots(sheet.service.form, sheet.values, sheet.context):
            if slot.key not in page.slots:
                continue
            may = page.key in editable and (sheet.case is None or slot.key in sheet.asked)
            rows.setdefault(page.key, []).append(
                {
                    "label": in_language(slot.label, language),
                    "files": files.get(slot.key, []),
                    "empty": not files.get(slot.key),
                    "optional": not slot.required,
                    "change_url": _change(sheet, page.key, slot.key) if links and may else "",
                }
            )


def _change(sheet: Sheet, page_key: str, key: str) -> str:
    return f"{reverse('apply:page', args=[sheet.draft.pk, page_key])}?to=review#id_{key}-field"


def _address_of(sheet: Sheet, key: str) -> str:
    page = sheet.page_of(key)
    return _change(sheet, page.key, key) if page is not None else ""


def _line(sheet: Sheet, key: str, problem: Problem, language: str) -> str:
    return f"{sheet.service.label(key, language)}: {message(problem)}"
