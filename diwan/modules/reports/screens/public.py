"""Reports as everybody sees them: list, map, one report, and photos that somebody has looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from diwan.catalogue.queries import lookup
from diwan.catalogue.remembered import remembered
from diwan.files.errors import NoSuchFile
from diwan.files.queries import open_owned
from diwan.files.serving import respond
from diwan.kit import clock, numbers
from diwan.kit.errors import InvalidValue
from diwan.modules.reports import types, words
from diwan.modules.reports.models import Report
from diwan.modules.reports.published import last_work, public_photo, public_report
from diwan.modules.reports.queries import public_photos, public_reports
from diwan.people.doors import actor_of

PAGE: Final = 30
POINTS: Final = 600
"""Most reports on the map: the newest that fit the filters."""
SHARED: Final = "public, max-age=60"


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The list, the newest first, with the map above it; filters `group`, `district`, `state`; keyset by `below`."""
    language = actor_of(request).language
    asked = _filters(request)
    below = request.GET.get("below", "")
    rows = _found(asked, below=int(below) if below.isdecimal() and len(below) < 16 else None, limit=PAGE + 1)
    pictures = types.pictures(language)
    query = {name: value for name, value in asked.items() if value}
    older = f"?{urlencode({**query, 'below': rows[PAGE - 1].pk})}" if len(rows) > PAGE else ""
    context = {
        "rows": [words.public_row(row, language) for row in rows[:PAGE]],
        "older": older,
        "newest": f"?{urlencode(query)}" if below else "",
        "asked": asked,
        "groups": [(picture.code, picture.name) for picture in pictures],
        "districts": [
            (row.code, row.name.en if language == "en" else row.name.ar)
            for row in lookup("districts", clock.today())
        ],
        "states": [("open", pgettext("report", "Open")), ("closed", pgettext("report", "Closed"))],
        "points_url": f"{reverse('reports:points')}?{urlencode(query)}",
        "districts_url": reverse("apply:districts"),
        "breadcrumb": [(_("Reports in the city"), "")],
    }
    return render(request, "reports/listed.html", context)


@require_GET
def points(request: HttpRequest) -> HttpResponse:
    """The reports that fit the filters as GeoJSON points, places rounded; the same for everybody."""
    asked = _filters(request)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [point[1], point[0]]},
            "properties": {
                "number": numbers.case_number(row.pk),
                "type": row.type,
                "open": row.closed_at is None,
                "url": reverse("reports:seen", args=[numbers.case_number(row.pk)]),
                "ar": _named(row, "ar"),
                "en": _named(row, "en"),
            },
        }
        for row in _found(asked, below=None, limit=POINTS)
        if (point := words.public_point(row)) is not None
    ]
    response = JsonResponse(
        {"type": "FeatureCollection", "features": features}, content_type="application/geo+json"
    )
    response["Cache-Control"] = SHARED
    return response


@require_GET
def seen(request: HttpRequest, number: str) -> HttpResponse:
    """One report without anything of anybody in it."""
    row = _public(number)
    language = actor_of(request).language
    shown = public_photos(row.pk)
    closing = last_work(row.pk)
    context = {
        **words.public_row(row, language),
        "photos": [_photo_url(one) for one in sorted(shown - set(closing.before) - set(closing.after))],
        "before": [_photo_url(one) for one in closing.before if one in shown],
        "after": [_photo_url(one) for one in closing.after if one in shown],
        "followers": row.followers.count(),
        "followed": "followed" in request.GET,
        "new_url": reverse("reports:new"),
        "breadcrumb": [
            (_("Reports in the city"), reverse("reports:listed")),
            (numbers.show_case_number(row.pk), ""),
        ],
    }
    return render(request, "reports/seen.html", context)


@require_GET
def photo(request: HttpRequest, upload_id: str) -> HttpResponseBase:
    """A photo that was found fit for everybody."""
    case_id = public_photo(upload_id)
    if case_id is None:
        raise Http404
    try:
        opened = open_owned(upload_id, owner=f"case:{case_id}")
    except NoSuchFile as error:
        raise Http404 from error
    upload = opened.upload
    if not upload.media_type.startswith("image/"):
        raise Http404
    response = respond(
        request, content=opened, name="photo", media_type=upload.media_type, size=upload.size, tag=upload.pk,
        download=False,
    )  # fmt: skip
    response["Cache-Control"] = SHARED
    return response


def _filters(request: HttpRequest) -> dict[str, str]:
    asked = {name: request.GET.get(name, "")[:24] for name in ("group", "district", "state")}
    if asked["state"] not in ("", "open", "closed"):
        raise BadRequest
    return asked


def _found(asked: Mapping[str, str], *, below: int | None, limit: int) -> list[Report]:
    """The reports that fit, at most half a minute old."""
    key = ("public reports", *sorted(asked.items()), below, limit)
    return remembered(key, lambda: _read(asked, below, limit))


def _read(asked: Mapping[str, str], below: int | None, limit: int) -> list[Report]:
    return public_reports(
        group=asked["group"], district=asked["district"], state=asked["state"], below=below, limit=limit
    )


def _named(row: Report, language: str) -> str:
    told = words.public_row(row, language)
    return f"{told['name']} · {told['place']} · {told['state']}"


def _public(number: str) -> Report:
    try:
        found = public_report(numbers.parse_case_number(number))
    except InvalidValue as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return found


def _photo_url(upload_id: str) -> str:
    return reverse("reports:photo", args=[upload_id])
