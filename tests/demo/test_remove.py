"""One command empties the database of a demo, and leaves what an empty product has."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from diwan.audit.models import AuditRow
from diwan.catalogue.models import Holiday, LookupRow, ServiceVersion
from diwan.demo.models import DemoMark
from diwan.people.models import Account, Municipality, Role
from tests import databases


def _diwan(database: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """The product's command line on a database; without the data directory of the other tests."""
    data = settings.DIWAN.data / "removal"
    env = {**databases.environment(database), "DIWAN_DATA": str(data), "DIWAN_PROFILE": "test"}
    return subprocess.run(
        [sys.executable, "-m", "diwan.project", *words], env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.full
def test_a_demo_is_removed_and_can_be_loaded_again(committed_city: str) -> None:
    kept = {model: model.objects.count() for model in (ServiceVersion, LookupRow, Holiday, Role)}
    done = _diwan(committed_city, "demo", "remove")
    assert done.returncode == 0, done.stderr
    connection.close()
    for model in (Account, Municipality, AuditRow, DemoMark):
        assert not model.objects.exists()
    assert {model: model.objects.count() for model in kept} == kept
    again = _diwan(committed_city, "demo", "load", "--no-cases")
    assert again.returncode == 0, again.stderr
    assert Account.objects.exists()


def test_what_the_demo_did_not_fill_is_not_emptied(committed_database: str) -> None:
    done = _diwan(committed_database, "demo", "remove")
    assert done.returncode == 1
    assert "demo.not_a_demo" in done.stderr


def test_the_application_role_cannot_empty_it(committed_city: str) -> None:
    from django.db.utils import ProgrammingError

    from diwan.demo.remove import remove_demo

    with pytest.raises(ProgrammingError):
        list(remove_demo())
