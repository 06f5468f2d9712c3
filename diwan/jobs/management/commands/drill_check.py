"""`diwan drill check`: what `./run drill` asks of the restored copy. It moves a case, so never run it on the real."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from diwan.jobs.drill import DrillFailed, as_dict, check_copy


class Command(BaseCommand):
    """Prints what was looked at as one line of JSON; ends with status 1 when the copy does not hold."""

    help = (
        "Checks a restored copy of an installation (audit log, files, documents) and moves one of its cases."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """A word that nobody types by accident."""
        parser.add_argument(
            "--on-a-copy", action="store_true", help="this installation is a copy that is thrown away"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check."""
        if not options["on_a_copy"]:
            raise CommandError("This moves a case. Run ./run drill FILE, which makes a copy first.")
        try:
            self.stdout.write(json.dumps(as_dict(check_copy())))
        except DrillFailed as error:
            raise CommandError(str(error)) from error
