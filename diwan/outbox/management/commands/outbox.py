"""`diwan outbox list` and `diwan outbox revive`: deliveries that were given up, and trying them again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from diwan.outbox.actions import revive_dead
from diwan.outbox.queries import dead_letters


class Command(BaseCommand):
    """Lists dead letters, or makes them due at once."""

    help = (
        "Deliveries of events that were given up: list them, or try them again after their cause was mended."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and with whose letters."""
        parser.add_argument("what", choices=("list", "revive"))
        parser.add_argument("--handler", default="", help="only those of this handler")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line a letter, or how many are due now."""
        if options["what"] == "revive":
            self.stdout.write(f"{revive_dead(handler=options['handler'])} deliveries are tried again.")
            return
        letters = dead_letters()
        if options["handler"]:
            letters = letters.filter(handler=options["handler"])
        for letter in letters:
            self.stdout.write(
                f"{letter.event_id} {letter.event.name} {letter.handler} {letter.attempts} tries: {letter.error}"
            )
