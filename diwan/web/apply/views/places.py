"""Data of the map: districts, streets, and search by name. Public, the same for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from diwan.kit import clock
from diwan.places.queries import districts_geojson, find_named, streets_geojson

_KEEP = "public, max-age=3600"


@require_GET
def districts(request: HttpRequest) -> HttpResponse:
    """District shapes of today as GeoJSON."""
    return _kept(districts_geojson(clock.today()))


@require_GET
def streets(request: HttpRequest) -> HttpResponse:
    """Named streets as GeoJSON lines."""
    return _kept(streets_geojson())


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Streets and landmarks whose name holds every word of `q`."""
    found = find_named(request.GET.get("q", "")[:120])
    return JsonResponse(
        {
            "found": [
                {"kind": one.kind, "ar": one.name_ar, "en": one.name_en, "lat": one.lat, "lng": one.lng}
                for one in found
            ]
        }
    )


def _kept(data: Mapping[str, Any]) -> HttpResponse:
    response = JsonResponse(data, content_type="application/geo+json")
    response["Cache-Control"] = _KEEP
    return response
