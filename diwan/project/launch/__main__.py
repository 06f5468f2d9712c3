"""`./run` after its environment is there: `python -m diwan.project.launch [COMMAND] [OPTIONS]`."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from diwan.project.cli import needs_owner
from diwan.project.config import ConfigError, read_config
from diwan.project.launch import backup, drill, service, supervisor
from diwan.project.launch.binaries import ClusterError
from diwan.project.launch.install import FIRST_PORT, ROOT, Install, open_install, python_path
from diwan.project.launch.phases import PhaseError, say
from diwan.project.launch.private import NoShortFolderError

COMMANDS = ("start", "status", "stop", "code", "backup", "restore", "drill", "diwan", "journey")
PORT_STEP = 10


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run",
        description="Start Diwan with a demo city on this machine, or work with an installation.",
        epilog="Without a command: prepare and start. DIWAN_* variables choose everything else; see docs/settings.md.",
    )
    parser.add_argument("--port", type=int, help=f"first of seven ports (usually {FIRST_PORT})")
    parser.add_argument("--data", type=Path, metavar="DIR", help="data directory (usually var/demo)")
    parser.add_argument("--lang", choices=("ar", "en"), help="language of the first page (usually ar)")
    parser.add_argument("--setup-only", action="store_true", help="prepare everything, start nothing")
    parser.add_argument(
        "command", nargs="?", choices=COMMANDS, default="start", help="what to do; usually start"
    )
    parser.add_argument("words", nargs=argparse.REMAINDER, help="what the command needs: NAME, FILE or words")
    return parser


@contextmanager
def _database(install: Install) -> Iterator[None]:
    """The embedded database for the length of a command, when nothing else keeps it running."""
    started = install.has_own_database and install.cluster.start()
    try:
        yield
    finally:
        if started:
            install.cluster.stop()


def _product_command(install: Install, words: list[str]) -> int:
    """Run the product's command line on this installation."""
    with _database(install):
        owner = needs_owner(words)
        return subprocess.run(
            [sys.executable, "-m", "diwan.project", *words], env=install.environment(owner=owner), check=False
        ).returncode


def _journey(install: Install, words: list[str]) -> int:
    """Walk a journey over HTTP against the running installation; start one for its length when none runs."""
    if supervisor.is_held(install):
        return subprocess.run(
            _journey_words(words), env=_journey_environment(install), cwd=ROOT, check=False
        ).returncode
    return service.during(install, lambda: _journey(install, words))


def _journey_words(words: list[str]) -> list[str]:
    return [sys.executable, "-m", "tests.journeys", *words]


def _journey_environment(install: Install) -> dict[str, str]:
    """Addresses and the demo people's file: what a person in front of the screens has, and nothing of the product."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DIWAN_")}
    return {
        **kept,
        "PYTHONPATH": python_path(),
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
        "JOURNEY_BASE": install.base_url,
        **{
            f"JOURNEY_{name.upper()}": install.peer_url(name)
            for name in ("registers", "payments", "catcher", "authority")
        },
        "JOURNEY_PEOPLE": str(install.data / "demo-people.json"),
        "JOURNEY_FILES": str(install.data / "journeys"),
        "JOURNEY_LANGUAGE": install.language,
    }


def _one_word(words: list[str], what: str) -> str:
    if len(words) != 1:
        raise PhaseError(f"Say {what}.")
    return words[0]


def _with_ports(install: Install, options: argparse.Namespace) -> Install:
    """The installation on ports that are free: the next block of ten unless a port was asked for."""
    taken = service.taken_ports(install)
    asked = options.port or "DIWAN_PORT" in os.environ
    while taken:
        if asked:
            raise PhaseError(f"Port {taken[0]} is in use by another program; choose others with --port N.")
        say(f"  Port {taken[0]} is in use; taking the next ones.")
        install = open_install(data=options.data, port=install.port + PORT_STEP, language=options.lang)
        taken = service.taken_ports(install)
    return install


def _start(install: Install, options: argparse.Namespace) -> int:
    if supervisor.is_held(install):
        say(f"Diwan already runs at {install.base_url}/ (data in {install.data}). Stop it with ./run stop")
        return 1
    supervisor.end_leftovers(install)
    read_config({"DIWAN_DATABASE_URL": "postgresql:///embedded", **install.settings()})
    if not options.setup_only:
        install = _with_ports(install, options)
    return service.serve(install, setup_only=options.setup_only)


def _stopped(install: Install) -> Install:
    if supervisor.is_held(install):
        raise PhaseError("Diwan is running on this data; stop it first with ./run stop")
    supervisor.end_leftovers(install)
    return install


def dispatch(options: argparse.Namespace) -> int:
    """Do what was asked; the exit status."""
    install = open_install(data=options.data, port=options.port, language=options.lang)
    words = [word for index, word in enumerate(options.words) if not (index == 0 and word == "--")]
    if options.command == "start":
        return _start(install, options)
    if options.command == "status":
        return service.status(install)
    if options.command == "stop":
        return service.stop(install)
    if options.command == "code":
        return _product_command(install, ["code", _one_word(words, "whose code: ./run code NAME")])
    if options.command == "backup":
        with _database(install):
            return backup.backup(install, Path(_one_word(words, "a file: ./run backup FILE")).resolve())
    if options.command == "restore":
        return backup.restore(
            _stopped(install), Path(_one_word(words, "a file: ./run restore FILE")).resolve()
        )
    if options.command == "drill":
        with _database(install):
            return drill.drill(install, Path(words[0]).resolve() if words else None)
    if options.command == "journey":
        return _journey(install, words)
    return _product_command(install, words)


def main() -> int:
    """Parse, do, and turn expected failures into one clear message."""
    options = _parser().parse_args()
    try:
        return dispatch(options)
    except (PhaseError, ClusterError, NoShortFolderError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except ConfigError as error:
        print("Diwan cannot start with this configuration:", *error.problems, sep="\n  ", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except supervisor.AlreadyRunningError:
        print("Another ./run holds this data directory.", file=sys.stderr)
        return 1


sys.exit(main())
