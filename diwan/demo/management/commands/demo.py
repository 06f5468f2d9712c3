"""`diwan demo load | cases | people | remove`."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from diwan.demo import listing
from diwan.demo.load.city import load_city
from diwan.demo.remove import remove_demo
from diwan.kit.errors import DiwanError


class Command(BaseCommand):
    """The demo city."""

    help = (
        "load: build the demo city, once or again; cases: the year of cases alone; people: who can sign in and what to "
        "try; remove: empty the database of a demo, leaving catalogue and reference data."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One word: what to do."""
        parser.add_argument("what", choices=["load", "people", "remove"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; refusals become one line."""
        try:
            getattr(self, options["what"])()
        except DiwanError as error:
            raise CommandError(str(error)) from error

    def load(self) -> None:
        """Build the city."""
        began = time.monotonic()

        def say(line: str) -> None:
            self.stdout.write(f"{time.monotonic() - began:6.1f} s  {line}")
            self.stdout.flush()

        load_city(say=say)

    def people(self) -> None:
        """List the named people."""
        for line in listing.lines(language=settings.DIWAN.language):
            self.stdout.write(line)

    def remove(self) -> None:
        """Empty the database of the demo."""
        for line in remove_demo():
            self.stdout.write(line)
