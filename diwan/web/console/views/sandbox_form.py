"""The form of a run: its pages with the product's own fields, papers as marks; and what a register is taken to hold."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from diwan.forms.context import FormContext
from diwan.forms.entry import missing, parse_page, plan_pages, visible_slots
from diwan.forms.plan import Field, FormPlan, Group, Page, Slot, in_language
from diwan.forms.raw import Raw
from diwan.forms.showing import LOOK, group_views
from diwan.forms.showing import summary as summary_of
from diwan.kit.errors import DiwanError, Problem
from diwan.people.doors import actor_of
from diwan.sandbox.actions import keep_answers, keep_entry
from diwan.sandbox.errors import NotYours
from diwan.sandbox.models import Run
from diwan.sandbox.samples import fill
from diwan.sandbox.setting import Setting, setting_of
from diwan.ui.saying import say
from diwan.web.console.guards import needs_catalogue
from diwan.web.console.views.sandbox import run_or_404

ENTRY = "entry"


@needs_catalogue
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, run: int, key: str) -> HttpResponse:
    """A page of the form. POST keeps what was typed, right or wrong, and goes on when nothing is wrong."""
    found = run_or_404(run)
    setting = setting_of(found)
    plan = setting.service.form
    here = next((one for one in plan.pages if one.key == key), None)
    if here is None:
        raise Http404
    context = setting.context(here.by)
    if request.method != "POST":
        return _shown(request, found, plan, here, context)
    if request.POST.get("do") == "samples":
        return _filled(request, found, [here])
    raw = Raw(request.POST)
    partial = bool(request.POST.get("do") == "leave" or raw.has(LOOK))
    read = parse_page(plan, here, raw, found.values, context, partial=partial)
    slots = [slot for slot in visible_slots(plan, read.values, context) if slot.key in here.slots]
    papers = (set(found.papers) - set(here.slots)) | {
        slot.key for slot in slots if raw.has(f"paper-{slot.key}")
    }
    found.values = read.values
    if raw.has(LOOK):
        return _shown(request, found, plan, here, context, looking=raw)
    own = {field.key for group in here.groups for field in group.fields}
    typed = {name: one for name, one in found.typed.items() if name.split("-")[0] not in own}
    try:
        found = keep_answers(
            run_id=run, revision=_revision(request), values=read.values, typed={**typed, **read.typed},
            papers=sorted(papers), by=actor_of(request),
        )  # fmt: skip
    except NotYours as error:
        raise PermissionDenied(say(error)) from error
    except DiwanError as error:
        return _shown(request, found, plan, here, context, looking=raw, notice=say(error))
    wrong = {**read.problems, **({} if partial else _papers_missing(slots, papers))}
    if wrong and not partial:
        return _shown(request, found, plan, here, context, wrong=wrong)
    return HttpResponseRedirect(_after(found, setting, here, stay=partial))


@needs_catalogue
@require_POST
def samples(request: HttpRequest, run: int) -> HttpResponse:
    """Fill every page of the applicant with sample answers, and give every paper a test file."""
    found = run_or_404(run)
    return _filled(request, found, [one for one in setting_of(found).service.form.pages if not one.by])


@needs_catalogue
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, run: int) -> HttpResponse:
    """What a register is taken to hold of the licence that the service renews or is about."""
    found = run_or_404(run)
    setting = setting_of(found)
    fields = tuple(replace(field, fixed=False, required=False, when=None) for field in setting.kept_fields())
    if not fields:
        raise Http404
    here = Page(key=ENTRY, title=setting.service.definition.name, groups=(Group(key=ENTRY, fields=fields),))
    plan = FormPlan(pages=(here,))
    context = setting.context()
    kept = {field.key: setting.entry.get((field.prefill or "").partition(".")[2]) for field in fields}
    values = {key: value for key, value in kept.items() if value is not None}
    if request.method != "POST":
        return _entry_shown(request, found, plan, here, context, values)
    raw = Raw(request.POST)
    read = parse_page(plan, here, raw, {}, context, partial=raw.has(LOOK))
    if read.problems or raw.has(LOOK):
        return _entry_shown(request, found, plan, here, context, read.values, raw, read.problems)
    names = {field.key: (field.prefill or "").partition(".")[2] for field in fields}
    try:
        keep_entry(
            run_id=run, revision=_revision(request), by=actor_of(request),
            entry={names[key]: value for key, value in read.values.items()},
        )  # fmt: skip
    except NotYours as error:
        raise PermissionDenied(say(error)) from error
    except DiwanError as error:
        return _entry_shown(request, found, plan, here, context, read.values, raw, {}, say(error))
    return HttpResponseRedirect(reverse("console:sandbox_run", args=[run]))


def _filled(request: HttpRequest, found: Run, pages: list[Page]) -> HttpResponse:
    setting = setting_of(found)
    plan, values, papers = setting.service.form, found.values, set(found.papers)
    for one in pages:
        context = setting.context(one.by)
        values = fill(plan, one, values, context)
        papers |= {
            slot.key
            for slot in visible_slots(plan, values, context)
            if slot.key in one.slots and slot.required
        }
    try:
        keep_answers(
            run_id=found.pk, revision=_revision(request), values=values, typed={}, papers=sorted(papers),
            by=actor_of(request),
        )  # fmt: skip
    except NotYours as error:
        raise PermissionDenied(say(error)) from error
    except DiwanError as error:
        return _shown(request, found, plan, pages[0], setting.context(pages[0].by), notice=say(error))
    messages.success(request, _("Filled in and kept. What nothing fits is still open."))
    if len(pages) == 1:
        return HttpResponseRedirect(reverse("console:sandbox_page", args=[found.pk, pages[0].key]))
    return HttpResponseRedirect(reverse("console:sandbox_run", args=[found.pk]))


def _papers_missing(slots: list[Slot], papers: set[str]) -> dict[str, Problem]:
    text = missing(Field(key="", kind="file", label=slots[0].label)) if slots else None
    return {slot.key: text for slot in slots if text is not None and slot.required and slot.key not in papers}


def _after(found: Run, setting: Setting, here: Page, *, stay: bool) -> str:
    """Where one goes on: the next page of the same part that is asked, else the run."""
    context = setting.context(here.by)
    keys = [one.key for one in plan_pages(setting.service.form, found.values, context)]
    rest = keys[keys.index(here.key) + 1 :] if here.key in keys else []
    if rest and not stay:
        return reverse("console:sandbox_page", args=[found.pk, rest[0]])
    return reverse("console:sandbox_run", args=[found.pk])


def _shown(
    request: HttpRequest, found: Run, plan: FormPlan, here: Page, context: FormContext, *,
    wrong: dict[str, Problem] | None = None, looking: Raw | None = None, notice: str = "",
) -> HttpResponse:  # fmt: skip
    language = actor_of(request).language
    groups = group_views(
        plan, here, found.values, context, language, typed=found.typed, problems=wrong, looking=looking
    )
    slots = [slot for slot in visible_slots(plan, found.values, context) if slot.key in here.slots]
    return _rendered(
        request, found, here, language, groups=groups, wrong=bool(wrong) or bool(notice), notice=notice,
        errors=[(one.id, f"{one.label}: {one.text}") for one in summary_of(plan, wrong or {}, language)],
        slots=[
            {"key": slot.key, "label": in_language(slot.label, language), "required": slot.required,
             "on": slot.key in found.papers, "error": slot.key in (wrong or {})}
            for slot in slots
        ],
        title=in_language(here.title, language), is_entry=False,
    )  # fmt: skip


def _entry_shown(
    request: HttpRequest, found: Run, plan: FormPlan, here: Page, context: FormContext, values: dict[str, Any],
    looking: Raw | None = None, wrong: dict[str, Problem] | None = None, notice: str = "",
) -> HttpResponse:  # fmt: skip
    language = actor_of(request).language
    return _rendered(
        request, found, here, language, wrong=bool(wrong) or bool(notice), notice=notice, slots=[], is_entry=True,
        groups=group_views(plan, here, values, context, language, problems=wrong, looking=looking),
        errors=[(one.id, f"{one.label}: {one.text}") for one in summary_of(plan, wrong or {}, language)], title="",
    )  # fmt: skip


def _rendered(
    request: HttpRequest,
    found: Run,
    here: Page,
    language: str,
    *,
    groups: list[Any],
    wrong: bool,
    **more: Any,
) -> HttpResponse:
    service = setting_of(found).service
    context = {
        "run": found, "page": here, "name": service.name(language), "groups": groups,
        "is_mine": found.begun_by_id == actor_of(request).account_id,
        "has_map": any(field.kind == "place" for group in groups for field in group.fields),
        "districts_url": reverse("apply:districts"), "streets_url": reverse("apply:streets"), **more,
    }  # fmt: skip
    return render(request, "console/sandbox_form.html", context, status=422 if wrong else 200)


def _revision(request: HttpRequest) -> int:
    typed = request.POST.get("revision", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0
