"""The world, once a worker, in a database of its own; each test's writes are rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests import databases
from tests.conftest import SUFFIX, WORKER
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
    with django_db_blocker.unblock(), registers_in_order():
        databases.close()
        databases.use(name)
        atomic = transaction.atomic()
        atomic._from_testcase = True  # type: ignore[attr-defined]
        atomic.__enter__()
        try:
            yield made
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)
            databases.close()
            databases.use(f"clone_{SUFFIX}_{WORKER}")
