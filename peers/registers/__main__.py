"""`python -m peers.registers --port 8101 --seed city.json`: one process for all registers.

Environment: DIWAN_PROFILE (demo or test), PEERS_REGISTERS_KEY (callers show it; final answers are signed with it),
PEERS_SEED (the seed file, when `--seed` is not given).
"""

import os
from pathlib import Path

from peers.base import guard, server
from peers.registers.app import build
from peers.registers.records import load_seed
from peers.registers.service import Options

NAME = "registers"


def main() -> None:
    """Read options, refuse where a demo system must not run, serve."""
    parser = server.parser(NAME, "Demo registers of the state")
    parser.add_argument("--seed", type=Path, help="JSON file with the records of the demo city")
    parser.add_argument(
        "--answer-after",
        type=float,
        default=15.0,
        help="seconds until a request is answered by itself; a negative number waits for a person",
    )
    options = parser.parse_args()
    guard.check_start(name=NAME, host=options.host, environ=os.environ)
    seed = options.seed or (Path(os.environ["PEERS_SEED"]) if os.environ.get("PEERS_SEED") else None)
    app = build(
        Options(
            key=guard.secret(os.environ, "PEERS_REGISTERS_KEY", name=NAME),
            seed=load_seed(seed) if seed else {},
            answer_after=options.answer_after if options.answer_after >= 0 else None,
            database=server.database_path(options.data, NAME),
        )
    )
    server.run(server.serve(app, name=NAME, host=options.host, port=options.port))


main()
