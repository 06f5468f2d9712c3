"""Refusals leave a row that an auditor reads; looks at other people's data leave a note."""

from __future__ import annotations

import pytest

from diwan.audit.models import AccessRow, AuditRow
from diwan.audit.queries import latest
from diwan.people.models import Account
from tests import cast
from tests.matrix.asking import undone
from tests.matrix.people import Browsers
from tests.matrix.samples import case_number, request_for
from tests.matrix.world import PEOPLE, World


def _label(name: str) -> str:
    username = PEOPLE[name][0]
    return f"account:{Account.objects.get(username=cast.IDS.get(username, username)).pk}"


@pytest.mark.parametrize(
    ("name", "view", "method", "object_"),
    [
        ("other_owner", "portal:case", "GET", "review"),
        ("other_owner", "apply:file", "GET", "review"),
        ("other_owner", "portal:document", "GET", "issued"),
        ("other_owner", "apply:page", "GET", "mine"),
        ("foreign_officer", "desk:case", "GET", "review"),
        ("foreign_officer", "desk:act", "POST", "review"),
        ("foreign_officer", "desk:paper", "GET", "review"),
        ("admin", "desk:act", "POST", "review"),
        ("section_head", "desk:act", "POST", "review"),
        ("officer", "desk:audit", "GET", ""),
        ("owner", "desk:home", "GET", ""),
    ],
)
def test_a_refusal_stands_in_the_log_once(
    world: World, name: str, view: str, method: str, object_: str
) -> None:
    request = request_for(view, method, object_, world)
    client = Browsers(world).of(name)
    with undone():
        before = AuditRow.objects.latest("id").pk
        client.post(request.path, request.data) if method == "POST" else client.get(request.path)
        found = list(latest(refused=True).filter(id__gt=before))
    assert len(found) == 1
    assert (found[0].actor, found[0].request_id != "") == (_label(name), True)
    if object_ == "review" and view != "apply:file" and view != "desk:paper":
        assert (found[0].object_type, found[0].object_id) == ("case", str(world.cases["review"]))


def test_a_number_that_never_existed_leaves_the_same_kind_of_row(world: World) -> None:
    client = Browsers(world).of("other_owner")
    rows = []
    for object_ in ("review", "missing"):
        with undone():
            client.get(request_for("portal:case", "GET", object_, world).path)
            rows.append(AuditRow.objects.latest("id"))
    assert rows[0].action == rows[1].action == "cases.case.refused"
    assert rows[0].object_type == rows[1].object_type


@pytest.mark.parametrize(
    ("name", "view", "object_", "kind"),
    [
        ("officer", "desk:case", "review", "case"),
        ("officer", "desk:paper", "review", "upload"),
        ("body", "desk:paper", "review", "upload"),
        ("auditor", "desk:document", "licence", "document"),
        ("owner", "portal:document", "issued", "document"),
    ],
)
def test_reading_is_noted(world: World, name: str, view: str, object_: str, kind: str) -> None:
    with undone():
        before = AccessRow.objects.count()
        Browsers(world).of(name).get(request_for(view, "GET", object_, world).path)
        row = AccessRow.objects.latest("id")
        assert AccessRow.objects.count() == before + 1
    assert (row.actor, row.object_type) == (_label(name), kind)


def test_the_number_of_a_log_row_is_the_one_that_was_asked(world: World) -> None:
    """The auditor looks a case up by its number and finds who was turned away from it."""
    browsers = Browsers(world)
    with undone():
        browsers.of("other_owner").get(request_for("portal:case", "GET", "review", world).path)
        page = browsers.of("auditor").get(f"/desk/audit?q={case_number(world, 'review')}").content.decode()
    assert "رُفض" in page
