"""`python -m peers.payments --port 8102 --notice-url http://127.0.0.1:8000/...`: gateway and bank in one process.

Environment: DIWAN_PROFILE (demo or test), PEERS_PAYMENTS_KEY (billers show it),
PEERS_NOTICE_KEY (notices are signed with it), PEERS_NOTICE_URL (when `--notice-url` is not given).
"""

import os

from peers.base import guard, server
from peers.payments.app import build
from peers.payments.service import Options

NAME = "payments"


def main() -> None:
    """Read options, refuse where a demo system must not run, serve."""
    parser = server.parser(NAME, "Demo payment gateway and bank")
    parser.add_argument(
        "--notice-url",
        default=os.environ.get("PEERS_NOTICE_URL", ""),
        help="where payment notices are posted (loopback)",
    )
    options = parser.parse_args()
    guard.check_start(name=NAME, host=options.host, environ=os.environ)
    if options.notice_url and not guard.is_loopback_url(options.notice_url):
        raise guard.Refused(f"peers.{NAME} posts notices to loopback only, not to {options.notice_url}")
    app = build(
        Options(
            api_key=guard.secret(os.environ, "PEERS_PAYMENTS_KEY", name=NAME),
            signing_key=guard.secret(os.environ, "PEERS_NOTICE_KEY", name=NAME),
            notice_url=options.notice_url,
            database=server.database_path(options.data, NAME),
        )
    )
    server.run(server.serve(app, name=NAME, host=options.host, port=options.port))


main()
