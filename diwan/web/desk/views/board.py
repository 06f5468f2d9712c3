"""The board of a section head: load, oldest and late by officer; many tasks moved at once."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from diwan.cases.actions.assign import ASSIGN, assign, release
from diwan.cases.models import OpenTask
from diwan.cases.queries import Queue, queue_page
from diwan.kit import clock
from diwan.kit.errors import DiwanError
from diwan.people.models import Holding, Position
from diwan.web.desk.presenting import row_view
from diwan.web.desk.views.case import frame
from diwan.web.signin.acting import actor_of
from diwan.web.signin.guards import needs_permission
from diwan.web.signin.words import say

PAGE = 100


@needs_permission(ASSIGN)
def board(request: HttpRequest) -> HttpResponse:
    """Officers of the unit with their load; the tasks of one of them, or those with nobody."""
    actor = actor_of(request)
    chosen = request.GET.get("officer", "")
    queue = Queue(assignee_id=int(chosen)) if chosen.isdigit() else Queue(unassigned=True)
    rows = queue_page(actor, queue, limit=PAGE)
    context: dict[str, Any] = {
        **frame(actor),
        "officers": _officers(actor.unit_id or 0, actor.language),
        "chosen": chosen,
        "rows": [row_view(row, actor.language) for row in rows],
        "now": clock.now(),
    }
    return render(request, "desk/board.html", context)


def _officers(unit_id: int, language: str) -> list[dict[str, Any]]:
    now = clock.now()
    loads = {
        row["assignee"]: row
        for row in OpenTask.objects.filter(unit_id=unit_id)
        .values("assignee")
        .annotate(load=Count("id"), oldest=Min("entered_at"), late=Count("id", filter=Q(due_at__lt=now)))
    }
    posts = (
        Position.objects.filter(unit_id=unit_id, roles__permissions__contains=["cases.act"])
        .distinct()
        .order_by("code")
    )
    names = {
        holding.position_id: holding.account
        for holding in Holding.objects.filter(position__in=posts, valid_to__isnull=True).select_related(
            "account"
        )
    }
    found = [
        {
            "id": post.pk,
            "title": post.title_en if language == "en" else post.title_ar,
            "name": _name(names.get(post.pk), language),
            **loads.get(post.pk, {"load": 0, "oldest": None, "late": 0}),
        }
        for post in posts
    ]
    nobody = loads.get(None, {"load": 0, "oldest": None, "late": 0})
    return [{"id": "", "title": "", "name": _("With nobody"), **nobody}, *found]


def _name(account: Any, language: str) -> str:
    if account is None:
        return _("Nobody holds this post")
    return str(account.name_en if language == "en" else account.name_ar)


@needs_permission(ASSIGN)
@require_POST
def move_tasks(request: HttpRequest) -> HttpResponse:
    """Give the ticked tasks to one officer, or back to the unit; what could not be moved is said."""
    actor, to = actor_of(request), request.POST.get("to", "")
    chosen = OpenTask.objects.filter(
        pk__in=[text for text in request.POST.getlist("task") if text.isdigit()][:PAGE]
    )
    moved = 0
    for task in chosen:
        try:
            if to.isdigit():
                assign(case_id=task.case_id, task_id=task.pk, position_id=int(to), by=actor)
            else:
                release(case_id=task.case_id, task_id=task.pk, by=actor)
            moved += 1
        except DiwanError as error:
            messages.error(request, say(error))
    messages.success(
        request, ngettext("%(count)s task moved.", "%(count)s tasks moved.", moved) % {"count": moved}
    )
    return HttpResponseRedirect(f"{reverse('desk:board')}?officer={request.POST.get('officer', '')}")
