"""The product's command line: `diwan NOUN VERB ...`, wired to Django's management commands.

`diwan catalogue load` runs the command `catalogue_load` where a package has one, else the command `catalogue` with
`load` as its first argument. Only migrations work as the owner of the tables; everything else works as the app role
on a database that has been found safe.
"""

import os
import sys
from collections.abc import Sequence
from typing import Final

from diwan.project.config import ConfigError

OWNER_COMMANDS: Final = frozenset(
    {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "flush", "squashmigrations"}
)
WITHOUT_DATABASE: Final = frozenset(
    {"help", "version", "--help", "--version", "check", "collectstatic", "findstatic", "diffsettings"}
)
CHECKS_ONLY: Final = "makemigrations"


def resolve(words: Sequence[str], known: frozenset[str]) -> list[str]:
    """The management command and its arguments for the words that were typed."""
    if len(words) > 1 and f"{words[0]}_{words[1].replace('-', '_')}" in known:
        return [f"{words[0]}_{words[1].replace('-', '_')}", *words[2:]]
    return list(words)


def _assert_safe_database() -> None:
    # Imported here since both need the applications loaded.
    from django.conf import settings
    from django.db import connection

    from diwan.project.database import assert_safe

    assert_safe(connection, durable=settings.DIWAN.profile != "test")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. Faults of the configuration are printed, one a line."""
    words = list(sys.argv[1:] if argv is None else argv) or ["help"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diwan.project.settings")
    if words[0] in OWNER_COMMANDS:
        os.environ["DIWAN_DATABASE_ROLE"] = "owner"
    # Imported here since the environment above decides what Django's settings become.
    import django
    from django.core.management import ManagementUtility, get_commands

    try:
        django.setup()
    except ConfigError as error:
        print("Diwan cannot start with this configuration:", *error.problems, sep="\n  ", file=sys.stderr)
        return 2
    command = resolve(words, frozenset(get_commands()))
    if command[0] not in OWNER_COMMANDS | WITHOUT_DATABASE:
        _assert_safe_database()
    ManagementUtility(["diwan", *command]).execute()
    return 0
