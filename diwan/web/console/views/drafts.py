"""The workshop: the text of a draft beside its diagram, checked as one types, saved right or wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from diwan.bpmn import MOST_BYTES, DiagramError
from diwan.catalogue.actions import TextTooLong, begin_draft, lay_aside, write_draft
from diwan.catalogue.compiled import load_definition
from diwan.catalogue.errors import DraftOver, NoSuchService, NotAllowed, WrittenMeanwhile
from diwan.catalogue.models import WrittenDraft
from diwan.catalogue.queries import shelf, workshop
from diwan.catalogue.queries.texts import (
    MOST_CHARACTERS,
    CatalogueError,
    Judged,
    completion,
    judge,
    take_diagram,
)
from diwan.flow import Table, from_json
from diwan.kit import clock
from diwan.kit.errors import DiwanError
from diwan.people.doors import actor_of, needs_permission
from diwan.people.registry import EDIT_CATALOGUE
from diwan.ui.saying import say
from diwan.web.console.drawing import bpmn, picture
from diwan.web.console.faults import diagram_faults, fault_lines
from diwan.web.console.names import person_name
from diwan.web.console.sandbox_shown import choosable, how_far
from diwan.web.signin.words import problems


@needs_permission(EDIT_CATALOGUE)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a draft from a version (`version`), or a new service."""
    typed = request.POST.get("version", "")
    if typed and not (typed.isdecimal() and len(typed) < 18):
        raise Http404
    try:
        found = begin_draft(version_id=int(typed) if typed else None, by=actor_of(request))
    except NoSuchService as error:
        raise Http404 from error
    return HttpResponseRedirect(reverse("console:draft", args=[found.pk]))


@needs_permission(EDIT_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, draft: int) -> HttpResponse:
    """The text with its faults and the diagram, or what it said as of a `revision`. POST saves it; with `do=check` it
    only looks at it, and with `do=diagram` shows it with the steps of a BPMN file (`diagram`). Neither saves."""
    found = draft_or_404(draft)
    if request.method != "POST":
        earlier = request.GET.get("revision", "")
        text = (
            workshop.revision_text(draft, int(earlier)) if earlier.isdecimal() and len(earlier) < 9 else None
        )
        return draft_page(request, found, found.text if text is None else text)
    text = request.POST.get("text", "")[: MOST_CHARACTERS + 1]
    pressed = request.POST.get("do")
    if pressed == "check":
        return draft_page(request, found, text, judged=_judged(found, text))
    if pressed == "diagram":
        return _from_diagram(request, found, text)
    revision = request.POST.get("revision", "")
    try:
        saved, judged = write_draft(
            draft_id=draft,
            text=text,
            revision=int(revision) if revision.isdecimal() else 0,
            by=actor_of(request),
        )
    except NotAllowed as error:
        raise PermissionDenied(say(error)) from error
    except (WrittenMeanwhile, DraftOver, TextTooLong) as error:
        return draft_page(request, found, text, errors={"text": say(error)})
    if judged.faults:
        return draft_page(request, draft_or_404(saved.pk), text, judged=judged, kept=True)
    messages.success(request, _("Saved. The text has no faults."))
    return HttpResponseRedirect(reverse("console:draft", args=[draft]))


def _from_diagram(request: HttpRequest, found: WrittenDraft, text: str) -> HttpResponse:
    file = request.FILES.get("diagram")
    if not isinstance(file, UploadedFile):
        return draft_page(request, found, text, errors={"diagram": _("Choose the diagram first.")})
    try:
        made = take_diagram(text.replace("\r\n", "\n"), file.read(MOST_BYTES + 1))
    except DiagramError as error:
        refused = {"diagram": _("The diagram was not taken in. What stands in the way is listed below it.")}
        return draft_page(request, found, text, errors=refused, in_the_way=diagram_faults(error))
    except CatalogueError:
        unread = {
            "diagram": _(
                "The text can't be read as it stands. Mend its first fault, then choose the diagram again."
            )
        }
        return draft_page(request, found, text, errors=unread)
    messages.info(
        request,
        _("The steps are those of the diagram now, the rest of the text is as it was. Nothing is saved yet."),
    )
    return draft_page(request, found, made, judged=_judged(found, made))


@needs_permission(EDIT_CATALOGUE)
@require_POST
def check(request: HttpRequest, draft: int) -> HttpResponse:
    """For the editor: what is wrong with the text as it stands, and its diagram when nothing is."""
    found = draft_or_404(draft)
    text = request.POST.get("text", "")[: MOST_CHARACTERS + 1]
    judged = _judged(found, text)
    table = _table(judged)
    drawn = bpmn(table, actor_of(request).language).decode() if table is not None else ""
    return JsonResponse({"faults": fault_lines(judged.faults, text), "bpmn": drawn})


@needs_permission(EDIT_CATALOGUE)
@require_POST
def aside(request: HttpRequest, draft: int) -> HttpResponse:
    """Lay the draft aside."""
    found = draft_or_404(draft)
    try:
        lay_aside(draft_id=draft, by=actor_of(request))
    except DiwanError as error:
        messages.error(request, say(error))
        return HttpResponseRedirect(reverse("console:draft", args=[draft]))
    messages.success(request, _("The draft is laid aside. What was written is kept."))
    if found.service is None:
        return HttpResponseRedirect(reverse("console:services"))
    return HttpResponseRedirect(reverse("console:service", args=[found.service.slug]))


def draft_or_404(draft: int) -> WrittenDraft:
    """A draft with its version and service."""
    found = workshop.draft_of(draft)
    if found is None:
        raise Http404
    return found


def draft_page(
    request: HttpRequest,
    found: WrittenDraft,
    text: str,
    *,
    judged: Judged | None = None,
    errors: dict[str, str] | None = None,
    kept: bool = False,
    in_the_way: Sequence[Mapping[str, Any]] = (),
) -> HttpResponse:
    """The page of a draft with a text that may be newer than the saved one. `in_the_way`: of a diagram that was not
    taken in."""
    actor = actor_of(request)
    looked = judged if judged is not None else _judged(found, text)
    table = _table(looked)
    requests = workshop.publications_of(found.version_id) if found.version_id else []
    context: dict[str, Any] = {
        "draft": found, "text": text, "kept": kept, "was_checked": judged is not None,
        "by": person_name(found.changed_by, actor.language), "faults": fault_lines(looked.faults, text),
        "picture": picture(table if table is not None else _last_table(found), actor.language),
        "is_last": table is None, "is_over": found.ended_at is not None, "changed": text != found.text,
        "unsaved": text != found.text and request.method == "POST",
        "requests": [
            {"row": row, "asker": person_name(row.asked_by, actor.language),
             "decider": person_name(row.decided_by, actor.language)}
            for row in requests
        ],
        "revisions": [
            {"row": row, "by": person_name(row.by, actor.language)} for row in workshop.revisions_of(found.pk)
        ],
        "words": completion(shelf(None), actor.language),
        "try_people": choosable(load_definition(found.version), actor.language)
        if found.version is not None and found.is_whole else [],
        "how_far": how_far(found.version, actor.language) if found.version is not None and found.is_whole else None,
        "in_the_way": in_the_way,
        "waits": any(row.state == "waiting" for row in requests), "today": clock.today(), **problems(errors or {}),
    }  # fmt: skip
    return render(request, "console/draft.html", context, status=422 if errors or kept else 200)


def _judged(found: WrittenDraft, text: str) -> Judged:
    return judge(text, shelf(None), service=found.service)


def _table(judged: Judged) -> Table | None:
    kept = (judged.compiled or {}).get("table")
    return from_json(kept) if kept is not None else None


def _last_table(found: WrittenDraft) -> Table | None:
    """The workflow of the last text without faults: of the draft's version, else of the one it began from."""
    row = found.version if found.version is not None else found.base
    return load_definition(row).table if row is not None else None
