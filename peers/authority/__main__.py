"""`python -m peers.authority --data DIR --port N`.

Environment: DIWAN_PROFILE (demo or test), PEERS_AUTHORITY_KEY (shown by who enrols and revokes, as X-Api-Key).
"""

import os
import socket
from pathlib import Path

from peers.authority.app import build
from peers.base import guard, server

NAME = "authority"


def main() -> None:
    """Read options, refuse where a demo authority must not run, serve."""
    parser = server.parser(NAME, "Demo certification authority")
    options = parser.parse_args()
    guard.check_start(name=NAME, host=options.host, environ=os.environ)
    key = guard.secret(os.environ, "PEERS_AUTHORITY_KEY", name=NAME)
    if options.data is None:
        raise guard.Refused("peers.authority needs --data: its keys must survive a restart")
    port = options.port or _free_port(options.host)
    base = f"http://{options.host}:{port}"
    server.run(
        server.serve(build(Path(options.data), base=base, key=key), name=NAME, host=options.host, port=port)
    )


def _free_port(host: str) -> int:
    """A port that is free now; the address is written into certificates, so it must be known before serving."""
    with socket.create_server((host, 0)) as probe:
        return int(probe.getsockname()[1])


main()
