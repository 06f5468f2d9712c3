"""`diwan places import FILE`: load real boundaries, streets and land use, with a report of what is wrong with them."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diwan.people.actor import system
from diwan.people.models import Municipality
from diwan.places.actions import import_land_use, import_shapes
from diwan.places.actions.import_shapes import UnreadableFile


class Command(BaseCommand):
    """Commands on places."""

    help = "Load district boundaries and streets, or land use, from a GeoJSON, GeoPackage or Shapefile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`import FILE [--municipality CODE] [--land-use COLUMN] [--check]`."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        load = verbs.add_parser("import", help=self.help)
        load.add_argument("file", type=Path)
        load.add_argument(
            "--municipality", default="000", help="Code of the municipality (default: the head office)"
        )
        load.add_argument(
            "--land-use",
            metavar="COLUMN",
            help="The polygons are zones; this property holds residential, commercial, mixed, industrial or public",
        )
        load.add_argument("--check", action="store_true", help="Only report, load nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and report."""
        municipality = Municipality.objects.filter(code=options["municipality"]).first()
        if municipality is None:
            raise CommandError(f"There is no municipality {options['municipality']}.")
        load = self._load_zones if options["land_use"] else self._load_shapes
        try:
            load(municipality, options)
        except UnreadableFile as error:
            raise CommandError(str(error)) from error

    def _load_zones(self, municipality: Municipality, options: Mapping[str, Any]) -> None:
        path: Path = options["file"]
        report = import_land_use(
            path=path, municipality=municipality, column=options["land_use"], source=path.name,
            by=system("places import"), check_only=options["check"],
        )  # fmt: skip
        self.stdout.write(f"zones {report.zones}, without a known use {len(report.unknown)}")
        for name in report.unknown:
            self.stdout.write(f"no known use: {name}")
        for name, reason in report.invalid:
            self.stdout.write(f"invalid, mended: {name}: {reason}")

    def _load_shapes(self, municipality: Municipality, options: Mapping[str, Any]) -> None:
        path: Path = options["file"]
        report = import_shapes(
            path=path, municipality=municipality, source=path.name, by=system("places import"),
            check_only=options["check"],
        )  # fmt: skip
        self.stdout.write(
            f"districts {report.districts}, streets {report.streets}, skipped {len(report.skipped)}"
        )
        for name, reason in report.invalid:
            self.stdout.write(f"invalid, mended: {name}: {reason}")
        for one, other, area in report.overlaps:
            self.stdout.write(f"overlap: {one} and {other}: {area:,.1f} m²")
