"""The page for developers: what the API is, how to get a token, examples that run, and what every operation does."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diwan.rest.declaring import SCOPES, TAGS, operations
from diwan.rest.examples import EXAMPLES


@require_GET
def developers(request: HttpRequest) -> HttpResponse:
    """Public, the same for everybody."""
    context: dict[str, Any] = {
        "breadcrumb": [(_("For developers"), "")],
        "address": settings.DIWAN.public_url,
        "scopes": [(name, gettext(about)) for name, about in sorted(SCOPES.items())],
        "examples": [
            {"key": one.key, "title": gettext(one.title), "about": gettext(one.about), "curl": one.curl,
             "python": one.python}
            for one in EXAMPLES
        ],
        "groups": _groups(),
    }  # fmt: skip
    return render(request, "portal/developers.html", context)


def _groups() -> list[dict[str, Any]]:
    """The operations by group, in words."""
    found: dict[str, list[dict[str, str]]] = {}
    for one in operations():
        told = {
            "method": one.method,
            "path": f"/api/v1/{one.path}",
            "title": gettext(one.title),
            "scope": one.scope,
        }
        found.setdefault(one.tag, []).append(told)
    return [
        {"title": gettext(title), "about": gettext(about), "operations": found[tag]}
        for tag, (title, about) in TAGS.items()
        if tag in found
    ]
