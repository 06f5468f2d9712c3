"""One page of the form at a time: shown, saved as typed, looked up, left and resumed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diwan.cases.actions.drafts import DraftChanged, DraftNotFound, discard_draft
from diwan.forms.entry import Read, parse_page
from diwan.forms.plan import Page
from diwan.forms.raw import Raw
from diwan.forms.showing import LOOK, group_views, slot_views
from diwan.forms.showing import summary as summary_of
from diwan.kit import clock
from diwan.kit.errors import Problem
from diwan.people.doors import actor_of, needs_account
from diwan.web.apply import papers
from diwan.web.apply.rooms import is_own, sheet_or_404, show
from diwan.web.apply.sheets import Sheet
from diwan.web.apply.words import changes_told
from diwan.web.signin.words import first_address, say

LEAVE, BACK = "leave", "back"
REVIEW = "review"


@needs_account
@require_GET
def resume(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Go on where the draft was left; a submitted one leads to its receipt."""
    sheet = sheet_or_404(request, draft_id)
    if sheet.draft.case_id is not None:
        return HttpResponseRedirect(reverse("apply:receipt", args=[draft_id]))
    pages = sheet.pages()
    reached = sheet.draft.page
    if reached == REVIEW or not pages:
        return HttpResponseRedirect(_address(sheet, REVIEW))
    key = reached if any(page.key == reached for page in pages) else pages[0].key
    return HttpResponseRedirect(_address(sheet, key))


@needs_account
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, draft_id: str, key: str) -> HttpResponse:
    """Show a page; or read what was typed and go on, back, or away. Nothing typed is lost."""
    sheet = sheet_or_404(request, draft_id)
    if sheet.draft.case_id is not None:
        return HttpResponseRedirect(reverse("apply:receipt", args=[draft_id]))
    here = sheet.page(key)
    if here is None:
        return HttpResponseRedirect(reverse("apply:resume", args=[draft_id]))
    if request.method == "GET":
        return _shown(request, sheet, here, problems=_standing_problems(sheet, here))
    return _posted(request, sheet, here)


@needs_account
@require_POST
def autosave(request: HttpRequest, draft_id: str, key: str) -> JsonResponse:
    """Keep what is typed; answers `{"saved_at": "10:42", "fields": {"revision": 7}}`."""
    sheet = sheet_or_404(request, draft_id)
    here = sheet.page(key)
    if here is None or sheet.draft.case_id is not None:
        return JsonResponse({"message": say(DraftNotFound())}, status=404)
    read = _read(sheet, here, request, partial=True)
    try:
        _save(sheet, here, read, request, page=here.key)
    except (DraftNotFound, DraftChanged) as error:
        return JsonResponse({"message": say(error)}, status=409)
    saved_at = f"{clock.local(clock.real_now()):%H:%M}"
    return JsonResponse({"saved_at": saved_at, "fields": {"revision": sheet.draft.revision}})


@needs_account
@require_POST
def discard(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Throw the draft away."""
    own = is_own(sheet_or_404(request, draft_id).draft)
    try:
        discard_draft(draft_id=draft_id, by=actor_of(request))
    except DraftNotFound as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _("The draft was deleted."))
    return HttpResponseRedirect(home_of(request, own=own))


def home_of(request: HttpRequest, *, own: bool = False) -> str:
    """Where somebody goes who leaves a form; `own`: an employee, one of her own."""
    if own:
        return reverse("desk:mine")
    if actor_of(request).is_staff:
        return first_address("counter:home", "desk:home", "portal:home")
    return first_address("portal:my_cases", "portal:home")


def _posted(request: HttpRequest, sheet: Sheet, here: Page) -> HttpResponse:
    raw = Raw(request.POST)
    if raw.has(LOOK):  # only asks for a list: nothing is kept, so that a page open beside it stays in step
        read = _read(sheet, here, request, partial=True)
        return _shown(request, sheet, here, looking=raw, values=read.values)
    dropping = any(name.endswith("-drop") for name in request.POST)
    wanted = request.POST.get("do")
    read = _read(sheet, here, request, partial=dropping or wanted in (LEAVE, BACK))
    revision, sheet.draft.data = sheet.draft.revision, read.values
    refused = papers.receive_posted(sheet, here, dict(request.FILES.lists()))
    problems = {**read.problems, **papers.slots_missing(sheet, here), **refused}
    going_on = not dropping and wanted not in (LEAVE, BACK) and not problems
    try:
        _save(sheet, here, read, request, page=_after(request, sheet, here) if going_on else here.key)
    except DraftChanged as error:
        sheet.draft.revision = revision
        return _shown(request, sheet, here, looking=raw, notice=say(error), status=409)
    if dropping:
        return _shown(request, sheet, here)
    if wanted == LEAVE and not refused:
        messages.success(request, _("Saved. Your draft waits where you left it."))
        return HttpResponseRedirect(home_of(request, own=is_own(sheet.draft)))
    if wanted == BACK and not refused:
        return HttpResponseRedirect(_previous(sheet, here))
    if problems and _only_new(sheet, problems, raw):
        return _shown(request, sheet, here, notice=_("Your answers bring up a few more questions."))
    if problems:
        return _shown(request, sheet, here, problems=problems, status=422)
    return HttpResponseRedirect(_address(sheet, sheet.draft.page))


def _only_new(sheet: Sheet, problems: Mapping[str, Problem], raw: Raw) -> bool:
    """Whether nothing is wrong but that questions wait which were not on the page that was sent."""
    return all(
        problem.code == "forms.missing"
        and sheet.service.form.field(key) is not None
        and not _was_asked(key, raw)
        for key, problem in problems.items()
    )


def _was_asked(key: str, raw: Raw) -> bool:
    return raw.has(f"asked-{key}")


def _read(sheet: Sheet, here: Page, request: HttpRequest, *, partial: bool) -> Read:
    return parse_page(
        sheet.service.form, here, Raw(request.POST), sheet.values, sheet.context, partial=partial
    )


def _save(sheet: Sheet, here: Page, read: Read, request: HttpRequest, *, page: str) -> None:
    """Keep values and unreadable texts; of other pages what stood there. `page` is where the draft is resumed."""
    own = {field.key for group in here.groups for field in group.fields}
    others = {name: texts for name, texts in sheet.typed.items() if name.split("-")[0] not in own}
    revision = request.POST.get("revision", "")
    sheet.save(
        values=read.values,
        typed={**others, **read.typed},
        page=page,
        revision=int(revision) if revision.isdecimal() else None,
    )


def _standing_problems(sheet: Sheet, here: Page) -> dict[str, Problem]:
    """Problems of what was typed earlier and could not be read; what is merely missing is no problem yet."""
    if not sheet.typed:
        return {}
    return parse_page(
        sheet.service.form, here, Raw(sheet.typed), sheet.values, sheet.context, partial=True
    ).problems


def _after(request: HttpRequest, sheet: Sheet, here: Page) -> str:
    """Key of the page that follows; `review` after the last, or when a single answer was changed."""
    if request.POST.get("to") == REVIEW:
        return REVIEW
    keys = [page.key for page in sheet.pages()]
    rest = keys[keys.index(here.key) + 1 :] if here.key in keys else keys[:1]
    return rest[0] if rest else REVIEW


def _address(sheet: Sheet, key: str) -> str:
    if key == REVIEW:
        return reverse("apply:review", args=[sheet.draft.pk])
    return reverse("apply:page", args=[sheet.draft.pk, key])


def _previous(sheet: Sheet, here: Page) -> str:
    keys = [page.key for page in sheet.pages()]
    place = keys.index(here.key) if here.key in keys else 0
    if place == 0 and is_own(sheet.draft):
        return reverse("desk:mine")
    if place == 0:
        return reverse("portal:service", args=[sheet.service.slug])
    return reverse("apply:page", args=[sheet.draft.pk, keys[place - 1]])


def _shown(
    request: HttpRequest,
    sheet: Sheet,
    here: Page,
    *,
    problems: Mapping[str, Problem] | None = None,
    looking: Raw | None = None,
    values: Mapping[str, Any] | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    language = actor_of(request).language
    found = problems or {}
    values = sheet.values if values is None else values
    groups = group_views(
        sheet.service.form, here, values, sheet.context, language,
        typed=sheet.typed, problems=found, remarks=sheet.remarks, looking=looking,
    )  # fmt: skip
    slots = slot_views(
        sheet.service.form, here, values, sheet.context, language,
        files=papers.shown(sheet), problems=found, remarks=sheet.remarks,
    )  # fmt: skip
    context: dict[str, Any] = {
        **frame(sheet, here.key, language),
        "page": here,
        "page_title": sheet.title(here, language),
        "intro": (here.intro.en if language == "en" else here.intro.ar) if here.intro else "",
        "groups": groups,
        "slots": slots,
        "errors": [(line.id, f"{line.label}: {line.text}") for line in summary_of(sheet.service.form, found, language)],
        "notice": notice,
        "carried": _told(sheet, here, language),
        "has_map": any(field.kind == "place" for group in groups for field in group.fields),
        "has_conditions": any(group.when or field.when for group in here.groups for field in group.fields),
        "upload_url": reverse("apply:upload", args=[sheet.draft.pk]),
        "districts_url": reverse("apply:districts"),
        "streets_url": reverse("apply:streets"),
        "to_review": request.GET.get("to") == "review" or request.POST.get("to") == "review",
    }  # fmt: skip
    return show(request, "page", context, status=status)


def _told(sheet: Sheet, here: Page, language: str) -> list[tuple[str, str]]:
    """On the first page: what changed since the draft was begun on an earlier form."""
    if not sheet.draft.carried or here.key != sheet.pages()[0].key:
        return []
    return changes_told(sheet.draft, language)


def frame(sheet: Sheet, current: str, language: str) -> dict[str, Any]:
    """What every page of one draft shows: stepper, name of the service, whom it is for."""
    pages = sheet.pages()
    steps = [
        (sheet.title(one, language), reverse("apply:page", args=[sheet.draft.pk, one.key])) for one in pages
    ]
    steps.append((_("Review and send"), reverse("apply:review", args=[sheet.draft.pk])))
    keys = [one.key for one in pages]
    applicant = sheet.context.applicant
    name = "establishment" if applicant.get("kind") == "establishment" else "name"
    return {
        "draft": sheet.draft,
        "service": sheet.service,
        "service_name": sheet.service.name(language),
        "steps": steps,
        "step": keys.index(current) + 1 if current in keys else len(steps),
        "for_whom": applicant.get(f"{name}_{language}") or applicant.get(f"{name}_ar", ""),
        "completes": sheet.case,
        "quiet": sheet.service.quiet,
        "expires": clock.local(sheet.draft.expires_at).date(),
    }
