"""`diwan leave grant USERNAME DAYS NOTE`: working days of leave for an employee, e.g. those of a new year."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diwan.modules.staffing.actions import grant_days
from diwan.people.actor import system
from diwan.people.models import Account


class Command(BaseCommand):
    """Commands on the leave of employees."""

    help = "Grant working days of leave to an employee."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`grant`."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        grant = verbs.add_parser("grant", help=self.help)
        grant.add_argument("username")
        grant.add_argument("days", type=int)
        grant.add_argument("note", help="What they are granted for, e.g. the year")

    def handle(self, *args: Any, **options: Any) -> None:
        """Grant and report what the employee has now."""
        account = Account.objects.filter(username=options["username"], kind=Account.Kind.STAFF).first()
        if account is None or options["days"] < 1:
            raise CommandError("no such employee, or less than one day")
        row = grant_days(
            account_id=account.pk, days=options["days"], note=options["note"], by=system("command")
        )
        self.stdout.write(f"{account.username}: {row.days} days")
