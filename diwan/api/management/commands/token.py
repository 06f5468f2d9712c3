"""`diwan token make | list | revoke`: tokens with which partners' systems use the API."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diwan.api.models import ApiToken
from diwan.api.tokens import DEFAULT_SCOPES, make_token, revoke_token
from diwan.catalogue.queries import compiled_service
from diwan.kit import clock
from diwan.people.actor import system
from diwan.people.queries import municipality_by_code
from diwan.rest.declaring import SCOPES


class Command(BaseCommand):
    """Tokens of the API."""

    help = (
        "make NAME SERVICE...: a token for a partner that covers these services, shown this once; list: every token, "
        "what it may do, how long it holds and when it was last used; revoke PREFIX: end one at once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do and with what."""
        parser.add_argument("what", choices=["make", "list", "revoke"])
        parser.add_argument("words", nargs="*", help="NAME SERVICE..., or PREFIX")
        parser.add_argument("--days", type=int, default=365, help="how long a new token holds (usually 365)")
        parser.add_argument(
            "--scope",
            action="append",
            choices=sorted(SCOPES),
            help=f"once each; usually {' '.join(DEFAULT_SCOPES)}",
        )
        parser.add_argument(
            "--municipality",
            action="append",
            default=[],
            metavar="CODE",
            help="once each; usually all of them",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        words = options["words"]
        if options["what"] == "make":
            self._make(words, options)
        elif options["what"] == "revoke":
            self._revoke(words)
        else:
            self._list()

    def _make(self, words: list[str], options: dict[str, Any]) -> None:
        if not words or not words[0].strip():
            raise CommandError("Say the partner's name and the services: token make NAME SERVICE...")
        name, *services = words
        unknown = [slug for slug in services if compiled_service(slug, clock.today()) is None]
        if unknown:
            raise CommandError(f"No such service today: {', '.join(unknown)}")
        nowhere = [code for code in options["municipality"] if municipality_by_code(code) is None]
        if nowhere:
            raise CommandError(f"No such municipality: {', '.join(nowhere)}")
        if options["days"] < 1:
            raise CommandError("A token holds for a day at least.")
        text = make_token(
            name=name, services=services, municipalities=options["municipality"],
            scopes=options["scope"] or DEFAULT_SCOPES, days=options["days"], by=system("token"),
        )  # fmt: skip
        self.stdout.write(text)

    def _list(self) -> None:
        for token in ApiToken.objects.order_by("id"):
            state = "revoked" if token.revoked_at else f"until {token.expires_at:%Y-%m-%d}"
            used = (
                f"used {clock.local(token.last_used_at):%Y-%m-%d %H:%M}"
                if token.last_used_at
                else "never used"
            )
            where = ", ".join(token.municipalities) or "everywhere"
            parts = (token.prefix, token.name, ", ".join(token.services) or "no service", where,
                     " ".join(token.scopes), state, used)  # fmt: skip
            self.stdout.write("  ".join(parts))

    def _revoke(self, words: list[str]) -> None:
        if len(words) != 1 or not revoke_token(prefix=words[0], by=system("token")):
            raise CommandError("Say the prefix of a token that holds: token revoke PREFIX")
        self.stdout.write(f"Revoked: {words[0]}")
