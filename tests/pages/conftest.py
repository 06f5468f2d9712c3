"""The product with the world of the matrix behind a server of its own, and one browser for all pages."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from diwan.cases.actions.index_words import index_missing
from diwan.people.models import Account
from diwan.web.signin import session as kept
from tests import cast, databases
from tests.conftest import DATA, ROOT, SUFFIX, WORKER
from tests.matrix.samples import address, request_for
from tests.matrix.world import World, build, open_session
from tests.pages.listing import PAGES, Sample
from tools.machine import find_browser

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DAY = 86_400


@dataclass
class Site:
    """A running product: its address, the sessions of its people, the path of each sample."""

    base: str
    sessions: dict[str, str]
    paths: dict[str, str]
    data: Path
    drafts: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """The world made, the paths of all samples known, and then a server; Django is not asked once a browser runs."""
    name, usual = f"pages_{SUFFIX}_{WORKER}", f"clone_{SUFFIX}_{WORKER}"
    databases.clone(databases.city_template(), name)
    with django_db_blocker.unblock():
        databases.close()
        databases.use(name)
        world = build()
        index_missing()
        _half_done(world)
        paths = {sample.id: path_of(sample, world) for sample in PAGES}
        databases.close()
        databases.use(usual)
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    server = _serve(port, base, name)
    try:
        _wait_for(base, server)
        yield Site(base, world.sessions, paths, DATA, world.drafts)
    finally:
        server.terminate()
        server.wait(15)
        databases.drop(name)


def path_of(sample: Sample, world: World) -> str:
    """The address of a sample in this world."""
    if sample.path:
        return sample.path
    if sample.view == "apply:page":
        return address(sample.view, sample.object, world).replace("/p/activity", f"/p/{sample.query}")
    if sample.view == "desk:audit" and sample.object:
        return (
            address(sample.view, "", world)
            + f"?q={address('desk:case', sample.object, world).rpartition('/')[2]}"
        )
    path = request_for(sample.view, "GET", sample.object, world).path
    return path if sample.object and not sample.query else path.partition("?")[0] + sample.query


def _half_done(world: World) -> None:
    """Sessions in the middle of signing in, and one that is there to be ended."""
    world.sessions["leaving"] = open_session("nora", "position")
    world.sessions["supervisor"] = open_session("dana", "position")
    salem = Account.objects.get(username=cast.IDS["salem"])
    fahad = Account.objects.get(username="fahad")
    at = kept.now_seconds() + DAY
    steps: dict[str, dict[str, Any]] = {
        "asked_for_code": {"code": {"account": salem.pk, "login": salem.national_id, "next": "", "at": at}},
        "asked_for_totp": {"pending": {"account": fahad.pk, "next": "", "at": at}},
        "telling": {"reports": {world.drafts["nameless"]: {"mobile": "+966500000077", "name": "منيرة"}}},
        "registering": {
            "registration": {
                "national_id": "1055500019", "mobile": "+966500000019", "email": "", "name_ar": "ريم",
                "name_en": "Reem", "birth_date": "1990-01-01", "next": "", "at": at,
            }
        },
    }  # fmt: skip
    for name, step in steps.items():
        store = SessionStore()
        store.update({**step, "nonce": "a nonce"})
        store.save()
        world.sessions[name] = str(store.session_key)


def _serve(port: int, base: str, database: str) -> subprocess.Popen[bytes]:
    environment = databases.environment(database) | {"DIWAN_BASE_URL": base}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.pages.server", str(port)], cwd=ROOT, env=environment
    )


def _wait_for(base: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server of the pages ended by itself"
        try:
            with urlopen(f"{base}/healthz", timeout=5):
                return
        except URLError:
            time.sleep(0.1)
    raise AssertionError("the server of the pages did not come up within a minute")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def browser(site: Site) -> Iterator[Browser]:
    """A Chromium without a window; closed with the module, since its loop keeps Django from the database."""
    found = find_browser()
    assert found is not None, "No Chromium on this machine."
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(found), args=ARGUMENTS)
        yield started
        started.close()


Opener = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def context_of(site: Site, browser: Browser) -> Iterator[Opener]:
    """`context_of("owner", "ar")`: the browser of a person in a language, kept for all pages of the module."""
    known: dict[tuple[str, str], BrowserContext] = {}

    def opened(reader: str, language: str) -> BrowserContext:
        if (reader, language) not in known:
            context = browser.new_context(viewport={"width": 390, "height": 740})
            cookies = {settings.LANGUAGE_COOKIE_NAME: language, "ui_cookies": "all"}
            if reader in site.sessions:
                cookies[settings.SESSION_COOKIE_NAME] = site.sessions[reader]
            context.add_cookies(
                [{"name": key, "value": value, "url": site.base} for key, value in cookies.items()]
            )
            known[reader, language] = context
        return known[reader, language]

    yield opened
    for context in known.values():
        context.close()


assert os.environ["DIWAN_PROFILE"] == "test"
