"""What the tests need from the machine: a browser and the PDF tools, found or installed.

Found first; else installed by apt as root or with a password-less sudo; the browser else by Playwright's own
download. What cannot be had: the browser stops the run with the command to type; a PDF tool that is missing lets its
tests be skipped on a person's machine, and fails in CI.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PDF_TOOLS: Final = ("pdfsig", "pdftotext", "pdftoppm")


def _apt(package: str) -> bool:
    """Install a Debian package as root or by sudo without a password; whether that worked."""
    if shutil.which("apt-get") is None:
        return False
    prefix: list[str] = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and shutil.which("sudo") is None:
        return False
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package],
    ):
        print(f"  {' '.join([*prefix, *words])}", flush=True)
        if subprocess.run([*prefix, *words], env=env, capture_output=True, check=False).returncode != 0:
            return False
    return True


def _by_playwright(*, download: bool) -> str | None:
    """The browser that Playwright keeps for itself, downloaded when asked."""
    if download:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"], capture_output=True, check=False
        )
    question = (
        "from playwright.sync_api import sync_playwright as s\n"
        "with s() as p: print(p.chromium.executable_path)"
    )
    done = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=False)
    path = done.stdout.strip()
    return path if path and Path(path).exists() else None


def find_browser() -> str | None:
    """A Chromium of this machine, or the one that Playwright has downloaded before."""
    named = os.environ.get("CHROMIUM", "")
    if named and Path(named).exists():
        return named
    for name in BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    return _by_playwright(download=False)


def browser() -> str:
    """A Chromium, installed when there is none. Stops with the command to type when that is not possible."""
    found = find_browser()
    if found is None:
        print("Installing a browser for the tests ...", flush=True)
        found = (find_browser() if _apt("chromium") else None) or _by_playwright(download=True)
    if found is None:
        raise SystemExit(
            "The browser tests need Chromium and it could not be installed. Type one of:\n"
            "  sudo apt-get install chromium\n"
            f"  {sys.executable} -m playwright install --with-deps chromium"
        )
    return found


def pdf_tools() -> bool:
    """Whether poppler's tools are there, after an attempt to install them. In CI their absence ends the run."""
    if all(shutil.which(tool) for tool in PDF_TOOLS):
        return True
    print("Installing the PDF tools for the tests ...", flush=True)
    if _apt("poppler-utils") and all(shutil.which(tool) for tool in PDF_TOOLS):
        return True
    if os.environ.get("CI"):
        raise SystemExit("poppler-utils is missing and could not be installed: in CI its tests must run.")
    print(
        "poppler-utils is missing: its tests are skipped. Type: sudo apt-get install poppler-utils",
        flush=True,
    )
    return False


def oldest_server() -> None:
    """PostgreSQL 15 beside the embedded one, where Debian has it and we may install; nothing when not."""
    if not Path("/usr/lib/postgresql/15/bin").exists():
        _apt("postgresql-15")


def prepare(*, needs_browser: bool) -> dict[str, str]:
    """Variables for the test processes: where the browser is."""
    pdf_tools()
    return {"CHROMIUM": browser()} if needs_browser else {}
