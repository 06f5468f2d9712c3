"""`diwan authority init`: trust the configured authority."""

import time
from argparse import ArgumentParser
from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

PATIENCE = 20.0


class Command(BaseCommand):
    """Fetch the root certificate of the configured authority where the operator has placed none."""

    help = "init: fetch the authority's root certificate into the file of trusted roots, unless that file exists."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One word: what to do."""
        parser.add_argument("what", choices=["init"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Wait for the authority, write the file once."""
        config = settings.DIWAN
        path = config.under_data(config.authority_roots)
        if path.exists():
            self.stdout.write(f"Roots are in place: {path}")
            return
        if not config.authority_url:
            raise CommandError("DIWAN_AUTHORITY_URL is not set.")
        pem = _root(config.authority_url)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = path.with_suffix(".partial")
        partial.write_text(pem)
        partial.replace(path)
        self.stdout.write(f"Trusted: {path}")


def _root(url: str) -> str:
    """The authority's root as PEM, within the patience of a start."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            answer = httpx.get(f"{url}/root.pem", timeout=5, trust_env=False)
            answer.raise_for_status()
            return answer.text
        except httpx.HTTPError as error:
            if time.monotonic() > end:
                raise CommandError(f"The authority does not answer: {type(error).__name__}") from error
            time.sleep(0.2)
