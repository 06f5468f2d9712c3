"""A browser without scripts, signed in as one of the demo city's people: forms as drawn, statements counted."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from diwan.people.models import Account
from diwan.people.queries import capacities
from tests.cast import IDS

BACKEND = "diwan.web.signin.keeping.AccountBackend"


def client_of(username: str, *, kind: str = "establishment", language: str = "ar") -> Any:
    """A client whose session is that of the person, in the first capacity of a kind."""
    account = Account.objects.get(username=IDS.get(username, username))
    held = next(one for one in capacities(account) if one.code.startswith(kind))
    client = Client()
    client.force_login(account, backend=BACKEND)
    session = client.session
    staff = kind in ("position", "entity")
    session.update(
        {"capacity": held.code, "factor": "totp" if staff else "code", "many": True, "staff": staff}
    )
    session["seen"] = time.time()
    session.save()
    client.cookies["diwan_language"] = language
    return client


def anybody(language: str = "ar") -> Any:
    """A client that is not signed in."""
    client = Client()
    client.cookies["diwan_language"] = language
    return client


@contextmanager
def statements(most: int) -> Iterator[None]:
    """Fail when the block needs more statements; savepoints are none."""
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [
        one["sql"] for one in captured.captured_queries if not re.match(r"(RELEASE )?SAVEPOINT", one["sql"])
    ]
    assert len(asked) <= most, f"{len(asked)} statements:\n" + "\n".join(sql[:160] for sql in asked)


class Form(HTMLParser):
    """The fields of the form with an id as a browser would send them without touching anything."""

    def __init__(self, html: str, identity: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._wanted, self._inside = identity, False
        self._select, self._area = "", ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect inputs, chosen options and text areas."""
        found = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._inside = found.get("id") == self._wanted or found.get("action") == self._wanted
        if not self._inside:
            return
        kind = found.get("type", "text")
        if tag == "input" and found.get("name") and kind not in ("file", "submit", "button"):
            if kind not in ("radio", "checkbox") or "checked" in found:
                self.fields.setdefault(found["name"], []).append(found.get("value", "on"))
        elif tag == "select":
            self._select = found.get("name", "")
        elif tag == "option" and self._select and "selected" in found:
            self.fields[self._select] = [found.get("value", "")]
        elif tag == "textarea":
            self._area = found.get("name", "")
            self.fields[self._area] = [""]

    def handle_endtag(self, tag: str) -> None:
        """Leave a form, a list or a text."""
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        """The text of a text area."""
        if self._inside and self._area:
            self.fields[self._area] = [self.fields[self._area][0] + data]


def form_of(response: Any, identity: str = "application") -> dict[str, Any]:
    """What the form on a page holds, ready to be posted."""
    return dict(Form(text_of(response), identity).fields)


def text_of(response: Any) -> str:
    """The page as text."""
    return str(response.content.decode())
