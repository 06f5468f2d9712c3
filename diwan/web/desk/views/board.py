"""The board of a section head: load, oldest and late by officer; tasks moved by hand, or shared out evenly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from diwan.cases.actions.assign import ASSIGN, assign, release
from diwan.cases.models import OpenTask
from diwan.cases.queries import Queue, queue_page, queue_tasks
from diwan.kit import clock
from diwan.kit.errors import DiwanError
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_permission
from diwan.people.models import Position
from diwan.people.registry import ACT
from diwan.web.desk.rows import names_at, row_views
from diwan.web.desk.views.frame import frame
from diwan.web.signin.words import say

PAGE: Final = 100
MOST: Final = 500
NOBODY: Final = "none"


@dataclass(frozen=True, slots=True)
class Load:
    """What waits at one post."""

    load: int = 0
    late: int = 0
    oldest: datetime | None = None


@needs_permission(ASSIGN)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Officers of the unit with their load; the tasks of one of them, of nobody, or of all."""
    actor = actor_of(request)
    chosen = request.GET.get("officer", NOBODY)
    rows = queue_page(actor, _queue(chosen), limit=PAGE)
    context: dict[str, Any] = {
        **frame(request),
        "officers": _officers(actor),
        "chosen": chosen,
        "rows": row_views(rows, actor.language, with_names=True),
        "can_share": chosen.isdecimal() and bool(rows),
    }
    return render(request, "desk/board.html", context)


def _queue(chosen: str) -> Queue:
    if chosen.isdecimal():
        return Queue(assignee_id=int(chosen))
    return Queue(unassigned=chosen == NOBODY)


def _loads(unit_id: int) -> Mapping[int | None, Load]:
    """Load by post; under None what nobody has. One statement."""
    now = clock.now()
    rows = (
        OpenTask.objects.filter(unit_id=unit_id)
        .values("assignee")
        .annotate(load=Count("id"), oldest=Min("entered_at"), late=Count("id", filter=Q(due_at__lt=now)))
    )
    return {row["assignee"]: Load(row["load"], row["late"], row["oldest"]) for row in rows}


def _posts(unit_id: int) -> list[Position]:
    found = Position.objects.filter(
        unit_id=unit_id, roles__permissions__contains=[ACT], valid_to__isnull=True
    )
    return list(found.prefetch_related("roles").distinct().order_by("level", "code"))


def _officers(actor: Actor) -> list[dict[str, Any]]:
    loads, posts = _loads(actor.unit_id or 0), _posts(actor.unit_id or 0)
    names = names_at((post.pk for post in posts), actor.language)
    most = max((load.load for load in loads.values()), default=0) or 1
    found = [
        {
            "id": str(post.pk),
            "title": post.title_en if actor.language == "en" else post.title_ar,
            "name": names.get(post.pk) or _("Nobody holds this post"),
            "load": loads.get(post.pk, Load()),
        }
        for post in posts
    ]
    nobody = {"id": NOBODY, "title": "", "name": _("With nobody"), "load": loads.get(None, Load())}
    return [{**one, "most": most} for one in [nobody, *found]]


@needs_permission(ASSIGN)
@require_POST
def move_tasks(request: HttpRequest) -> HttpResponse:
    """Give the ticked tasks to one officer, or back to the unit; what could not be moved is said."""
    actor, to = actor_of(request), request.POST.get("to", "")
    ticked = [int(text) for text in request.POST.getlist("task") if text.isdecimal()][:PAGE]
    tasks = queue_tasks(actor).filter(pk__in=ticked)
    _tell(request, [_give(task, int(to) if to.isdecimal() else None, actor) for task in tasks])
    return HttpResponseRedirect(f"{reverse('desk:board')}?officer={request.POST.get('officer', '')}")


@needs_permission(ASSIGN)
@require_POST
def rebalance(request: HttpRequest) -> HttpResponse:
    """Somebody is away: share the tasks out among the others, each to whoever has least and may do it."""
    actor, away = actor_of(request), request.POST.get("officer", "")
    if not away.isdecimal():
        return HttpResponseRedirect(reverse("desk:board"))
    loads, posts = dict(_loads(actor.unit_id or 0)), _posts(actor.unit_id or 0)
    held = names_at((post.pk for post in posts), actor.language)
    said = []
    for task in queue_tasks(actor, Queue(assignee_id=int(away)))[:MOST]:
        to = _least(task, (post for post in posts if post.pk != int(away) and post.pk in held), loads)
        said.append(_give(task, to, actor))
        if to is not None:
            loads[to] = Load(loads.get(to, Load()).load + 1)
    _tell(request, said)
    return HttpResponseRedirect(f"{reverse('desk:board')}?officer={away}")


def _least(task: OpenTask, posts: Iterable[Position], loads: Mapping[int | None, Load]) -> int | None:
    """The post with the task's role that has least to do; None when there is no other."""
    fitting = [post.pk for post in posts if task.role in {role.code for role in post.roles.all()}]
    return min(fitting, key=lambda post: (loads.get(post, Load()).load, post), default=None)


def _give(task: OpenTask, to: int | None, actor: Actor) -> str:
    """Move one task; the refusal in words, "" when it was moved."""
    try:
        if to is not None:
            assign(case_id=task.case_id, task_id=task.pk, position_id=to, by=actor)
        else:
            release(case_id=task.case_id, task_id=task.pk, by=actor)
    except DiwanError as error:
        return say(error)
    return ""


def _tell(request: HttpRequest, said: list[str]) -> None:
    for words in dict.fromkeys(filter(None, said)):
        messages.error(request, words)
    moved = said.count("")
    if moved:
        text = ngettext("%(count)s task moved.", "%(count)s tasks moved.", moved) % {"count": moved}
        messages.success(request, text)
    elif not said:
        messages.info(request, _("No task was chosen."))
