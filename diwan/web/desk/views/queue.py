"""The morning page: what is late, due today, came back, has nobody; mine and my unit's; the one box for numbers."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from diwan.cases.queries import COUNT_LIMIT, Counts, Queue, QueueRow, queue_counts, queue_page
from diwan.cases.services import service_of
from diwan.kit import clock
from diwan.kit.keyboard import keyboard_unmangle
from diwan.kit.number_box import Kind, tell_apart
from diwan.kit.numbers import case_number
from diwan.registers.queries import entry_by_number
from diwan.web.desk.presenting import row_view
from diwan.web.desk.views.case import frame
from diwan.web.signin.acting import actor_of
from diwan.web.signin.guards import needs_staff

PAGE = 50
_FLAGS = ("late", "today", "returned", "unassigned")


def asked_queue(request: HttpRequest) -> Queue:
    """The queue that the address asks for; mine unless the unit's is asked."""
    get = request.GET
    return Queue(
        mine=get.get("of", "mine") == "mine",
        late=get.get("only") == "late",
        today=get.get("only") == "today",
        returned=get.get("only") == "returned",
        unassigned=get.get("only") == "unassigned",
        service=get.get("service", "")[:80],
        step=get.get("step", "")[:60],
    )


@needs_staff
def home(request: HttpRequest) -> HttpResponse:
    """Queue with counts; at most 12 statements."""
    actor = actor_of(request)
    queue = asked_queue(request)
    whole = Queue(mine=queue.mine)
    rows = queue_page(actor, queue, after=_after(request), limit=PAGE + 1)
    context: dict[str, Any] = {
        **frame(actor),
        "queue": queue,
        "of": "mine" if queue.mine else "unit",
        "only": request.GET.get("only", ""),
        "tabs": _tabs(request, queue, queue_counts(actor, whole)),
        "rows": [row_view(row, actor.language) for row in rows[:PAGE]],
        "older": _older(request, rows),
        "now": clock.now(),
        "bulk": _bulk_actions(rows, actor.language),
    }
    return render(request, "desk/queue.html", context)


def _after(request: HttpRequest) -> tuple[datetime | None, int] | None:
    due, _, last = request.GET.get("after", "").rpartition("~")
    if not last.isdigit():
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


def _tabs(request: HttpRequest, queue: Queue, counts: Counts) -> list[dict[str, Any]]:
    """The chips above the list with their counts; 1,001 reads "more than 1,000"."""
    titles = {
        "": _("All"),
        "late": _("Late"),
        "today": _("Due today"),
        "returned": _("Came back"),
        "unassigned": _("With nobody"),
    }
    of = "mine" if queue.mine else "unit"
    shown = [name for name in titles if name != "unassigned" or not queue.mine]
    return [
        {
            "title": titles[name],
            "url": "?" + urlencode({"of": of, **({"only": name} if name else {})}),
            "count": _count(getattr(counts, name or "all")),
            "current": request.GET.get("only", "") == name,
            "late": name == "late",
        }
        for name in shown
    ]


def _count(found: int) -> str:
    return f"+{COUNT_LIMIT:,}" if found > COUNT_LIMIT else str(found)


def _bulk_actions(rows: list[QueueRow], language: str) -> list[tuple[str, str]]:
    """Exits that several rows of the page have in common, for the act on many."""
    found: dict[str, str] = {}
    for row in rows[:PAGE]:
        service = service_of(row.case.version_id)
        for key, exit_ in service.flow.steps[row.task.step].exits.items():
            if exit_.label is not None and exit_.effect != "return" and row.task.kind == "task":
                found[key] = service.outcome(row.task.step, key, language)
    return list(found.items())


@needs_staff
def search(request: HttpRequest) -> HttpResponse:
    """One box for numbers of every kind; a scan typed under the Arabic layout is read back."""
    text = request.GET.get("q", "").strip()
    for typed in (text, keyboard_unmangle(text)):
        told = tell_apart(typed)
        if told.kind == Kind.CASE and told.key is not None:
            return HttpResponseRedirect(reverse("desk:case", args=[case_number(int(told.key))]))
        if told.kind == Kind.DOCUMENT:
            entry = entry_by_number(told.value)
            if entry is not None:
                return HttpResponseRedirect(reverse("desk:case", args=[case_number(entry.case_id)]))
    return render(request, "desk/not_found.html", {"text": text, **frame(actor_of(request))}, status=404)
