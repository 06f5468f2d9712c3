"""`diwan demo load | cases | people | receiver | remove`."""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from diwan.demo import listing
from diwan.demo.load.city import load_city
from diwan.demo.load.receiver import load_receiver
from diwan.demo.refusals import demo_mark, refuse_production
from diwan.demo.remove import remove_demo
from diwan.demo.walks.conduct import make_cases, walk_part
from diwan.kit.errors import DiwanError


class Command(BaseCommand):
    """The demo city."""

    help = (
        "load: build the demo city, once or again; cases: the year of cases alone; people: who can sign in and what to "
        "try; receiver: subscribe the demo's receiver to events; remove: empty the database of a demo, leaving "
        "catalogue and reference data."
    )

    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One word: what to do."""
        parser.add_argument("what", choices=["load", "cases", "walk", "people", "receiver", "remove"])
        parser.add_argument("--count", type=int, help="how many applications; else DIWAN_CITY_CASES")
        parser.add_argument(
            "--part", type=int, default=0, help="which of the processes that make cases (walk)"
        )
        parser.add_argument("--no-cases", action="store_true", help="load without the year of cases")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; refusals become one line."""
        try:
            refuse_production()
            getattr(self, options["what"])(options)
        except DiwanError as error:
            raise CommandError(str(error)) from error

    def load(self, options: dict[str, Any]) -> None:
        """Build the city and its year."""
        say = self._progress()
        load_city(say=say)
        if not options["no_cases"] and _count(options):
            self._cases(options, say)

    def cases(self, options: dict[str, Any]) -> None:
        """Make the year of cases."""
        self._cases(options, self._progress())

    def _cases(self, options: dict[str, Any], say: Callable[[str], None]) -> None:
        made = make_cases(demo_mark(), count=_count(options), say=say)
        say(f"{made} cases" if made else "the year of cases is there already")

    def walk(self, options: dict[str, Any]) -> None:
        """One of the processes of `cases`, told by it how far to go."""
        demo_mark()
        walk_part(options["part"], count=_count(options), orders=sys.stdin, answers=sys.stdout)

    def people(self, options: dict[str, Any]) -> None:
        """List the named people."""
        for line in listing.lines(language=settings.DIWAN.language):
            self.stdout.write(line)

    def receiver(self, options: dict[str, Any]) -> None:
        """Subscribe the demo's receiver."""
        demo_mark()
        self.stdout.write(load_receiver())

    def remove(self, options: dict[str, Any]) -> None:
        """Empty the database of the demo."""
        for line in remove_demo():
            self.stdout.write(line)

    def _progress(self) -> Callable[[str], None]:
        began = time.monotonic()

        def say(line: str) -> None:
            self.stdout.write(f"{time.monotonic() - began:6.1f} s  {line}")
            self.stdout.flush()

        return say


def _count(options: dict[str, Any]) -> int:
    found = options["count"]
    return int(settings.DIWAN.city_cases if found is None else found)
