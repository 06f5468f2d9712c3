"""`diwan contracts load FILE`: who covers which reports."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from diwan.kit.errors import DiwanError
from diwan.modules.reports.actions import load_contracts
from diwan.people.actor import system


class Command(BaseCommand):
    """Contractors, their contracts and crews, and crews of our own units, from a YAML file (docs/operate.md)."""

    help = "Load contracts and crews of reports from a file; what is there is brought up to date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The verb and its file."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        load = verbs.add_parser("load", help="read a file, all of it or nothing")
        load.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file and write its rows."""
        try:
            plan = YAML(typ="safe").load(options["file"].read_text(encoding="utf-8"))
            fresh = load_contracts(plan=plan, by=system("contracts load"))
        except (OSError, YAMLError, DiwanError, KeyError, ValueError) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        self.stdout.write(f"{len(plan.get('contractors', ()))} contractors read, {fresh} new")
