"""The catalogue from the command line: `diwan catalogue check | load | list | draft | publish | to-bpmn ...`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from ruamel.yaml import YAML

from diwan.bpmn import MOST_BYTES, UNNAMED_ROLE, from_bpmn, to_bpmn
from diwan.catalogue.actions import (
    draft_version,
    examine_package,
    export_package,
    import_package,
    load_packaged,
    publish_version,
)
from diwan.catalogue.errors import Unusable
from diwan.catalogue.models import ServiceVersion
from diwan.catalogue.packaged import inline_workflow, read_packaged
from diwan.catalogue.queries import compiled_service, internal_service, lookup
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
        sent = verbs.add_parser(
            "export", help="write a service with all that it needs, sealed, for another amanah"
        )
        sent.add_argument("service", help="its slug; the version in force today")
        sent.add_argument("file", type=Path)
        come = verbs.add_parser("import", help="keep the services of such a file as drafts")
        come.add_argument("file", type=Path)
        come.add_argument("--check", action="store_true", help="only say what it would bring")
        drawn = verbs.add_parser("to-bpmn", help="write the workflow of a service as a BPMN diagram")
        drawn.add_argument("service", help="its slug; the version in force today")
        drawn.add_argument("file", type=Path)
        drawn.add_argument(
            "--language", choices=("ar", "en"), default="ar", help="of the names in the diagram"
        )
        taken = verbs.add_parser("from-bpmn", help="write the workflow that a BPMN diagram draws as YAML")
        taken.add_argument("diagram", type=Path)
        taken.add_argument("file", type=Path)
        taken.add_argument("--role", default=UNNAMED_ROLE, help="of human steps whose lane names none")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"do_{options['verb'].replace('-', '_')}")(options)
        except (CatalogueError, Unusable, DiwanError, OSError) as error:
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

    def do_export(self, options: dict[str, Any]) -> None:
        """Write the sealed package of the version in force."""
        today = clock.today()
        service = compiled_service(options["service"], today) or internal_service(options["service"], today)
        if service is None:
            raise CommandError(f"No service {options['service']} is in force.")
        content = export_package(version_id=service.version_id, by=system("command line"))
        options["file"].write_bytes(content)
        self.stdout.write(f"{options['file']}: {service.slug} v{service.number}, {len(content)} bytes")

    def do_import(self, options: dict[str, Any]) -> None:
        """Say what a package would bring and, unless only asked, take it in."""
        data = options["file"].read_bytes()
        found = examine_package(data)
        self.stdout.write(
            f"from {found.package.made_by['en']}, seal: {found.seal.state} {found.seal.organisation}"
        )
        for each in found.services:
            self.stdout.write(f"{each.slug}: {each.state}{f' (ours is v{each.ours})' if each.ours else ''}")
        for name, row in found.rows:
            self.stdout.write(f"comes along: {name} {row.code}")
        for name, row in found.kept:
            self.stdout.write(f"differs, ours stays: {name} {row.code}")
        for fault in found.faults:
            self.stdout.write(f"missing here: {fault}")
        if options["check"]:
            return
        for version in import_package(data=data, by=system("command line")):
            self.stdout.write(f"draft {version.pk}: {version.service.slug} v{version.number}")

    def do_to_bpmn(self, options: dict[str, Any]) -> None:
        """Draw the workflow of a service."""
        today = clock.today()
        slug = options["service"]
        service = compiled_service(slug, today) or internal_service(slug, today)
        if service is None or not service.applicable:
            raise CommandError(f"No service {slug} with a workflow is in force.")
        titles = {row.code: getattr(row.name, options["language"]) for row in lookup("roles", today)}
        content = to_bpmn(service.flow, language=options["language"], titles=titles)
        options["file"].write_bytes(content)
        self.stdout.write(f"{options['file']}: {len(content)} bytes")

    def do_from_bpmn(self, options: dict[str, Any]) -> None:
        """Write a diagram as the YAML of a workflow. What it draws and a workflow can't say is refused."""
        with options["diagram"].open("rb") as drawn:
            definition = from_bpmn(drawn.read(MOST_BYTES + 1), role=options["role"])
        writer = YAML(typ="rt")
        writer.width = 120
        writer.default_flow_style = None
        with options["file"].open("w", encoding="utf-8") as file:
            writer.dump(definition, file)
        self.stdout.write(f"{options['file']}: {len(definition['steps'])} steps")
