"""The kinds of people of the table, their groups, and a browser for each."""

from __future__ import annotations

from django.conf import settings
from django.test import Client

from tests.matrix.world import PEOPLE, World

NOBODY = ("anonymous", "partner")
RESIDENTS = ("resident", "owner", "owner_self", "manager", "other_owner")
BODIES = ("body", "other_body")
EMPLOYEES = tuple(name for name in PEOPLE if name not in (*RESIDENTS, *BODIES))
EVERYBODY = (*PEOPLE, *NOBODY)
GROUPS: dict[str, tuple[str, ...]] = {
    "everybody": EVERYBODY,
    "signed-in": tuple(PEOPLE),
    "residents": RESIDENTS,
    "employees": EMPLOYEES,
    "bodies": BODIES,
    "nobody": NOBODY,
}


#: Everybody stands in one of these.
KINDS = (RESIDENTS, BODIES, EMPLOYEES, NOBODY)


def named(text: str) -> list[str]:
    """The people of a cell of the table: names and groups, separated by spaces."""
    found: list[str] = []
    for word in text.split():
        found += GROUPS.get(word, (word,))
    unknown = set(found) - set(EVERYBODY)
    if unknown:
        raise ValueError(f"nobody is called {sorted(unknown)}")
    return found


class Browsers:
    """A browser a person, put back to the session of the world before each request."""

    def __init__(self, world: World) -> None:
        self.world = world
        #: Rows written so far in this transaction, by table, as of the last request.
        self.written: dict[str, int] = {}
        self._clients: dict[str, Client] = {}

    def of(self, name: str, *, language: str = "ar") -> Client:
        """The person's browser as it was when the world was made."""
        client = self._clients.setdefault(name, Client(raise_request_exception=False))
        client.cookies.clear()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        if name in self.world.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.world.sessions[name]
        return client

    def headers_of(self, name: str) -> dict[str, str]:
        """Headers that the person sends with everything."""
        token = self.world.tokens.get(name)
        return {"Authorization": f"Bearer {token}"} if token else {}
