"""`diwan stock receive CODE QUANTITY NOTE`: supplies that have come into the store."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diwan.catalogue.queries import lookup_row
from diwan.kit import clock
from diwan.modules.stores.actions import receive_stock
from diwan.people.actor import system


class Command(BaseCommand):
    """Commands on the store."""

    help = "Receive supplies into the store."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`receive`."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        receive = verbs.add_parser("receive", help=self.help)
        receive.add_argument("code", help="A row of the lookup supplies")
        receive.add_argument("quantity", type=int)
        receive.add_argument("note", help="E.g. the number of the delivery")

    def handle(self, *args: Any, **options: Any) -> None:
        """Receive and report what is there now."""
        if lookup_row("supplies", options["code"], clock.today()) is None or options["quantity"] < 1:
            raise CommandError("no such item, or less than one")
        item = receive_stock(
            code=options["code"], quantity=options["quantity"], note=options["note"], by=system("command")
        )
        self.stdout.write(f"{item.code}: {item.on_hand}")
