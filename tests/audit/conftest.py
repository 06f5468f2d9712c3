"""A connection as the owner of the tables, for the tampering that the seal must find."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from diwan.people.actor import system
from diwan.project.launch import cluster as embedded
from tests.databases import CLUSTER


@pytest.fixture
def owner(committed_database: str) -> Iterator[psycopg.Connection[Any]]:
    """The owner role on this test's own database; each statement is committed."""
    with psycopg.connect(CLUSTER.url(embedded.OWNER, committed_database), autocommit=True) as connection:
        yield connection


@pytest.fixture
def anchors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for the anchor files."""
    monkeypatch.setattr("diwan.audit.actions.anchor.folder", lambda: tmp_path / "audit")
    return tmp_path / "audit"


@pytest.fixture
def write_rows(anchors: Path) -> Callable[[int], None]:
    """Write so many rows, each in its own transaction."""

    from diwan.audit.actions import audit_row  # models can be imported only after this file was read

    def write(count: int) -> None:
        for number in range(count):
            audit_row(
                by=system("test"),
                action="test.thing.made",
                object_type="thing",
                object_id=number,
                municipality_id=None,
                values={"name": f"thing {number}"},
            )

    return write
