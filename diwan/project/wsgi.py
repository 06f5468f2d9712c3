"""The WSGI application. It refuses to start on a database that would break a promise of the product."""

import gc
import os

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

from diwan.project.metering import share_between_processes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diwan.project.settings")


def _application() -> WSGIHandler:
    if settings.DIWAN.profile != "test":
        share_between_processes(settings.DIWAN)
    handler = get_wsgi_application()
    # Imported here since the connection exists only after the applications are loaded.
    from django.db import connection

    from diwan.project.database import assert_safe

    assert_safe(connection, durable=settings.DIWAN.profile != "test")
    connection.close()
    _leave_what_stays()
    return handler


def _leave_what_stays() -> None:
    """The collector of cycles looks no more at what was loaded and lives as long as the process, and at the rest less
    often: a request makes some thousand objects and hardly a cycle. A tenth of the processor time of a request."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


application = _application()
