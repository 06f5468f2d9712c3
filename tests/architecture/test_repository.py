"""What must not be in the repository: registry addresses, secrets, other people's code, build output, machine paths."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, show, tracked

# Written in pieces, so that this file passes its own test.
REGISTRIES = re.compile(
    "|".join(
        [
            r"pypi" + r"\.org",
            r"files\.python" + r"hosted",
            r"registry\.npm" + r"js",
            r"registry\.yarn" + r"pkg",
            r"cdn\.js" + r"delivr",
            r"un" + r"pkg\.com",
            r"cdn" + r"js\.",
            r"ghcr" + r"\.io",
            r"docker" + r"\.io",
            r"fonts\.google" + r"apis",
            r'"resolved"' + r"\s*:",
            r"--(?:extra-)?index" + r"-url",
        ]
    )
)
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE" + r" KEY-----")
KNOWN_TOKENS = re.compile(
    r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abp]-[A-Za-z0-9-]{20,}|sk-[A-Za-z0-9]{32,})\b"
)
ASSIGNED = re.compile(
    r"(?i)(?:password|secret|token|api_?key)\w*[\"']?\s*[:=]\s*[\"']([A-Za-z0-9+/_=-]{20,})[\"']"
)
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|tmp/\w+)/")
THIRD_PARTY = re.compile(
    r"(?:^|/)(?:node_modules|vendor|third_party|site-packages|dist)/|\.min\.(?:js|css)$|\.map$"
)
FOREIGN_HEAD = re.compile(r"(?i)@lic[e]nse\b|licensed under the (?:mit|apache|bsd)")
BUILT = re.compile(r"\.(?:pyc|mo|woff2?|ttf|otf|whl|so|sqlite3?)$|(?:^|/)static/\w+/build/|__pycache__")
LARGEST = 400_000
BINARY = {".png", ".jpg", ".jpeg", ".webp", ".pdf", ".ico", ".heic", ".zip", ".docx", ".gz"}
RANDOM_BITS = 4.2


def _entropy(text: str) -> float:
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())


def text_faults(name: str, text: str) -> list[str]:
    """What is wrong with the content of one file."""
    faults = []
    for title, pattern in (
        ("address of a registry", REGISTRIES),
        ("private key", PRIVATE_KEY),
        ("access token", KNOWN_TOKENS),
        ("path of one machine", MACHINE),
    ):
        found = pattern.search(text)
        if found:
            faults.append(f"{name}: {title}: {found[0]}")
    faults += [
        f"{name}: a secret: {each[:6]}..." for each in ASSIGNED.findall(text) if _entropy(each) > RANDOM_BITS
    ]
    if Path(name).suffix in (".js", ".ts", ".css", ".scss", ".py") and FOREIGN_HEAD.search(text[:2000]):
        faults.append(f"{name}: the head of somebody else's code")
    return faults


def name_faults(name: str, size: int) -> list[str]:
    """What is wrong with the presence of one file."""
    faults = []
    if THIRD_PARTY.search(name):
        faults.append(f"{name}: third-party code comes from packages")
    if BUILT.search(name):
        faults.append(f"{name}: build output is made, not kept")
    if size > LARGEST and name not in ("requirements/test.txt", "requirements/runtime.txt"):
        faults.append(f"{name}: {size} bytes")
    return faults


def _texts() -> Iterator[tuple[str, str]]:
    for path in tracked():
        if path.suffix not in BINARY:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def test_files_hold_nothing_that_does_not_belong() -> None:
    faults = [fault for name, text in _texts() for fault in text_faults(name, text)]
    assert not faults, show(faults)


def test_only_our_own_sources_are_kept() -> None:
    names = [(str(path.relative_to(ROOT)), path.stat().st_size) for path in tracked()]
    faults = [fault for name, size in names for fault in name_faults(name, size)]
    assert not faults, show(faults)


def test_planted_faults_are_found() -> None:
    planted = [
        "url = 'https://" + "pypi" + ".org/simple'",
        "-----BEGIN RSA PRIVATE" + " KEY-----",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "pass" + 'word = "q8Zr3TyLw0PmXs7VbNc2KdFh"',
        "open('/" + "home/someone/data')",
        "/*! @" + "license SomeLib */",
    ]
    for text in planted:
        assert text_faults("diwan/planted.js", text), text
    for name in (
        "diwan/ui/static/ui/build/app.js",
        "vendor/x.js",
        "a/jquery.min.js",
        "locale/ar/LC_MESSAGES/django.mo",
    ):
        assert name_faults(name, 10), name
    assert name_faults("docs/film.txt", LARGEST + 1)


def test_lock_files_are_exact_and_hashed() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        lines = [line for line in lock.read_text().splitlines() if line and not line.startswith((" ", "#"))]
        assert lines and all("==" in line and line.endswith("\\") for line in lines), lock.name
