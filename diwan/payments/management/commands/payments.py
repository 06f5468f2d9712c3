"""`diwan payments reconcile 2026-11-21` and `diwan payments waiting`."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diwan.kit import clock
from diwan.payments.actions import Reconciliation, reconcile
from diwan.payments.ports import GatewayDown
from diwan.payments.queries import unsettled


class Command(BaseCommand):
    """Compare payments with the payment system, or list what finance has to decide."""

    help = "reconcile [DAY]: compare a day's payments with the payment system. waiting: payments finance decides about."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and for which day (today by default)."""
        parser.add_argument("what", choices=["reconcile", "waiting"])
        parser.add_argument("day", nargs="?", type=date.fromisoformat)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; `reconcile` ends with status 1 when the two sides differ."""
        if options["what"] == "waiting":
            for row in unsettled():
                self.stdout.write(
                    f"{row.received_at:%Y-%m-%d %H:%M} {row.outcome} {row.bill_number} {row.amount}"
                )
            return
        try:
            found = reconcile(day=options["day"] or clock.today())
        except GatewayDown as error:
            raise CommandError("The payment system gives no list now.") from error
        self._print(found)
        if not found.clean:
            raise CommandError("The two sides differ.")

    def _print(self, found: Reconciliation) -> None:
        self.stdout.write(f"{found.day}: {found.matched} payments agree.")
        for title, ids in (
            ("Taken in now, no notice had come", found.missing),
            ("Amount differs", found.different),
            ("Not in the payment system's list", found.extra),
        ):
            for payment in ids:
                self.stdout.write(f"{title}: {payment}")
