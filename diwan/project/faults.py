"""The answers of last resort: a page for people, a problem document for programs."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.defaults import bad_request, server_error

from diwan.api import problems

_API: Final = "/api/"


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the server itself could not read the request."""
    if request.path.startswith(_API):
        return problems.unreadable(request)
    return bad_request(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours."""
    return problems.broken(request) if request.path.startswith(_API) else server_error(request)
