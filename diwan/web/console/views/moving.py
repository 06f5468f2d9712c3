"""Moving open requests to another version: tried first, done, recorded, and taken back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diwan.cases.actions.move_version import carry_out, move_version
from diwan.cases.actions.undo_move import take_back, undo_move
from diwan.cases.errors import NotAllowed
from diwan.cases.models import MovedCase
from diwan.cases.services import service_of
from diwan.cases.version_queries import MOST_JUDGED, judged, move_with_cases, target_of
from diwan.cases.wording import stays_text
from diwan.catalogue.compiled import CompiledService
from diwan.kit import numbers
from diwan.kit.errors import N_, DiwanError
from diwan.people.doors import actor_of, needs_permission
from diwan.people.registry import PUBLISH_CATALOGUE
from diwan.ui.saying import say
from diwan.web.console.guards import needs_catalogue
from diwan.web.console.views.change import may_be_moved_to, pair_or_404, query_of, steps_of, versions_or_404

STATES = {
    "waiting": (N_("Waits to be moved"), "info"), "moved": (N_("Moved"), "success"),
    "stayed": (N_("Stayed on its version"), "warning"), "returning": (N_("Waits to be taken back"), "info"),
    "returned": (N_("Moved back"), "plain"),
}  # fmt: skip


@needs_catalogue
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, service: str, number: int) -> HttpResponse:
    """What would happen to each request, with nothing written; POST moves those that were chosen."""
    given = request.POST if request.method == "POST" else request.GET
    rows = versions_or_404(service)
    to, source = pair_or_404(rows, number, given.get("from", ""))
    if not may_be_moved_to(to) or service_of(to.pk).table is None or service_of(source.pk).table is None:
        raise Http404
    if request.method == "GET":
        return _tried(request, service, (source.pk, to.pk), given)
    steps = steps_of(given)
    chosen = [int(case) for case in given.getlist("case") if case.isdecimal()]
    try:
        made = move_version(
            from_version_id=source.pk, to_version_id=to.pk, case_ids=chosen, steps=steps, by=actor_of(request),
            note=given.get("note", "")[:500].strip(),
        )  # fmt: skip
    except NotAllowed as error:
        raise PermissionDenied(say(error)) from error
    except DiwanError as error:
        return _tried(request, service, (source.pk, to.pk), given, problem=say(error))
    carry_out(move_id=made.pk)
    moved = MovedCase.objects.filter(move=made, state=MovedCase.State.MOVED).count()
    told = ngettext("%(count)s request was moved.", "%(count)s requests were moved.", moved) % {
        "count": moved
    }
    messages.success(request, told)
    return HttpResponseRedirect(reverse("console:change_record", args=[service, made.pk]))


@needs_catalogue
@require_GET
def record(request: HttpRequest, service: str, moving: int) -> HttpResponse:
    """Who moved what, when and how, and what became of each request."""
    actor, found = actor_of(request), move_with_cases(moving)
    if found is None or found[0].service != service:
        raise Http404
    made, cases = found
    old, new = service_of(made.from_version_id), service_of(made.to_version_id)
    rows = [_kept(row, old, new, actor.language) for row in cases]
    english = actor.language == "en"
    context = {
        "slug": service, "name": new.name(actor.language), "made": made, "rows": rows,
        "who": made.actor_en if english else made.actor_ar, "title": made.title_en if english else made.title_ar,
        "steps": [
            (old.title(key, actor.language), new.title(value, actor.language)) for key, value in made.steps.items()
        ],
        "waiting": sum(1 for row in cases if row.state in ("waiting", "returning")),
        "may_undo": actor.can(PUBLISH_CATALOGUE) and any(row["can_return"] for row in rows),
    }  # fmt: skip
    return render(request, "console/change_record.html", context)


@needs_permission(PUBLISH_CATALOGUE)
@require_POST
def undo(request: HttpRequest, service: str, moving: int) -> HttpResponse:
    """Take the chosen requests back, or all of them."""
    found = move_with_cases(moving)
    if found is None or found[0].service != service:
        raise Http404
    chosen = [int(case) for case in request.POST.getlist("case") if case.isdecimal()]
    everything = request.POST.get("do") == "all"
    back = HttpResponseRedirect(reverse("console:change_record", args=[service, moving]))
    try:
        undo_move(move_id=moving, by=actor_of(request), case_ids=None if everything else chosen)
    except DiwanError as error:
        messages.error(request, say(error))
        return back
    take_back(move_id=moving)
    states = [row.state for row in (move_with_cases(moving) or found)[1]]
    was = [row.state for row in found[1]]
    done = states.count("returned") - was.count("returned")
    told = ngettext("%(count)s request was taken back.", "%(count)s requests were taken back.", done)
    (messages.success if done else messages.warning)(request, told % {"count": done})
    return back


def _tried(
    request: HttpRequest, service: str, versions: tuple[int, int], given: QueryDict, *, problem: str = ""
) -> HttpResponse:
    language, steps, step = actor_of(request).language, steps_of(given), given.get("step", "")
    target = target_of(*versions, steps)
    found = judged(target, step=step if step in target.old.flow.steps else "")
    picked = set(given.getlist("case")) if request.method == "POST" else None
    rows = [
        {
            "id": one.case_id, "number": numbers.show_case_number(one.case_id),
            "before": _steps(target.old, one.made.steps_before, language),
            "after": _steps(target.new, one.made.steps_after, language),
            "reasons": [stays_text(reason.plain(), language) for reason in one.made.reasons],
            "due_before": one.made.due_before, "due_after": one.made.due_after,
            "dues": [
                {"title": target.new.title(step, language), "before": before, "after": after}
                for step, before, after in one.made.dues
            ],
            "gone": [text.en if language == "en" else text.ar for text in one.made.gone],
            "picked": picked is None or str(one.case_id) in picked,
        }
        for one in found
    ]  # fmt: skip
    context: dict[str, Any] = {
        "slug": service, "name": target.new.name(language), "old": target.old, "new": target.new, "rows": rows,
        "step": target.old.title(step, language) if step else "", "hidden": query_of(target.old.number, steps),
        "movable": sum(1 for one in found if not one.made.reasons), "problem": problem,
        "may_move": actor_of(request).can(PUBLISH_CATALOGUE), "note": given.get("note", ""),
        "many": len(found) >= MOST_JUDGED, "most": MOST_JUDGED,
    }  # fmt: skip
    return render(request, "console/change_move.html", context, status=422 if problem else 200)


def _kept(row: MovedCase, old: CompiledService, new: CompiledService, language: str) -> dict[str, Any]:
    word, sign = STATES[row.state]
    return {
        "id": row.case_id, "number": numbers.show_case_number(row.case_id), "state": _(word), "sign": sign,
        "before": _steps(old, row.steps_before, language), "after": _steps(new, row.steps_after, language),
        "reasons": [stays_text(reason, language) for reason in row.hindrances],
        "can_return": row.state == MovedCase.State.MOVED, "at": row.done_at,
    }  # fmt: skip


def _steps(service: CompiledService, steps: Any, language: str) -> str:
    comma = "، " if language == "ar" else ", "
    return comma.join(dict.fromkeys(service.title(step, language) for step in steps))
