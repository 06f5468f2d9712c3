"""`python -m tests.pages.server PORT`: the product on 127.0.0.1 with the database of the environment."""

from __future__ import annotations

import os
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Requests are not printed."""


def main() -> None:
    """Serve until the process is ended."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.pages.settings"
    import django  # after the settings are named

    django.setup()
    from django.core.wsgi import get_wsgi_application  # after setup

    port = int(sys.argv[1])
    make_server(
        "127.0.0.1", port, get_wsgi_application(), server_class=_Server, handler_class=_Quiet
    ).serve_forever()


if __name__ == "__main__":
    main()
