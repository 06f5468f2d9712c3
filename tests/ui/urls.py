"""Addresses of the gallery: every room and component, and the small endpoints that the scripts talk to."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.static import serve

from diwan.ui.context import Frame, NavEntry, Viewer
from tests.ui.sample import sample

#: What the scripts sent, for the tests to look at.
SEEN: list[dict[str, Any]] = []
#: Number of the next requests to an endpoint that are answered by 503.
BROKEN = {"count": 0}


def _arabic(request: HttpRequest) -> bool:
    return str(getattr(request, "LANGUAGE_CODE", "ar")).startswith("ar")


def viewer(request: HttpRequest) -> Viewer | None:
    """Staff on the desk and counter, nobody on the portal."""
    if "portal" in request.path or "errors" in request.path:
        return None
    name = "فهد بن سعد العتيبي" if _arabic(request) else "Fahd Al Otaibi"
    capacity = "مهندس الرخص، بلدية الشرق" if _arabic(request) else "Licensing engineer, East"
    return Viewer(name=name, capacity=capacity, is_staff=True, idle_lock=True, can_switch=True)


def nav(request: HttpRequest) -> list[NavEntry]:
    """Navigation of the desk."""
    if "portal" in request.path:
        return []
    arabic = ("صباح الخير", "مهامي", "مهام الوحدة", "مهامي المنجزة", "الأرقام")
    english = ("Morning page", "My tasks", "Unit's tasks", "Done by me", "Numbers")
    icons = ("house", "inbox", "people", "check-lg", "flag")
    counts = (None, 23, 1042, None, None)
    entries = zip(arabic if _arabic(request) else english, icons, counts, strict=True)
    return [
        NavEntry(label, f"/room/desk?{place}", icon=icon, current=place == 1, count=count)
        for place, (label, icon, count) in enumerate(entries)
    ]


class FrameMiddleware:
    """Tells the gallery's pages who reads, as the web layer does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the frame of the page."""
        organisation = {"ar": "أمانة مدينة الواحة", "en": "Municipality of Al Waha"}
        request.ui_frame = lambda: Frame(viewer(request), nav(request), organisation)  # type: ignore[attr-defined]
        return self.get_response(request)


def show(request: HttpRequest, template: str) -> HttpResponse:
    """One page of the gallery."""
    return render(request, f"gallery/{template}.html", sample(_arabic(request)))


def error_page(request: HttpRequest, code: str) -> HttpResponse:
    """An error page as a visitor sees it."""
    name = f"{code}.html" if code.isdigit() else f"ui/{code}.html"
    return render(request, name, status=int(code) if code.isdigit() else 200)


def _note(request: HttpRequest, what: str) -> HttpResponse | None:
    if BROKEN["count"] > 0:
        BROKEN["count"] -= 1
        return HttpResponse(status=503)
    SEEN.append({"what": what, "key": request.headers.get("Idempotency-Key", ""), **request.POST.dict()})
    return None


def autosave(request: HttpRequest) -> HttpResponse:
    """Remembers what was saved; answers with the time."""
    return _note(request, "autosave") or JsonResponse({"saved_at": "10:42"})


def submit(request: HttpRequest) -> HttpResponse:
    """Remembers what was submitted; answers with the next page."""
    return _note(request, "submit") or show(request, "components")


def upload(request: HttpRequest) -> HttpResponse:
    """Takes one file; answers with its row."""
    given = request.FILES["file"]
    assert isinstance(given, UploadedFile)
    body = given.read()
    has_exif = b"Exif\x00\x00" in body[:64]
    return _note(request, "upload") or JsonResponse(
        {"id": "9", "name": given.name, "size": len(body), "exif": has_exif, "url": "/x", "remove_url": "/x"}
    )


def unlock(request: HttpRequest) -> HttpResponse:
    """The password is "right"."""
    refused = request.POST.get("password") != "right"
    return _note(request, "unlock") or JsonResponse({}, status=403 if refused else 200)


def lock(request: HttpRequest) -> HttpResponse:
    """Remembers that the session was locked."""
    return _note(request, "lock") or HttpResponse(status=204)


def seen(request: HttpRequest) -> HttpResponse:
    """What was sent so far; `?forget` empties it, `?break=N` lets the next N requests fail."""
    if "forget" in request.GET:
        SEEN.clear()
    BROKEN["count"] = int(request.GET.get("break", BROKEN["count"]))
    return JsonResponse(SEEN, safe=False)


def districts(request: HttpRequest) -> HttpResponse:
    """Two square districts."""

    def square(west: float) -> list[list[list[float]]]:
        east = west + 0.1
        return [[[west, 24.6], [east, 24.6], [east, 24.7], [west, 24.7], [west, 24.6]]]

    features = [
        {
            "type": "Feature",
            "properties": {"name_ar": ar, "name_en": en},
            "geometry": {"type": "Polygon", "coordinates": square(west)},
        }
        for ar, en, west in (("حي النخيل", "An Nakhil", 46.6), ("حي الواحة", "Al Waha", 46.7))
    ]
    body = json.dumps({"type": "FeatureCollection", "features": features})
    return HttpResponse(body, content_type="application/geo+json")


def nothing(request: HttpRequest) -> HttpResponse:
    """An address that exists."""
    return HttpResponse("ok")


_PORTAL = "search services track verify feedback privacy contact help accessibility terms numbers"
portal = ([path(name, nothing, name=name) for name in _PORTAL.split()], "portal")
signin = (
    [
        path("sign_in", nothing, name="sign_in"),
        path("sign_out", nothing, name="sign_out"),
        path("capacity", nothing, name="capacity"),
        path("lock", lock, name="lock"),
        path("unlock", unlock, name="unlock"),
    ],
    "signin",
)
desk = ([path("search", nothing, name="search")], "desk")

urlpatterns = [
    path("", show, {"template": "portal"}, name="home"),
    path("room/portal", show, {"template": "portal"}),
    path("room/portal/components", show, {"template": "components"}),
    path("room/portal/form", show, {"template": "form"}),
    path("room/desk", show, {"template": "desk"}),
    path("room/counter", show, {"template": "counter"}),
    path("room/wall", show, {"template": "wall"}),
    path("errors/<str:code>", error_page),
    path("autosave", autosave),
    path("submit", submit),
    path("upload", upload),
    path("seen", seen),
    path("x", nothing),
    path("districts.json", districts),
    path("ui/", include("diwan.ui.routes")),
    path("portal/", include(portal)),
    path("signin/", include(signin)),
    path("desk/", include(desk)),
    path(
        "static/<path:path>",
        serve,
        {"document_root": Path(__file__).resolve().parents[2] / "diwan/ui/static"},
    ),
]
