"""The examples of the developers' page run as they stand there, against a server, in curl and in Python."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.request import urlopen

import pytest

from diwan.api.tokens import make_token
from diwan.cases.remarks import Remark
from diwan.people.actor import system
from diwan.rest.examples import EXAMPLES
from tests import cast
from tests.api.conftest import Partner, returned
from tests.cases.conftest import registers
from tests.pages.conftest import _free_port, _serve, _wait_for

__all__ = ["registers"]
Registers = cast.Registers


@pytest.fixture
def server(committed_city: str, registers: Registers) -> Iterator[tuple[str, str]]:
    """The address of a server with the city, and a token whose client has two returned cases."""
    token = make_token(name="Examples", services=[cast.INSTANT, cast.WITH_APPROVALS], by=system("tests"))
    for _ in range(2):
        returned(Partner(token), Remark("unit_no", "RSN-02"))
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    running = _serve(port, base, committed_city)
    try:
        _wait_for(base, running)
        yield base, token
    finally:
        running.terminate()
        running.wait(15)


def on_the_page(page: str, kind: str) -> list[str]:
    """The pieces of one kind as a reader copies them."""
    return [unescape(found) for found in re.findall(rf"<pre[^>]*data-{kind}[^>]*>(.*?)</pre>", page, re.S)]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed here")
def test_the_examples_run_as_they_stand(server: tuple[str, str], tmp_path: Path) -> None:
    base, token = server
    with urlopen(f"{base}/developers") as answer:
        page = answer.read().decode()
    setting = on_the_page(page, "environment")
    assert setting == [f'export DIWAN_URL="{base}"\nexport DIWAN_TOKEN="dw_..."']
    curl, python = on_the_page(page, 'example="curl"'), on_the_page(page, 'example="python"')
    assert curl == [one.curl for one in EXAMPLES]
    assert python == [one.python for one in EXAMPLES]
    shell = "\n".join(
        ["set -eu", setting[0], f'export DIWAN_TOKEN="{token}"', *(f"{one}\necho" for one in curl)]
    )
    told = _run(["sh", "-c", shell], tmp_path, {})
    for part in (
        '"items"',
        '"missing"',
        '"problems"',
        '"revision":2',
        '"key":"unit_no"',
        "401",
        "unauthorised",
        '"finding":"unreadable"',
    ):
        assert part in told.replace('": ', '":'), (part, told)
    told = _run(
        [sys.executable, "-c", "\n\n".join(python)], tmp_path, {"DIWAN_URL": base, "DIWAN_TOKEN": token}
    )
    for part in (
        "shop-licence-instant",
        "trade_name_en",
        "\n2\n",
        "\nTrue\n",
        "unit_no [",
        "completed",
        "422 kit.fields",
        "unreadable",
    ):
        assert part in told, (part, told)


def _run(words: list[str], place: Path, environment: dict[str, str]) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("proxy")}
    done = subprocess.run(
        words,
        cwd=place,
        env={**kept, "NO_PROXY": "*", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, (done.stdout, done.stderr)
    return done.stdout
