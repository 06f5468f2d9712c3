"""`diwan catalogue check | load | list | draft | publish`: the catalogue from the command line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diwan.catalogue.actions import draft_version, load_packaged, publish_version
from diwan.catalogue.errors import Unusable
from diwan.catalogue.models import ServiceVersion
from diwan.catalogue.packaged import inline_workflow, read_packaged
from diwan.catalogue.registry import unmatched
from diwan.catalogue.source import ROOT, CatalogueError, read_yaml
from diwan.kit import clock
from diwan.kit.errors import DiwanError
from diwan.people.actor import system


class Command(BaseCommand):
    help = "Check, load and publish services."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("check", help="compile everything that is packaged, with every application loaded")
        verbs.add_parser(
            "load", help="bring what is packaged into the database; never overwrites local changes"
        )
        verbs.add_parser("list", help="versions in the database")
        draft = verbs.add_parser("draft", help="keep a service file as a local draft")
        draft.add_argument("file", type=Path)
        publish = verbs.add_parser("publish", help="put a draft into force")
        publish.add_argument("version", type=int)
        publish.add_argument("--from", dest="valid_from", type=date.fromisoformat, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"do_{options['verb']}")(options)
        except (CatalogueError, Unusable, DiwanError) as error:
            raise CommandError(str(error)) from error

    def do_check(self, options: dict[str, Any]) -> None:
        """Compile all; also every declared kind must have somebody who executes it."""
        packaged = read_packaged()
        missing = unmatched()
        if missing:
            raise CommandError("\n".join(missing))
        self.stdout.write(
            f"{len(packaged.services)} services, {len(packaged.rows)} lookup rows, {len(packaged.calendars)} calendars:"
            " in order"
        )

    def do_load(self, options: dict[str, Any]) -> None:
        """Load; say what changed."""
        done = load_packaged()
        if done.nothing:
            self.stdout.write("nothing new")
            return
        for name in ("published", "patched", "proposed"):
            if getattr(done, name):
                self.stdout.write(f"{name}: {', '.join(getattr(done, name))}")
        self.stdout.write(f"lookup rows: {done.rows}, calendars: {done.calendars}")

    def do_list(self, options: dict[str, Any]) -> None:
        """One line a version."""
        for row in ServiceVersion.objects.select_related("service").order_by("service__code", "number"):
            until = row.valid_to or "open"
            self.stdout.write(
                f"{row.pk:>5} {row.service.code} {row.service.slug} v{row.number}.{row.patch} {row.origin} {row.state}"
                f" {row.valid_from or '-'}..{until}{' merge: ' + json.dumps(row.merge) if row.merge else ''}"
            )

    def do_draft(self, options: dict[str, Any]) -> None:
        """Keep a file as a draft of its service."""
        source = read_yaml(options["file"])
        inline_workflow(source, ROOT)
        version = draft_version(definition=source.data, by=system("command line"))
        self.stdout.write(f"draft {version.pk}: {version.service.slug} v{version.number}")

    def do_publish(self, options: dict[str, Any]) -> None:
        """Publish a draft from a day on (today)."""
        day = options["valid_from"] or clock.today()
        version = publish_version(version_id=options["version"], valid_from=day, by=system("command line"))
        self.stdout.write(f"published {version.service.slug} v{version.number} from {version.valid_from}")
