"""`python -m peers.catcher --port 8103 --smtp-port 8025 --receipt-url http://127.0.0.1:8000/...`.

Environment: DIWAN_PROFILE (demo or test), PEERS_SMS_KEY (senders of SMS show it; receipts are signed with it),
PEERS_RECEIPT_URL (when `--receipt-url` is not given).
"""

import os

from peers.base import guard, server
from peers.catcher.app import build
from peers.catcher.service import Options
from peers.catcher.smtp import Mailbox

NAME = "catcher"


def main() -> None:
    """Read options, refuse where a demo system must not run, serve HTTP and SMTP."""
    parser = server.parser(NAME, "Demo catcher of mail and SMS")
    parser.add_argument("--smtp-port", type=int, default=0, help="0 takes a free port")
    parser.add_argument(
        "--receipt-url",
        default=os.environ.get("PEERS_RECEIPT_URL", ""),
        help="where delivery receipts are posted (loopback)",
    )
    options = parser.parse_args()
    guard.check_start(name=NAME, host=options.host, environ=os.environ)
    if options.receipt_url and not guard.is_loopback_url(options.receipt_url):
        raise guard.Refused(f"peers.{NAME} posts receipts to loopback only, not to {options.receipt_url}")
    app, catcher = build(
        Options(
            key=guard.secret(os.environ, "PEERS_SMS_KEY", name=NAME),
            receipt_url=options.receipt_url,
            database=server.database_path(options.data, NAME),
        )
    )
    mailbox = Mailbox(catcher, host=options.host, port=options.smtp_port)
    app.cleanup_ctx.append(mailbox.background)
    server.run(
        server.serve(
            app,
            name=NAME,
            host=options.host,
            port=options.port,
            facts=lambda: {"smtp": f"{options.host}:{mailbox.port}"},
        )
    )


main()
