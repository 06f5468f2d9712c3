"""The gallery server and a browser. The browser is closed after each module: while it runs, its event loop would keep
Django from the database in the same thread."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tools.machine import find_browser

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "diwan" / "ui" / "static" / "ui" / "build" / "app.js"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """Address of a gallery server of this module's own."""
    assert BUILT.exists(), "The front end is not built: run `npm run build`."
    port = _free_port()
    server = subprocess.Popen([sys.executable, "-m", "tests.ui.server", str(port)], cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            assert server.poll() is None, "the gallery ended by itself"
            try:
                with urlopen(f"{address}/seen", timeout=5):
                    break
            except URLError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    found = find_browser()
    assert found is not None, "No Chromium on this machine."
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(found), args=ARGUMENTS)
        yield started
        started.close()


Opener = Callable[..., Page]


@pytest.fixture
def open_page(gallery: str, browser: Browser) -> Iterator[Opener]:
    """`open_page("room/desk", lang="ar", width=390)`: a page in a context of its own; its faults fail the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(
        path: str, *, lang: str = "ar", width: int = 390, height: int = 740, **options: object
    ) -> Page:
        cookies = {"django_language": lang, "ui_cookies": "all", **options.pop("cookies", {})}  # type: ignore[dict-item]
        context = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_cookies([{"name": key, "value": value, "url": gallery} for key, value in cookies.items()])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: _note(faults, said.type, said.text))
        page.goto(f"{gallery}/{path}")
        page.wait_for_load_state("networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def _note(faults: list[str], kind: str, text: str) -> None:
    # A refused or broken answer that a test asked for is written to the console too; it is no fault of the page.
    if kind == "error" and "Failed to load resource" not in text:
        faults.append(text)
