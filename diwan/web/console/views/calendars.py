"""Working calendars: their week, Ramadan hours and holidays; each change is shown before it is made."""

from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diwan.cases.calendar_preview import Moves, what_moves
from diwan.catalogue.actions import make_calendar
from diwan.catalogue.errors import NoSuchCalendar, NotAllowed
from diwan.catalogue.models import WorkingCalendar
from diwan.catalogue.queries import calendar_row
from diwan.flow.table import Text
from diwan.kit import clock
from diwan.kit.errors import DiwanError
from diwan.people.doors import actor_of, needs_permission
from diwan.people.registry import EDIT_CATALOGUE
from diwan.ui.saying import say
from diwan.web.console.calendar_forms import change_of
from diwan.web.console.calendar_shown import calendar_context, moves_context, shelf_context
from diwan.web.signin.words import problems

_FIELDS: Final = {
    "console.name_missing": "name_ar", "catalogue.dates_reversed": "last", "catalogue.hours_unreadable": "hours_sun",
    "catalogue.hours_in_the_past": "since", "catalogue.no_such_place": "units",
}  # fmt: skip


@needs_permission(EDIT_CATALOGUE)
@require_GET
def calendars(request: HttpRequest) -> HttpResponse:
    """Every calendar, who has it, and what it says of today."""
    return render(request, "console/calendars.html", shelf_context(actor_of(request), request.POST))


@needs_permission(EDIT_CATALOGUE)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """A new calendar, then its page."""
    sent, actor = request.POST, actor_of(request)
    try:
        made = make_calendar(
            code=sent.get("code", "").strip()[:40], like=sent.get("like", "")[:24], by=actor,
            name=Text(sent.get("name_ar", ""), sent.get("name_en", "")),
        )  # fmt: skip
    except NotAllowed as error:
        raise PermissionDenied(say(error)) from error
    except DiwanError as error:
        context = {**shelf_context(actor, sent), "refused": say(error)}
        return render(request, "console/calendars.html", context, status=422)
    messages.success(request, _("The calendar is made. Give it to a municipality or unit."))
    return HttpResponseRedirect(reverse("console:calendar", args=[made.code]))


@needs_permission(EDIT_CATALOGUE)
@require_GET
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """One calendar, with the holidays of a year (`year`)."""
    return _page(request, _found(code))


@needs_permission(EDIT_CATALOGUE)
@require_POST
def change(request: HttpRequest, code: str) -> HttpResponse:
    """First what the change would move; sent again with `sure`, the change."""
    row, sent, actor = _found(code), request.POST, actor_of(request)
    try:
        todo = change_of(sent.get("do", ""), row.code, sent, actor)
        if todo is None:
            raise Http404
        if not sent.get("sure"):
            return _page(request, row, moves=what_moves(todo))
        todo()
    except NotAllowed as error:
        raise PermissionDenied(say(error)) from error
    except NoSuchCalendar as error:
        raise Http404 from error
    except DiwanError as error:
        return _page(request, row, refused=(_FIELDS.get(error.code, ""), say(error)))
    messages.success(request, _("Saved. Open deadlines follow within a minute; what is closed stays."))
    return HttpResponseRedirect(reverse("console:calendar", args=[row.code]))


def _found(code: str) -> WorkingCalendar:
    row = calendar_row(code)
    if row is None:
        raise Http404
    return row


def _page(
    request: HttpRequest, row: WorkingCalendar, *, moves: Moves | None = None, refused: tuple[str, str] = ("", "")
) -> HttpResponse:  # fmt: skip
    actor, asked = actor_of(request), request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 1925 <= int(asked) <= 2076 else clock.today().year
    context = {
        **calendar_context(row, actor, request.POST, year=year),
        **moves_context(moves, actor, request.POST),
        **problems({refused[0]: refused[1]} if refused[1] else {}),
    }
    return render(request, "console/calendar.html", context, status=422 if refused[1] else 200)
