"""Prices and lists: the rows that services are built from, changed from a day on; what a change reaches is shown
first."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diwan.catalogue.actions import end_lookup_row, set_lookup_row
from diwan.catalogue.errors import NotAllowed, RowInUse
from diwan.catalogue.queries.list_columns import Column
from diwan.catalogue.queries.lists import list_columns, list_row
from diwan.kit.errors import DiwanError
from diwan.people.doors import actor_of, needs_permission
from diwan.people.registry import EDIT_CATALOGUE
from diwan.ui.saying import problems, say
from diwan.web.console.calendar_forms import day_sent
from diwan.web.console.list_forms import Read, read_row
from diwan.web.console.list_shown import (
    change_context,
    list_context,
    lists_context,
    newest,
    row_context,
)


@needs_permission(EDIT_CATALOGUE)
@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    """Every list with how many rows hold today, found by its name or code (`q`)."""
    return render(request, "console/lists.html", lists_context(request.GET.get("q", "")[:80]))


@needs_permission(EDIT_CATALOGUE)
@require_GET
def listed(request: HttpRequest, slug: str) -> HttpResponse:
    """The rows of one list on a day (`day`, today without it), found by name or code (`q`)."""
    columns = _columns(slug)
    context = list_context(slug, columns, actor_of(request), request.GET)
    return render(request, "console/list.html", context, status=422 if context["errors"] else 200)


@needs_permission(EDIT_CATALOGUE)
@require_GET
def row(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of one row (`code`), or of a new one."""
    return _page(request, slug, _columns(slug), request.GET.get("code", "")[:40])


@needs_permission(EDIT_CATALOGUE)
@require_POST
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Set a row from a day on, first shown with what it reaches and sent again with `sure`; or end it (`do`)."""
    columns, sent = _columns(slug), request.POST
    if sent.get("do") not in ("set", "end"):
        raise Http404
    try:
        return _end(request, slug, columns) if sent["do"] == "end" else _set(request, slug, columns)
    except NotAllowed as error:
        raise PermissionDenied(say(error)) from error


def _set(request: HttpRequest, slug: str, columns: tuple[Column, ...]) -> HttpResponse:
    sent = request.POST
    before = None if sent.get("new") else newest(list_row(slug, sent.get("code", "")[:40]))
    if before is None and not sent.get("new"):
        raise Http404
    read = read_row(sent, slug, columns, before)
    if read.errors or read.since is None:
        return _page(request, slug, columns, read.code, errors=read.errors)
    if not sent.get("sure") or sent.get("again"):
        shown = (
            {} if sent.get("again") else change_context(slug, columns, read, before, sent, actor_of(request))
        )
        return _page(request, slug, columns, read.code, shown=shown)
    return _saved(request, slug, columns, read)


def _saved(request: HttpRequest, slug: str, columns: tuple[Column, ...], read: Read) -> HttpResponse:
    assert read.since is not None
    try:
        set_lookup_row(
            lookup=slug, code=read.code, name=read.name, data=read.data, valid_from=read.since,
            synonyms=read.synonyms, by=actor_of(request),
        )  # fmt: skip
    except NotAllowed:
        raise
    except DiwanError as error:
        return _page(request, slug, columns, read.code, errors={"since": say(error)})
    messages.success(
        request,
        _("Saved. It reaches every page within half a minute; what was billed or decided before stays."),
    )
    return _to_row(slug, read.code)


def _end(request: HttpRequest, slug: str, columns: tuple[Column, ...]) -> HttpResponse:
    sent, code = request.POST, request.POST.get("code", "")[:40]
    if not list_row(slug, code):
        raise Http404
    try:
        end_lookup_row(
            lookup=slug,
            code=code,
            on=day_sent(sent, "end"),
            sure=bool(sent.get("sure")),
            by=actor_of(request),
        )
    except NotAllowed:
        raise
    except DiwanError as error:
        field = "sure" if isinstance(error, RowInUse) else "end"
        return _page(request, slug, columns, code, errors={field: say(error)})
    messages.success(request, _("The row has its last day. What was billed or decided before stays."))
    return _to_row(slug, code)


def _to_row(slug: str, code: str) -> HttpResponse:
    address = reverse("console:list_row", args=[slug])
    return HttpResponseRedirect(f"{address}?{urlencode({'code': code})}")


def _columns(slug: str) -> tuple[Column, ...]:
    found = list_columns(slug)
    if found is None:
        raise Http404
    return tuple(found)


def _page(
    request: HttpRequest, slug: str, columns: tuple[Column, ...], code: str, *,
    errors: dict[str, str] | None = None, shown: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        **row_context(slug, columns, code, actor_of(request), request.POST, errors or {}),
        **problems(errors or {}),
        **(shown or {}),
    }
    return render(request, "console/list_row.html", context, status=422 if errors else 200)
