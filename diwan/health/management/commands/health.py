"""`diwan health`: the report of the health page at the terminal. Exit status 0 good, 1 to watch, 2 needs action."""

import sys
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection
from django.utils import timezone, translation

from diwan.health.registry import ORDER, Finding, report, worst
from diwan.health.wording import advice_words, group_words, name_words, says_words, span_words, state_words

SIGNS: Final = {"good": "+", "watch": "!", "bad": "X"}


class Command(BaseCommand):
    """Prints one line a finding, and what to do below it."""

    help = "Says how the installation is. Exit status: 0 good, 1 something is to be watched, 2 something needs action."

    def add_arguments(self, parser: CommandParser) -> None:
        """The language, and whether only what is not good is told."""
        parser.add_argument("--lang", choices=("ar", "en"), default="en", help="language of the report")
        parser.add_argument("--quiet", action="store_true", help="only what is not good, for a timer's mail")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print and end with the gravest state."""
        with translation.override(options["lang"]):
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
            except DatabaseError as error:
                self.stdout.write(
                    f"X {translation.gettext('The database does not answer.')} {type(error).__name__}"
                )
                sys.exit(2)
            found = report()
            for group, findings in found.items():
                shown = [one for one in findings if one.state != "good"] if options["quiet"] else findings
                if shown:
                    self.stdout.write(group_words(group))
                for finding in shown:
                    self._line(finding)
        gravest = worst(one for findings in found.values() for one in findings)
        if gravest != "good":
            sys.exit(ORDER[gravest])

    def _line(self, finding: Finding) -> None:
        at = timezone.localtime(finding.at).strftime("%Y-%m-%d %H:%M") if finding.at else ""
        said = " ".join(part for part in (says_words(finding), at) if part)
        count = "" if finding.count is None or finding.key == "disk" else str(finding.count)
        figures = ", ".join(part for part in (count, span_words(finding.age)) if part)
        name = f"{name_words(finding)} {finding.detail}".strip()
        self.stdout.write(
            f"  {SIGNS[finding.state]} {state_words(finding.state):<14} {name:<44} {figures:<22} {said}"
        )
        if advice := advice_words(finding):
            self.stdout.write(f"      {advice}")
