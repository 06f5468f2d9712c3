"""What a test needs of the machine is found, installed, or named with the command to type; in CI its absence fails."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools import machine

Machine = Callable[..., Path]
SUCCEEDS, FAILS = "exit 0", "exit 1"


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """`bare(sudo="...")`: a machine whose PATH holds only the commands named, each a line of shell."""
    path = tmp_path / "bin"
    path.mkdir()
    monkeypatch.setenv("PATH", str(path))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(machine, "_by_playwright", lambda *, download: None)
    for name in ("CHROMIUM", "CI"):
        monkeypatch.delenv(name, raising=False)

    def with_commands(**lines: str) -> Path:
        for name, line in lines.items():
            made = path / name.replace("_", "-")
            made.write_text(f"#!/bin/sh\necho $(/usr/bin/basename $0) $@ >>{tmp_path}/called\n{line}\n")
            made.chmod(0o755)
        return tmp_path / "called"

    return with_commands


def brings(path: Path, *names: str) -> str:
    """A line of shell after which the commands are there."""
    return "; ".join(f"printf '#!/bin/sh\\n' >{path}/{name}; /bin/chmod 755 {path}/{name}" for name in names)


def test_a_browser_that_is_there_is_used(bare: Machine, tmp_path: Path) -> None:
    bare(chromium=SUCCEEDS, apt_get=SUCCEEDS, sudo=SUCCEEDS)
    assert machine.browser() == str(tmp_path / "bin" / "chromium")
    assert not (tmp_path / "called").exists()


def test_a_browser_is_installed_by_sudo(bare: Machine, tmp_path: Path) -> None:
    called = bare(
        apt_get=SUCCEEDS, sudo=f'case "$*" in *chromium) {brings(tmp_path / "bin", "chromium")};; esac'
    )
    assert machine.browser() == str(tmp_path / "bin" / "chromium")
    assert called.read_text().splitlines() == [
        "sudo -n apt-get update -qq",
        "sudo -n apt-get install -y -qq --no-install-recommends chromium",
    ]


def test_root_needs_no_sudo(bare: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called = bare(apt_get=f'case "$*" in *chromium) {brings(tmp_path / "bin", "chromium")};; esac')
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert machine.browser() == str(tmp_path / "bin" / "chromium")
    assert "sudo" not in called.read_text()


@pytest.mark.parametrize("commands", [{}, {"apt_get": SUCCEEDS}, {"apt_get": SUCCEEDS, "sudo": FAILS}])
def test_without_a_browser_the_command_to_type_is_told(bare: Machine, commands: dict[str, str]) -> None:
    bare(**commands)
    with pytest.raises(SystemExit) as told:
        machine.browser()
    assert "sudo apt-get install chromium" in str(told.value)
    assert "-m playwright install --with-deps chromium" in str(told.value)


def test_playwright_is_asked_when_there_is_no_apt(bare: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    bare()
    monkeypatch.setattr(machine, "_by_playwright", lambda *, download: "/kept/chrome" if download else None)
    assert machine.browser() == "/kept/chrome"


def test_pdf_tools_are_installed(bare: Machine, tmp_path: Path) -> None:
    line = brings(tmp_path / "bin", *machine.PDF_TOOLS)
    called = bare(apt_get=SUCCEEDS, sudo=f'case "$*" in *poppler-utils) {line};; esac')
    assert machine.pdf_tools()
    assert called.read_text().endswith("--no-install-recommends poppler-utils\n")


def test_without_pdf_tools_the_command_is_told_and_the_run_goes_on(
    bare: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    bare()
    assert machine.pdf_tools() is False
    assert "sudo apt-get install poppler-utils" in capsys.readouterr().out


def test_in_ci_their_absence_ends_the_run(bare: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    bare()
    monkeypatch.setenv("CI", "1")
    with pytest.raises(SystemExit) as told:
        machine.prepare(needs_browser=False)
    assert "poppler-utils" in str(told.value)
