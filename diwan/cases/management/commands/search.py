"""`diwan search index`: write anew what cases and services are found by, after the rules of searching have changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from diwan.cases.actions.index_words import index_all
from diwan.catalogue.actions import write_search_texts


class Command(BaseCommand):
    """Commands on searching."""

    help = "Write anew what cases and services are found by (the product stays in use meanwhile)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`index`."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("index", help=self.help)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write and report."""
        services = write_search_texts()
        self.stdout.write(f"services {services}, cases {index_all()}")
