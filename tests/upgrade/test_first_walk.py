"""The data of the first walk is brought to today by migration, and everything in it still works.

`first-walk.zip` holds the demo city as that walk left it (invented people only): the dump of schema and data with 20
cases, one issued document, the roots, the anchors of the audit log, and the secret of that installation.
"""

import dataclasses
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from django.conf import LazySettings
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from diwan.audit.actions import seal_committed
from diwan.audit.verify import verify
from diwan.cases.actions.index_words import index_missing
from diwan.cases.models import Case, History, OpenTask
from diwan.cases.queries import case_page, queue_tasks
from diwan.documents.models import IssuedDocument
from diwan.documents.queries import file_of
from diwan.documents.verify import Finding, verify_own
from diwan.health.registry import report
from diwan.people.actions import totp_code
from diwan.people.models import Account
from diwan.project.launch import binaries, transactions
from diwan.project.launch import cluster as embedded
from tests import cast, databases

HERE = Path(__file__).parent
NAME = "first_walk"
DOCUMENT = "101260000035"
CASES = 26
TABLES = (
    "case",
    "history",
    "message",
    "people_account",
    "audit_row",
    "payments_bill",
    "registers_registerentry",
)


def restored(folder: Path) -> str:
    """The old database on the tests' own server, owned as it was: its name."""
    cluster = databases.CLUSTER
    databases.template()
    cluster.drop_database(NAME)
    cluster.ensure_database(NAME)
    url = cluster.url(embedded.SUPERUSER, NAME)
    binaries.run("psql", ["--no-psqlrc", "--quiet", f"--dbname={url}", f"--file={folder / 'database.sql'}"])
    _move_beyond(url)
    return NAME


def _move_beyond(url: str) -> None:
    """As a restore does with the counter of transactions, only by counting: this server has other databases."""
    highest = transactions.highest_stored(url)
    with psycopg.connect(url, autocommit=True) as server:
        while True:
            row = server.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
            if row is None or row[0] > highest:
                return


def migrated(name: str) -> None:
    """What `./run` does first: the migrations of today, as the owner."""
    done = subprocess.run(
        [sys.executable, "-m", "diwan.project", "migrate", "--no-input", "--verbosity=0"],
        env=databases.environment(name), cwd=databases.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture
def old_city(
    tmp_path: Path, settings: LazySettings, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[SimpleNamespace]:
    """The installation of the first walk, as today's product finds it after the upgrade."""
    with zipfile.ZipFile(HERE / "first-walk.zip") as archive:
        archive.extractall(tmp_path)
    name = restored(tmp_path)
    with psycopg.connect(databases.CLUSTER.url(embedded.SUPERUSER, name)) as server:
        before = {table: server.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in TABLES}  # type: ignore[index]
    migrated(name)
    secret = (tmp_path / "secret.txt").read_text()
    settings.SECRET_KEY = secret
    settings.DIWAN = dataclasses.replace(settings.DIWAN, secret=secret, data=tmp_path)
    settings.MEDIA_ROOT = tmp_path / "files"
    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        databases.close()
        databases.use(name)
        yield SimpleNamespace(before=before)
        databases.close()
        databases.use(usual)
    databases.drop(name)


def test_the_first_walk_goes_on(old_city: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing is lost.
    with connection.cursor() as cursor:
        for table, rows in old_city.before.items():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            assert cursor.fetchone()[0] == rows, table
    assert old_city.before["case"] == CASES
    # The audit log holds against its anchors, and goes on to be sealed.
    assert verify().sound
    # A document issued then is found whole and ours. Its authority is gone: a day after it was made nobody has a fresh
    # list of what that authority has revoked, and the seal counts as unproven, not as changed or unknown.
    document = IssuedDocument.objects.get(number=DOCUMENT)
    content = file_of(document)
    assert content is not None
    verdict = verify_own(content.content)
    assert verdict.finding in (Finding.VALID, Finding.UNPROVEN) and verdict.same_as_issued
    # Code generators open, queues are read, a case is shown with its history.
    assert len(totp_code(account=Account.objects.get(username="fahad"))) == 6
    waiting = OpenTask.objects.filter(kind="task", step="review", unit__isnull=False).order_by("id")
    task = waiting[0]
    officers = [cast.actor(name) for name in ("fahad", "saad", "turki")]
    officer = next(one for one in officers if queue_tasks(one).filter(pk=task.pk).exists())
    page = case_page(task.case_id, officer)
    assert page.history
    # It goes on by the version of the service under which it was begun.
    before = History.objects.filter(case_id=task.case_id).count()
    case = Case.objects.get(pk=task.case_id)
    moved = cast.act(case, "review", "recommend", by=officer)
    assert moved.stage != case.stage
    assert History.objects.filter(case_id=case.pk).count() > before
    index_missing()
    seal_committed()
    assert verify().sound
    # Whoever watches can read all of it.
    assert not [one for findings in report().values() for one in findings if one.name == "Probe"]
