"""Owners for the tests: drafts of one account, and cases that keep their papers."""

from collections.abc import Iterator

import pytest

from diwan.files import registry
from diwan.files.registry import OwnerKind, register_owner
from diwan.people.actor import Actor
from tests import examined

OWNER = Actor(account_id=11, capacity="self")
STRANGER = Actor(account_id=12, capacity="self")
OFFICER = Actor(account_id=13, capacity="position:7", position_id=7)


def _mine(identity: str, actor: Actor) -> bool:
    return actor.account_id == 11


@pytest.fixture(autouse=True)
def _the_examiner_itself() -> Iterator[None]:
    examined.ask_each_time()
    yield
    examined.remember()


@pytest.fixture(autouse=True)
def owners(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Kinds of owner that live for one test."""
    monkeypatch.setattr(registry, "_kinds", {})
    register_owner(OwnerKind("draft", may_read=_mine, may_add=_mine, may_discard=_mine))
    register_owner(
        OwnerKind("case", may_read=lambda identity, actor: actor.account_id in (11, 13), may_add=_mine)
    )
    yield
