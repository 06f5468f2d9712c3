"""The world, once a worker, in a database of its own; each test's writes are rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests import databases
from tests.conftest import SUFFIX, WORKER, rolled_back
from tests.matrix.world import World, build, registers_in_order


@pytest.fixture(scope="session")
def _world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[str, World]]:
    name, usual = f"matrix_{SUFFIX}_{WORKER}", f"clone_{SUFFIX}_{WORKER}"
    databases.clone(databases.city_template(), name)
    with django_db_blocker.unblock():
        databases.close()
        databases.use(name)
        made = build()
        databases.close()
        databases.use(usual)
    yield name, made
    with django_db_blocker.unblock():
        databases.close()
    databases.drop(name)


@pytest.fixture
def world(_world: tuple[str, World], django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """People with sessions, and one of everything they may reach for."""
    name, made = _world
    with registers_in_order(), rolled_back(name, django_db_blocker):
        yield made
