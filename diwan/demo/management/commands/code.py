"""`diwan code NAME`: the current one-time code of a demo person."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diwan.demo.codes import NoCode, code_of
from diwan.demo.refusals import demo_mark, refuse_production
from diwan.kit.errors import DiwanError


class Command(BaseCommand):
    """Employees: the code of their generator. Residents: the newest code that the catcher has received for them."""

    help = "Print the current one-time code of a demo person, by name, national id or user name."

    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose code."""
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the code alone on the first line; where it came from goes to the error output."""
        try:
            refuse_production()
            demo_mark()
            found = code_of(options["name"])
        except (DiwanError, NoCode) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(found.code)
        self.stderr.write(found.note)
