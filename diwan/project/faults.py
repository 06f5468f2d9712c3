"""The answers of last resort: a page for people; for programs what their protocol has for it."""

from types import ModuleType
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.defaults import bad_request, server_error

from diwan.api import problems
from diwan.api.open311 import door

_PROGRAMS: Final[dict[str, ModuleType]] = {"/api/": problems, "/open311/": door}
"""Beginning of the path -> the module whose `unreadable` and `broken` answer there."""


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the server itself could not read the request."""
    for path, module in _PROGRAMS.items():
        if request.path.startswith(path):
            told: HttpResponse = module.unreadable(request)
            return told
    return bad_request(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours."""
    for path, module in _PROGRAMS.items():
        if request.path.startswith(path):
            told: HttpResponse = module.broken(request)
            return told
    return server_error(request)
