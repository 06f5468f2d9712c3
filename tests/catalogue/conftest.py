"""The packaged catalogue, read once; loaded into the database where a test asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from diwan.catalogue import remembered
from diwan.catalogue.compiled import CompiledService, build
from diwan.catalogue.packaged import Packaged, read_packaged
from diwan.people.actor import Actor

TODAY = date(2026, 11, 22)
EDITOR = Actor(
    account_id=1, capacity="position:1", permissions=frozenset({"catalogue.edit", "catalogue.publish"})
)
PUBLISHER = Actor(
    account_id=3, capacity="position:2", permissions=frozenset({"catalogue.edit", "catalogue.publish"})
)
NOBODY = Actor(account_id=2, capacity="self")


@pytest.fixture(scope="session")
def packaged() -> Packaged:
    """Everything that comes with the product."""
    return read_packaged()


@pytest.fixture(scope="session")
def services(packaged: Packaged) -> dict[str, CompiledService]:
    """The packaged services, compiled, by slug."""
    shelf = packaged.shelf()
    return {found.definition.slug: build(found.plain, found.compiled, shelf) for found in packaged.services}


@pytest.fixture
def loaded(catalogue: str, packaged: Packaged) -> Iterator[Packaged]:
    """The packaged catalogue in the database, as `diwan catalogue load` puts it there."""
    remembered.forget()
    yield packaged
    remembered.forget()
