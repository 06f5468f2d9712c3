"""The database of the tests: a cluster of their own, one template, one clone a worker, the rights of the app role.

The environment is made here, before Django's settings are read, so that a developer's own DIWAN_* variables cannot
lead a test to another database.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import django
import pytest
from pytest_django.plugin import DjangoDbBlocker
from xdist.scheduler import LoadScopeScheduling

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[1]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
SUFFIX = os.environ.get("DATABASE_SUFFIX", "all")
DATA = ROOT / "var" / "test" / "data" / f"{SUFFIX}-{WORKER}"
SHARING = ("tests/walks/", "tests/journeys/test_journey.py", "tests/project/test_launcher.py")
"""Tests of the one installation that they share."""
PAGES = "tests/pages/test_pages.py"
SHORT = Path(tempfile.gettempdir()) / f"diwan-{os.geteuid()}-{SUFFIX}-{WORKER}"


def _make_environment() -> None:
    for name in [name for name in os.environ if name.startswith("DIWAN_")]:
        del os.environ[name]
    os.environ.update(
        {
            "DIWAN_PROFILE": "test",
            "DIWAN_DATA": str(DATA),
            "DIWAN_SECRET": "a-secret-of-the-tests-that-protects-nothing-at-all",
            "DIWAN_BASE_URL": "http://testserver",
            "DIWAN_SIGNER_SOCKET": str(SHORT / "signer.sock"),
            "DIWAN_SIGNER_KEY": "signer-key-of-the-tests",
            "DIWAN_MAIL_HOST": "127.0.0.1",
            "DIWAN_MAIL_TLS": "0",
        }
    )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diwan.project.settings")


_make_environment()
# Before the conftest files of the packages are read: they import models.
django.setup()
# Else the workers of xdist inherit it, and pytest-django reads the settings there before this file makes their own.
del os.environ["DJANGO_SETTINGS_MODULE"]

# Imported here since Django's settings may be read only after the environment above is made.
from tests import databases, examined  # noqa: E402
from tools.installation import DATA as INSTALLATION  # noqa: E402
from tools.installation import Shared  # noqa: E402


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="also run the tests marked `full` (minutes each)")
    parser.addoption(
        "--year-cases", type=int, default=100_000, help="cases of the simulated year, 3,400 a minute"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long tests to `--full`, and on another server all that ask none; refuse the mode of pytest-django that
    empties tables."""
    if databases.OTHER:
        idle = [item for item in items if not _asks_a_server(item)]
        config.hook.pytest_deselected(items=idle)
        items[:] = [item for item in items if _asks_a_server(item)]
    for item in items:
        if item.get_closest_marker("full") and not config.getoption("--full"):
            item.add_marker(pytest.mark.skip(reason="runs with ./test --full"))
        marker = item.get_closest_marker("django_db")
        if marker and marker.kwargs.get("transaction"):
            raise pytest.UsageError(
                f"{item.nodeid}: use the committed_database fixture; tests truncate nothing"
            )


def _asks_a_server(item: pytest.Item) -> bool:
    names: list[str] = getattr(item, "fixturenames", [])
    return "django_db_setup" in names or item.get_closest_marker("django_db") is not None


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """`--dist loadgroup`: all that share the installation to one worker, since it starts it and some of them kill it; a
    file to one worker, since it starts a browser; the pages as they come. By the place of a test: marks of groups do
    not reach the scheduler with pytest 9.2."""
    if config.getvalue("dist") != "loadgroup":
        return None
    made = LoadScopeScheduling(config, log)
    made._split_scope = _together
    return made


def _together(nodeid: str) -> str:
    if nodeid.startswith(PAGES):
        return nodeid
    return "installation" if nodeid.startswith(SHARING) else nodeid.partition("::")[0]


@pytest.fixture(scope="session", autouse=True)
def _data_folder() -> Iterator[None]:
    shutil.rmtree(DATA, ignore_errors=True)
    shutil.rmtree(SHORT, ignore_errors=True)
    (DATA / "static").mkdir(parents=True)
    SHORT.mkdir(mode=0o700)
    examined.remember()
    yield
    shutil.rmtree(SHORT, ignore_errors=True)


Some = Callable[[Sequence[T]], Sequence[T]]


@pytest.fixture
def some_of(pytestconfig: pytest.Config) -> Some[Any]:
    """Of many that are alike every third is tried in `./test`, each with `--full`."""
    step = 1 if pytestconfig.getoption("--full") else 3
    return lambda many: many[::step]


@pytest.fixture(autouse=True)
def _calls_of_this_test_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test called outside is not written down by the first request of the next one."""
    monkeypatch.setattr("diwan.health.calls._noted", {})


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Point Django at this worker's clone of the template, connected as the app role."""
    name = f"clone_{SUFFIX}_{WORKER}"
    template = databases.template(rebuild=bool(request.config.getoption("create_db", False)))
    databases.clone(template, name)
    databases.use(name)
    yield
    with django_db_blocker.unblock():
        databases.close()
    databases.drop(name)


@pytest.fixture
def committed_database(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """A fresh clone for one test whose commits are real (several connections, threads, processes); gives its name."""
    usual, name = f"clone_{SUFFIX}_{WORKER}", f"commit_{SUFFIX}_{WORKER}"
    with django_db_blocker.unblock():
        databases.close()
        databases.clone(databases.template(), name)
        databases.use(name)
        yield name
        databases.close()
        databases.use(usual)
    databases.drop(name)


@pytest.fixture(scope="session")
def _city_clone(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """This worker's clone of the demo city."""
    yield from _cloned("city", databases.city_template(), django_db_blocker)


@pytest.fixture(scope="session")
def _catalogue_clone(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """This worker's clone of the packaged catalogue."""
    yield from _cloned("catalogue", databases.catalogue_template(), django_db_blocker)


def _cloned(what: str, template: str, blocker: DjangoDbBlocker) -> Iterator[str]:
    name = f"{what}_{SUFFIX}_{WORKER}"
    databases.clone(template, name)
    yield name
    with blocker.unblock():
        databases.close()
    databases.drop(name)


@pytest.fixture
def city(_city_clone: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The demo city without cases; what the test writes is rolled back. `tests.cast` gives its people."""
    with rolled_back(_city_clone, django_db_blocker):
        yield _city_clone


@pytest.fixture
def catalogue(_catalogue_clone: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The packaged catalogue and nobody to use it; what the test writes is rolled back."""
    with rolled_back(_catalogue_clone, django_db_blocker):
        yield _catalogue_clone


@contextmanager
def rolled_back(name: str, blocker: DjangoDbBlocker) -> Iterator[None]:
    """Django works on this database inside a transaction that is taken back at the end."""
    from django.db import transaction  # the settings are complete only once pytest has configured them

    with blocker.unblock():
        databases.close()
        databases.use(name)
        atomic = transaction.atomic()
        atomic._from_testcase = True  # type: ignore[attr-defined]
        atomic.__enter__()
        try:
            yield
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)
            databases.close()
            databases.use(f"clone_{SUFFIX}_{WORKER}")


@pytest.fixture
def committed_city(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """A fresh clone of the demo city whose commits are real; gives its name. A test marked `large` fills it with more
    than should be in memory."""
    usual, name = f"clone_{SUFFIX}_{WORKER}", f"commit_city_{SUFFIX}_{WORKER}"
    with django_db_blocker.unblock():
        databases.close()
        large = request.node.get_closest_marker("large") is not None
        databases.clone(databases.city_template(), name, large=large)
        databases.use(name)
        yield name
        databases.close()
        databases.use(usual)
    databases.drop(name)


@pytest.fixture(scope="session")
def installation() -> Iterator[Shared]:
    """A running installation with the demo city, as ./run starts it; shared by all tests that ask for it.

    INSTALLATION_DATA names another than that of `./test`, which is used when it runs already.
    `installation.addresses()` names the web server and the peers, `installation.run("code", NAME)` is the launcher.
    """
    with Shared(data=Path(os.environ.get("INSTALLATION_DATA", INSTALLATION))) as shared:
        os.environ.update(shared.addresses())
        yield shared
