"""Addresses of the gallery: every room and component, and the small endpoints that the scripts talk to."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.i18n import set_language
from django.views.static import serve

from diwan.ui.context import NavEntry, Viewer

RIYADH = ZoneInfo("Asia/Riyadh")
SAVED: list[dict[str, Any]] = []

ROWS = [
    {"number": "260 0000 0015", "service": {"ar": "رخصة محل", "en": "Shop licence"}, "kind": "error", "state": {"ar": "متأخر يومين", "en": "2 days late"}},
    {"number": "260 0000 0023", "service": {"ar": "رخصة لوحة", "en": "Sign licence"}, "kind": "warning", "state": {"ar": "اليوم", "en": "Today"}},
    {"number": "260 0000 0031", "service": {"ar": "تجديد رخصة", "en": "Licence renewal"}, "kind": "info", "state": {"ar": "عاد من المستفيد", "en": "Came back"}},
]


def viewer(request: HttpRequest) -> Viewer | None:
    """Staff on the desk and counter, nobody on the portal."""
    if "portal" in request.path or "errors" in request.path:
        return None
    arabic = request.LANGUAGE_CODE == "ar"
    name, capacity = ("فهد بن سعد العتيبي", "مهندس الرخص، بلدية الشرق") if arabic else ("Fahd Al Otaibi", "Licensing engineer, East")
    return Viewer(name=name, capacity=capacity, is_staff=True, idle_lock=True, can_switch=True)


def nav(request: HttpRequest) -> list[NavEntry]:
    """Navigation of the desk."""
    if "portal" in request.path:
        return []
    arabic = request.LANGUAGE_CODE == "ar"
    words = ("صباح الخير", "مهامي", "مهام الوحدة", "مهامي المنجزة", "الأرقام") if arabic else ("Morning page", "My tasks", "Unit's tasks", "Done by me", "Numbers")
    return [
        NavEntry(word, f"/room/desk?{place}", icon=icon, current=place == 1, count=(None, 23, 1042, None, None)[place])
        for place, (word, icon) in enumerate(zip(words, ("house", "inbox", "people", "check-lg", "flag"), strict=True))
    ]


def context(request: HttpRequest) -> dict[str, Any]:
    """Values for the components."""
    lang = request.LANGUAGE_CODE
    arabic = lang == "ar"
    when = datetime(2026, 11, 21, 10, 42, tzinfo=RIYADH)
    return {
        "arabic": arabic,
        "day": date(2026, 11, 29),
        "moment": when,
        "page_modified": date(2026, 11, 19),
        "breadcrumb": [("الخدمات" if arabic else "Services", "/x"), ("رخصة محل" if arabic else "Shop licence", "")],
        "errors": [("id_owner", "رقم الهوية ناقص خانة. أدخل الأرقام العشرة كما في البطاقة." if arabic else "The identity number is one digit short. Enter all ten digits.")],
        "kinds": [("own", "لي شخصيا" if arabic else "For myself", ""), ("shop", "لمنشأتي" if arabic else "For my establishment", "السجل التجاري مطلوب" if arabic else "The commercial register is needed")],
        "districts": [("1", "حي النخيل" if arabic else "An Nakhil"), ("2", "حي الواحة" if arabic else "Al Waha")],
        "steps": [("المنشأة" if arabic else "Establishment", "/x"), "الموقع" if arabic else "Place", "المستندات" if arabic else "Documents", "المراجعة" if arabic else "Check and send"],
        "answers": [
            {"label": "المساحة" if arabic else "Area", "value": "45 م²" if arabic else "45 m²", "was": "40 م²" if arabic else "40 m²", "change_url": "/x"},
            {"label": "الاسم التجاري" if arabic else "Trade name", "value": "مخبز الواحة الذهبية للمعجنات والحلويات الشرقية" if arabic else "Golden Oasis Bakery", "change_url": "/x"},
        ],
        "entries": [
            {"what": "بانتظار الدفاع المدني" if arabic else "Waiting for civil defence", "when": when, "who": "عند: الدفاع المدني" if arabic else "With: civil defence", "now": True},
            {"what": "تم استلام الطلب" if arabic else "The request was received", "when": datetime(2026, 11, 19, 7, 5, tzinfo=RIYADH), "note": "المستندات مكتملة" if arabic else "All documents are there"},
        ],
        "files": [{"name": "عقد-الإيجار-2026.pdf", "size": "1.2 MB", "url": "/x", "remove_url": "/x", "id": "1"}],
        "rows": [{key: (value[lang] if isinstance(value, dict) else value) for key, value in row.items()} for row in ROWS],
        "papers": [
            {"id": "1", "title": "عقد الإيجار" if arabic else "Lease", "url": "/static/ui/mark.svg", "kind": "image", "new": True},
            {"id": "2", "title": "الصك" if arabic else "Deed", "url": "/static/ui/mark.svg?2", "kind": "image"},
        ],
        "autosave_url": "/autosave",
    }


def show(request: HttpRequest, template: str) -> HttpResponse:
    """One page of the gallery."""
    return render(request, f"gallery/{template}.html", context(request))


def error_page(request: HttpRequest, code: str) -> HttpResponse:
    """An error page as a visitor sees it."""
    return render(request, f"{code}.html", status=int(code) if code.isdigit() else 200)


def autosave(request: HttpRequest) -> HttpResponse:
    """Remembers what was saved; answers with the time."""
    SAVED.append(dict(request.POST.items()))
    return JsonResponse({"saved_at": "10:42"})


def saved(request: HttpRequest) -> HttpResponse:
    """What was saved so far."""
    return JsonResponse(SAVED, safe=False)


def upload(request: HttpRequest) -> HttpResponse:
    """Takes one file; answers with its row."""
    given = request.FILES["file"]
    return JsonResponse({"id": "9", "name": given.name, "size": given.size, "type": given.content_type})


def districts(request: HttpRequest) -> HttpResponse:
    """Two square districts."""
    squares = [[[46.6, 24.6], [46.7, 24.6], [46.7, 24.7], [46.6, 24.7], [46.6, 24.6]], [[46.7, 24.6], [46.8, 24.6], [46.8, 24.7], [46.7, 24.7], [46.7, 24.6]]]
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [square]}}
        for name, square in zip(("حي النخيل", "حي الواحة"), squares, strict=True)
    ]
    return HttpResponse(json.dumps({"type": "FeatureCollection", "features": features}), content_type="application/geo+json")


def nothing(request: HttpRequest) -> HttpResponse:
    """An address that exists."""
    return HttpResponse("ok")


portal = ([path(name, nothing, name=name) for name in ("search", "services", "track", "verify", "sign_in", "feedback", "privacy", "contact", "help", "accessibility", "terms", "numbers")], "portal")
people = ([path(name, nothing, name=name) for name in ("sign_out", "capacity", "lock", "unlock")], "people")
desk = ([path("desk-search", nothing, name="search")], "desk")

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
    path("saved", saved),
    path("upload", upload),
    path("districts.json", districts),
    path("ui/", include("diwan.ui.urls")),
    path("i18n", set_language, name="set_language"),
    path("portal/", include(portal)),
    path("people/", include(people)),
    path("desk/", include(desk)),
    path("static/<path:path>", serve, {"document_root": settings.BASE / "diwan/ui/static"}),
]
