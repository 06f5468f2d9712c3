"""Send the request of a row as a person, and see what came back and what was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.db import connection, transaction
from django.http.response import HttpResponseBase

from tests.matrix.people import Browsers
from tests.matrix.samples import Request

#: What pg_stat_xact_user_tables counts, without its joins.
_WRITTEN = """
SELECT relname, written FROM (
    SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
           + pg_stat_get_xact_tuples_deleted(oid) AS written
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace) counted
WHERE written > 0
"""
#: A partition counts as its table.
_PART = re.compile(r"_(y?\d{4}.*|default|p\d+.*)$")


@dataclass(frozen=True)
class Answer:
    """What a person got: the class of the table, the whole text with its headers, and the tables written."""

    status: str
    text: str
    location: str
    written: frozenset[str]
    response: HttpResponseBase


@contextmanager
def undone() -> Iterator[None]:
    """Everything written inside is taken back; the code inside believes itself outside of any transaction."""
    atomic = transaction.atomic()
    atomic._from_testcase = True  # type: ignore[attr-defined]
    atomic.__enter__()
    try:
        yield
    finally:
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


def ask(browsers: Browsers, name: str, method: str, request: Request) -> Answer:
    """Send it as the person; what it wrote is taken back."""
    client = browsers.of(name)
    with undone():
        # Counts only grow, with what is taken back too: those after one request are those before the next.
        before = browsers.written or _counts()
        headers = {**browsers.headers_of(name), **request.headers}
        if method == "GET":
            response = client.get(request.path, headers=headers)
        elif method in ("PATCH", "DELETE"):
            response = client.generic(
                method, request.path, request.data or "", content_type=request.content_type, headers=headers
            )
        elif request.content_type:
            response = client.post(
                request.path, request.data, content_type=request.content_type, headers=headers
            )
        else:
            response = client.post(request.path, _fresh(request.data), headers=headers)
        text = body_of(response)
        after = browsers.written = _counts()
    written = frozenset(
        _PART.sub("", table) for table, count in after.items() if count != before.get(table, 0)
    )
    return Answer(_class_of(response), text, response.headers.get("Location", ""), written, response)


def _fresh(data: dict[str, Any] | str) -> dict[str, Any] | str:
    """The form with its files at their beginning, since the person before has sent them already."""
    for value in data.values() if isinstance(data, dict) else ():
        if hasattr(value, "seek"):
            value.seek(0)
    return data


def body_of(response: HttpResponseBase) -> str:
    """The whole body as text, streamed or not."""
    raw = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return bytes(raw).decode("utf-8", errors="replace")


def _counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return {str(name): int(count) for name, count in cursor.fetchall()}


def _class_of(response: HttpResponseBase) -> str:
    if response.status_code not in (301, 302, 303):
        return str(response.status_code)
    target = urlsplit(response.headers["Location"])
    if target.path in ("/sign-in/", "/sign-in/staff") and "next" in parse_qs(
        target.query, keep_blank_values=True
    ):
        return "in" if target.path == "/sign-in/" else "staff-in"
    return "on"


_NOISE = (
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"'), "csrf"),
    (re.compile(r'"csrf": ?"[^"]+"'), "csrf"),
    # The page of 404 offers a search for the words of the address.
    (re.compile(r'id="q" name="q" maxlength="120" value="[^"]*"'), "q"),
)


def plain(answer: Answer, *names: str) -> str:
    """What a stranger can tell from the answer: headers and body, less tokens and what he asked for himself."""
    headers = "\n".join(
        f"{key}: {value}" for key, value in sorted(answer.response.headers.items()) if key != "X-Request-Id"
    )
    text = f"{answer.status}\n{headers}\n{answer.text}"
    for pattern, word in _NOISE:
        text = pattern.sub(word, text)
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, "#")
    text = re.sub(r"Content-Length: \d+", "Content-Length", text)
    return re.sub(r"Set-Cookie: .*", "Set-Cookie", text)
