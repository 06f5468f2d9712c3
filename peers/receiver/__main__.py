"""`python -m peers.receiver --port 8106 --secrets receiver.json`: a partner that takes webhooks.

Environment: DIWAN_PROFILE (demo or test).
"""

import json
import os
from pathlib import Path

from peers.base import guard, server
from peers.receiver.app import build
from peers.receiver.store import Store

NAME = "receiver"


def main() -> None:
    """Read options, refuse where a demo system must not run, serve."""
    parser = server.parser(NAME, "Demo receiver of events")
    parser.add_argument(
        "--secrets", type=Path, help='JSON file {"secrets": ["whsec_..."]} of a partner made beforehand'
    )
    options = parser.parse_args()
    guard.check_start(name=NAME, host=options.host, environ=os.environ)
    store = Store(server.database_path(options.data, NAME))
    if options.secrets is not None and options.secrets.exists():
        for secret in json.loads(options.secrets.read_text())["secrets"]:
            store.add_secret(secret)
    server.run(server.serve(build(store), name=NAME, host=options.host, port=options.port))


main()
