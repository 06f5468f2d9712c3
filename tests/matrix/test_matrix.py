"""Every address for every kind of person, against the table; what a stranger gets tells nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.matrix.asking import Answer, ask, plain, undone
from tests.matrix.headers import faults_of_headers
from tests.matrix.people import EVERYBODY, KINDS, Browsers
from tests.matrix.samples import MISSING, Request, address, case_number, licence, request_for
from tests.matrix.table import Row, asked_of, by_view
from tests.matrix.world import World

TABLE = by_view()
#: What a refusal may write: that it happened, a count of attempts, that a token is in use, and a key of a write that is
#: taken back with what was refused.
NOTED = frozenset({"audit_row", "people_ratewindow", "api_apitoken", "idempotency_key"})
#: Who sees the case and may not act reads it again with the reason: what was typed is kept, the reading is noted.
SEEN = frozenset({"cases_notedraft", "access_log", "cases_presence"})
SESSIONS = frozenset({"django_session"})
DONE = ("200", "201", "204", "on")
#: Signed by another system or held by a token: no session, hence no token of ours in a form.
WITHOUT_CSRF = {
    *(view for view in TABLE if view.startswith(("api:", "open311:"))), "integrations_payments:notice",
    "integrations_registers:answer", "integrations_sms:receipt",
}  # fmt: skip


def views(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """The name of every address that the product serves."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}:{entry.name}" if space else str(entry.name)
        else:
            yield from views(entry, entry.namespace or space)


def test_every_address_stands_in_the_table() -> None:
    assert sorted(views()) == sorted(TABLE)


def test_who_is_not_asked_would_get_what_another_gets() -> None:
    """Of everybody that `./test` leaves out, one of the same kind asks who gets the same at each object."""
    for rows in TABLE.values():
        for method in {row.method for row in rows}:
            alike = [row for row in rows if row.method == method]
            asked = asked_of(alike)
            for name in set(EVERYBODY) - set(asked):
                kind = next(kind for kind in KINDS if name in kind)
                (other,) = set(kind) & set(asked)
                assert all(row.answers[name] == row.answers[other] for row in alike), (alike[0].id, name)


@pytest.mark.parametrize("view", sorted(TABLE))
def test_everybody_gets_what_the_table_says(world: World, view: str, pytestconfig: pytest.Config) -> None:
    """`./test --full` asks as everybody; `./test` as one of a kind where all of the kind get the same (`asked_of`)."""
    everybody = bool(pytestconfig.getoption("--full"))
    browsers = Browsers(world)
    answers: dict[tuple[str, str, str], Answer] = {}
    requests: dict[tuple[str, str], Request] = {}
    faults: list[str] = []
    for row in TABLE[view]:
        request = requests[row.method, row.object] = request_for(view, row.method, row.object, world)
        browsers.written = {}
        alike = [other for other in TABLE[view] if other.method == row.method]
        for name in EVERYBODY if everybody else asked_of(alike):
            answer = answers[row.method, row.object, name] = ask(browsers, name, row.method, request)
            found = (*faults_of(row, name, answer), *faults_of_headers(view, name, answer))
            faults += [f"{row.id} as {name}: {fault}" for fault in found]
    for row in TABLE[view]:
        # A number of a licence or bill that never existed is another one than that of a case.
        absent = f"no_{row.object}" if (row.method, f"no_{row.object}") in requests else MISSING
        if (row.method, absent) not in requests or row.object == absent or row.object.startswith("no_"):
            continue
        names = _names(world, row, requests[row.method, row.object], requests[row.method, absent])
        for name in _strangers(row):
            if (row.method, row.object, name) not in answers:
                continue
            known, unknown = (plain(answers[row.method, one, name], *names) for one in (row.object, absent))
            if known != unknown:
                faults.append(f"{row.id} as {name} is told that it exists: {_difference(known, unknown)}")
    assert not faults, "\n".join(faults)


def _strangers(row: Row) -> list[str]:
    """Who must get, letter for letter, what a number that never existed gets."""
    return [name for name in EVERYBODY if row.answers[name] == "404" or name in row.same]


def faults_of(row: Row, name: str, answer: Answer) -> Iterator[str]:
    """What is wrong with one answer."""
    expected = row.answers[name]
    if answer.status != expected:
        yield f"{answer.status} instead of {expected} {answer.location}"
        return
    allowed = set(row.writes) | (NOTED if expected not in DONE else set())
    if row.method == "GET":
        if answer.written - allowed:
            yield f"a GET wrote to {sorted(answer.written - allowed)}"
    elif expected not in DONE or name in row.unmoved:
        moved = answer.written - NOTED - SESSIONS - (SEEN if row.view.startswith("desk:") else frozenset())
        if moved:
            yield f"wrote to {sorted(moved)} though refused"
    elif row.object and not answer.written:
        yield "nothing was written: the form of the sample is not a right one"


def _names(world: World, row: Row, there: Request, absent: Request) -> list[str]:
    """What the asker wrote himself in the two requests, in every shape in which a page may repeat it."""
    found = [there.path, absent.path]
    for name in (row.object, MISSING, "review"):
        found += [case_number(world, name), licence(world, name)]
    found += [world.values["bill"]]
    for request in (there, absent):
        found += [part for part in request.path.replace("?q=", "/").split("/") if len(part) > 8]
    return [*found, *[shape for number in found if number.isdigit() for shape in _shapes(number)]]


def _shapes(number: str) -> list[str]:
    return [f"{number[:4]} {number[4:8]} {number[8:]}".strip(), f"{number[:3]} {number[3:]}"]


def _difference(one: str, other: str) -> str:
    for mine, theirs in zip(one.splitlines(), other.splitlines(), strict=False):
        if mine != theirs:
            return f"{mine.strip()[:160]!r} | {theirs.strip()[:160]!r}"
    return f"{len(one)} | {len(other)} characters"


@pytest.mark.parametrize("view", sorted(set(TABLE) - WITHOUT_CSRF))
def test_a_form_without_our_token_is_refused(world: World, view: str) -> None:
    row = next(row for row in TABLE[view] if row.object != MISSING)
    client = Client(enforce_csrf_checks=True)
    client.cookies["diwan_session"] = world.sessions["owner" if row.answers["owner"] in DONE else "officer"]
    with undone():
        answer = client.post(address(view, row.object, world), {"do": "anything"})
    assert answer.status_code == 403
    assert "<h1>" in answer.content.decode()
