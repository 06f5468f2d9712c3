"""One Chromium and one stage a walk."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.city import Cast
from tests.walks.stage import Stage, city_of
from tools.installation import Shared
from tools.machine import find_browser

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def chromium(installation: Shared) -> Iterator[Browser]:
    """A browser without a window, closed with the walk: its loop keeps Django from the database."""
    found = find_browser()
    assert found is not None, "No Chromium on this machine."
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def stage(request: pytest.FixtureRequest, installation: Shared, chromium: Browser) -> Iterator[Stage]:
    """The stage of the walk that the module's name tells: `test_w1_instant` is `w1`."""
    walk = request.module.__name__.rpartition(".")[2].split("_")[1]
    made = Stage(walk, city_of(installation), chromium)
    yield made
    made.close()


@pytest.fixture(scope="module")
def registers_tried_again() -> Iterator[None]:
    """A register that failed several times is left alone for 20 seconds (`kit.breaker`): what follows waits."""
    yield
    time.sleep(21)


@pytest.fixture(scope="session")
def people(installation: Shared) -> Cast:
    """Everybody with a browser without scripts, signed in once for all walks: five codes an hour go to one person."""
    return Cast(city_of(installation))
