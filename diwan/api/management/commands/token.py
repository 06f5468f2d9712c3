"""`diwan token make | list | revoke`: tokens with which partners' systems use the API."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diwan.api.models import ApiToken
from diwan.api.tokens import make_token, revoke_token
from diwan.catalogue.queries import compiled_service
from diwan.kit import clock
from diwan.people.actor import system


class Command(BaseCommand):
    """Tokens of the API."""

    help = (
        "make NAME SERVICE...: a token for a partner that covers these services, shown this once; list: every token "
        "and how long it holds; revoke PREFIX: end one at once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do and with what."""
        parser.add_argument("what", choices=["make", "list", "revoke"])
        parser.add_argument("words", nargs="*", help="NAME SERVICE..., or PREFIX")
        parser.add_argument("--days", type=int, default=365, help="how long a new token holds (usually 365)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        words = options["words"]
        if options["what"] == "make":
            self._make(words, options["days"])
        elif options["what"] == "revoke":
            self._revoke(words)
        else:
            self._list()

    def _make(self, words: list[str], days: int) -> None:
        if len(words) < 2:
            raise CommandError("Say the partner's name and the services: token make NAME SERVICE...")
        name, *services = words
        unknown = [slug for slug in services if compiled_service(slug, clock.today()) is None]
        if unknown:
            raise CommandError(f"No such service today: {', '.join(unknown)}")
        self.stdout.write(make_token(name=name, services=services, days=days, by=system("token")))

    def _list(self) -> None:
        for token in ApiToken.objects.order_by("id"):
            state = "revoked" if token.revoked_at else f"until {token.expires_at:%Y-%m-%d}"
            self.stdout.write(f"{token.prefix}  {token.name}  {', '.join(token.services)}  {state}")

    def _revoke(self, words: list[str]) -> None:
        if len(words) != 1 or not revoke_token(prefix=words[0], by=system("token")):
            raise CommandError("Say the prefix of a token that holds: token revoke PREFIX")
        self.stdout.write(f"Revoked: {words[0]}")
