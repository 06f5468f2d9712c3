"""The answers to "do you live?" and "can you serve?" for the launcher, proxies and machines that watch. No secrets."""

import os

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 and `ok` as plain text while this process can answer at all: start it again when it does not."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when a request can be served, 503 when not: `{"ready", "database", "files"}`. One statement."""
    found = {"database": _database_answers(), "files": _files_can_be_kept()}
    good = all(found.values())
    return JsonResponse({"ready": good, **found}, status=200 if good else 503)


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 and `ok` as plain text when this process reaches its database; the launcher waits for it."""
    if not _database_answers():
        return HttpResponse("no database", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        connection.close()
        return False


def _files_can_be_kept() -> bool:
    """Whether files of a request can be written where they are kept."""
    folder = settings.MEDIA_ROOT if settings.MEDIA_ROOT.is_dir() else settings.DIWAN.data
    return os.access(folder, os.W_OK | os.X_OK)
