"""The product's command line: `diwan NOUN VERB ...`, wired to Django's management commands.

`diwan catalogue load` runs the command `catalogue_load` where a package has one, else the command `catalogue` with
`load` as its first argument. Only migrations, and the removal of a demo, work as the owner of the tables; everything
else works as the app role on a database that has been found safe.
"""

import os
import sys
from collections.abc import Sequence
from typing import Final

from diwan.project.config import ConfigError
from diwan.project.database import UnsafeDatabaseError, assert_safe

OWNER_COMMANDS: Final = frozenset(
    {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "flush", "squashmigrations"}
)
# Commands of two words that only the owner of the tables can carry out.
OWNER_VERBS: Final = frozenset({("demo", "remove")})
# Processes that count, beside the web server, for whoever collects figures.
LONG_RUNNING: Final = frozenset({"worker"})
WITHOUT_DATABASE: Final = frozenset(
    {
        "help",
        "version",
        "--help",
        "--version",
        "check",
        "collectstatic",
        "findstatic",
        "diffsettings",
        "health",
    }
)


def resolve(words: Sequence[str], known: frozenset[str]) -> list[str]:
    """The management command and its arguments for the words that were typed."""
    if len(words) > 1 and f"{words[0]}_{words[1].replace('-', '_')}" in known:
        return [f"{words[0]}_{words[1].replace('-', '_')}", *words[2:]]
    return list(words)


def needs_owner(words: Sequence[str]) -> bool:
    """Whether the words name a command that works as the owner of the tables."""
    return bool(words) and (words[0] in OWNER_COMMANDS or tuple(words[:2]) in OWNER_VERBS)


def _share_figures() -> None:
    # Imported here since the settings may be read only after the environment is made.
    from django.conf import settings

    from diwan.project.metering import share_between_processes

    if settings.DIWAN.profile != "test":
        share_between_processes(settings.DIWAN)


def _assert_safe_database() -> None:
    # Imported here since both need the applications loaded.
    from django.conf import settings
    from django.db import connection

    assert_safe(connection, durable=settings.DIWAN.profile != "test")


def _refuse(what: str, problems: Sequence[str]) -> int:
    print(f"Diwan cannot start with this {what}:", *problems, sep="\n  ", file=sys.stderr)
    return 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. Faults of the configuration are printed, one a line."""
    words = list(sys.argv[1:] if argv is None else argv) or ["help"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diwan.project.settings")
    if needs_owner(words):
        os.environ["DIWAN_DATABASE_ROLE"] = "owner"
    # Imported here since the environment above decides what Django's settings become.
    import django
    from django.core.management import ManagementUtility, get_commands

    try:
        if words[0] in LONG_RUNNING:
            _share_figures()
        django.setup()
    except ConfigError as error:
        return _refuse("configuration", error.problems)
    command = resolve(words, frozenset(get_commands()))
    if command[0] not in WITHOUT_DATABASE and not needs_owner(words):
        try:
            _assert_safe_database()
        except UnsafeDatabaseError as error:
            return _refuse("database", str(error).splitlines())
    ManagementUtility(["diwan", *command]).execute()
    return 0
