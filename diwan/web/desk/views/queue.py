"""The morning page: what is late, due today, came back, has nobody; mine and my unit's; the one box for numbers."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diwan.audit.actions import AccessNote, log_access
from diwan.cases.queries import COUNT_LIMIT, Counts, Queue, QueueRow, queue_counts, queue_page, queue_tasks
from diwan.cases.services import service_of
from diwan.catalogue.queries import compiled_service, staff_service
from diwan.kit import clock
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_staff
from diwan.web.desk.rows import row_views
from diwan.web.desk.steps import exits_of
from diwan.web.desk.views.frame import frame

PAGE: Final = 50
PRINTED: Final = 500
_NARROWING: Final = ("late", "today", "returned", "unassigned")


def asked_queue(request: HttpRequest) -> Queue:
    """The queue that the address asks for; mine unless the unit's is asked."""
    get = request.GET
    return Queue(
        mine=get.get("of", "mine") == "mine" and actor_of(request).entity_id is None,
        late=get.get("only") == "late",
        today=get.get("only") == "today",
        returned=get.get("only") == "returned",
        unassigned=get.get("only") == "unassigned",
        service=get.get("service", "")[:80],
        step=get.get("step", "")[:60],
    )


@needs_staff
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """A queue with its counts; at most 12 statements, those of the session and the capacity among them."""
    actor = actor_of(request)
    told = frame(request)
    if not told["has_queue"]:
        return _elsewhere(request, told)
    queue, counts, others = _counted(request, actor)
    rows = queue_page(actor, queue, after=_after(request), limit=PAGE + 1)
    _note_names(actor, rows[:PAGE])
    context: dict[str, Any] = {
        **told,
        "queue": queue,
        "of": "mine" if queue.mine else "unit",
        "only": next((name for name in _NARROWING if getattr(queue, name)), ""),
        "tabs": _tabs(queue, counts),
        "rows": row_views(
            rows[:PAGE],
            actor.language,
            with_names=not queue.mine and actor.entity_id is None,
            outside=actor.entity_id is not None,
        ),
        "older": _older(request, rows),
        "bulk": _bulk_actions(rows[:PAGE], actor.language),
        "steps": _steps(actor, queue),
        "fresh_url": _fresh_url(queue),
        "other_count": "" if others is None else _count(others.all),
        "whole_count": _count(counts.all),
    }
    context["many_services"] = len({row["slug"] for row in context["rows"]}) > 1
    return render(request, "desk/queue.html", context)


def _counted(request: HttpRequest, actor: Actor) -> tuple[Queue, Counts, Counts | None]:
    """The queue with its counts and those of the other one: mine beside my unit's; an outside body has one only.

    Whoever has taken nothing over and has not asked for an own list begins with the unit's.
    """
    queue = asked_queue(request)
    counts = queue_counts(actor, Queue(mine=queue.mine))
    if actor.entity_id is not None:
        return queue, counts, None
    others = queue_counts(actor, Queue(mine=not queue.mine))
    if queue.mine and "of" not in request.GET and not counts.all and others.all:
        return replace(queue, mine=False), others, counts
    return queue, counts, others


def _note_names(actor: Actor, rows: list[QueueRow]) -> None:
    """Whose names a list has shown to whom, in one statement; apart from the reads of the cases themselves."""
    log_access(by=actor, notes=[AccessNote("listed", str(row.case.pk), "desk.queue") for row in rows])


def _elsewhere(request: HttpRequest, told: dict[str, Any]) -> HttpResponse:
    """A post without a queue starts where its work is."""
    for flag, name in (
        ("is_clerk", "counter:home"),
        ("reads_audit", "desk:audit"),
        ("reads_payments", "desk:finance"),
        ("reads_numbers", "desk:numbers"),
    ):
        if told[flag]:
            return HttpResponseRedirect(reverse(name))
    return render(request, "desk/no_queue.html", told)


def _after(request: HttpRequest) -> tuple[datetime | None, int] | None:
    due, _sign, last = request.GET.get("after", "").rpartition("~")
    if not last.isdecimal():
        return None
    try:
        return (datetime.fromisoformat(due) if due else None), int(last)
    except ValueError:
        return None


def _older(request: HttpRequest, rows: list[QueueRow]) -> str:
    if len(rows) <= PAGE:
        return ""
    last = rows[PAGE - 1].task
    due = last.due_at.isoformat() if last.due_at else ""
    return "?" + urlencode({**request.GET.dict(), "after": f"{due}~{last.pk}"})


def _tabs(queue: Queue, counts: Counts) -> list[dict[str, Any]]:
    """The narrowings above the list with their counts; 1,001 reads "more than 1,000"."""
    titles = {
        "": _("All"),
        "late": _("Late"),
        "today": _("Due today"),
        "returned": _("Came back"),
        "unassigned": _("With nobody"),
    }
    now = next((name for name in _NARROWING if getattr(queue, name)), "")
    shown = [name for name in titles if name != "unassigned" or not queue.mine]
    return [
        {
            "title": titles[name],
            "url": "?" + _query(queue, only=name),
            "count": _narrowed_count(counts, name) if name else _count(counts.all),
            "current": now == name,
            "late": name == "late" and counts.late > 0,
        }
        for name in shown
    ]


def _query(queue: Queue, *, only: str) -> str:
    asked = {
        "of": "mine" if queue.mine else "unit",
        "only": only,
        "step": queue.step,
        "service": queue.service,
    }
    return urlencode({name: value for name, value in asked.items() if value})


def _count(found: int) -> str:
    return f"+{COUNT_LIMIT:,}" if found > COUNT_LIMIT else str(found)


def _narrowed_count(counts: Counts, name: str) -> str:
    """The number beside a narrowing. A queue of more than 1,000 is counted by its first 1,001, the late ones first:
    what they do not tell exactly reads "+12", and nothing where none was among them."""
    found: int = getattr(counts, name)
    before = {"late": 0, "today": counts.late}.get(name, COUNT_LIMIT)
    if counts.all <= COUNT_LIMIT or before + found <= COUNT_LIMIT:
        return str(found)
    return f"+{min(found, COUNT_LIMIT):,}" if found else ""


def _steps(actor: Actor, queue: Queue) -> list[tuple[str, str]]:
    """Steps by which the queue can be narrowed: those that wait in its first thousand tasks."""
    first = queue_tasks(actor, Queue(mine=queue.mine))[:COUNT_LIMIT].values_list("service", "step")
    found: dict[str, str] = {}
    for slug, step in dict.fromkeys(first):
        service = compiled_service(slug, clock.today()) or staff_service(slug, clock.today())
        found.setdefault(step, service.title(step, actor.language) if service is not None else step)
    return sorted(found.items(), key=lambda pair: pair[1])


def _bulk_actions(rows: list[QueueRow], language: str) -> list[tuple[str, str]]:
    """Exits that the rows of the page have, for the act on many. A return is made case by case."""
    found: dict[str, str] = {}
    for row in rows:
        service = service_of(row.case.version_id)
        for exit_ in exits_of(service, row.task):
            if exit_.effect != "return" and row.task.kind != "visit":
                found[exit_.key] = service.outcome(row.task.step, exit_.key, language)
    return list(found.items())


def _fresh_url(queue: Queue) -> str:
    asked = {"of": "mine" if queue.mine else "unit", "since": clock.now().isoformat()}
    return f"{reverse('desk:fresh')}?{urlencode(asked)}"


@needs_staff
@require_GET
def fresh(request: HttpRequest) -> HttpResponse:
    """How many cases have come into the queue since the page was drawn (asked by the page every half minute)."""
    actor = actor_of(request)
    try:
        since = datetime.fromisoformat(request.GET.get("since", ""))
    except ValueError:
        return HttpResponse(status=204)
    queue = Queue(mine=request.GET.get("of") == "mine" and actor.entity_id is None)
    came = queue_tasks(actor, queue).filter(entered_at__gt=since).count() if since.tzinfo else 0
    if not came:
        return HttpResponse(status=204)
    return render(request, "desk/parts/fresh.html", {"came": came, "of": "mine" if queue.mine else "unit"})


@needs_staff
@require_GET
def morning(request: HttpRequest) -> HttpResponse:
    """The list on paper: the whole queue with due days and officers, the late ones first."""
    actor = actor_of(request)
    queue = asked_queue(request)
    found = queue_page(actor, queue, limit=PRINTED)
    _note_names(actor, found)
    outside = actor.entity_id is not None
    rows = row_views(found, actor.language, with_names=not queue.mine, outside=outside)
    context = {**frame(request), "of": "mine" if queue.mine else "unit", "rows": rows, "at": clock.now()}
    return render(request, "desk/morning.html", context)
