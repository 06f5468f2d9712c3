"""The signer as the process that runs: its socket, its files, who may talk to it, being killed."""

from __future__ import annotations

import dataclasses
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings

from diwan.documents import signing, wire
from diwan.documents.actions import render_and_sign
from diwan.documents.models import IssuedDocument
from diwan.people.actor import system
from tests import databases
from tests.documents.authority import KEY, ROOT
from tests.documents.conftest import make_office
from tests.documents.contents import pending


@contextmanager
def running(database: str) -> Iterator[subprocess.Popen[str]]:
    """The real signer on a database; gives its process when it says that it is ready."""
    config = settings.DIWAN
    environment = databases.environment(database) | {
        "DIWAN_DATA": str(config.data),
        "DIWAN_SIGNER_SOCKET": str(config.signer_socket),
        "DIWAN_AUTHORITY_URL": config.authority_url,
        "DIWAN_AUTHORITY_KEY": KEY,
        "DIWAN_BASE_URL": config.base_url,
        "DIWAN_MARK_DEMO_DATA": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "diwan.project", "signer"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("signer ready")
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=10)


def socket_path() -> Path:
    path: Path = settings.DIWAN.under_data(settings.DIWAN.signer_socket)
    return path


def test_a_document_is_sealed_by_the_process_and_survives_its_death(
    committed_database: str, trusting: Path
) -> None:
    document = pending(make_office())
    with running(committed_database) as process:
        render_and_sign(document_id=document.pk, by=system("test"))
        signed = signing.sign(document.pk)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    with pytest.raises(signing.SignerUnavailable):
        signing.sign(document.pk)
    with running(committed_database):
        assert signing.sign(document.pk) == signed
        assert signing.status()["signed"] == 0
    document.refresh_from_db()
    assert document.state == IssuedDocument.State.ISSUED
    assert not socket_path().exists()


def test_keys_and_socket_are_for_the_signers_user_alone(committed_database: str, trusting: Path) -> None:
    make_office()
    with running(committed_database):
        signing.enrol("101-HEAD")
        assert stat.S_IMODE(socket_path().stat().st_mode) == 0o600
        for path in (trusting / "signer").rglob("*"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 or path.name == "lock", path
        keys = list((trusting / "signer" / "keys").glob("*.key"))
        assert keys and all(b"ENCRYPTED PRIVATE KEY" in key.read_bytes() for key in keys)
        if os.geteuid() == 0:
            _cannot_be_read_by_another_user(trusting, keys[0])


def _cannot_be_read_by_another_user(data: Path, key: Path) -> None:
    """The web server as another user: neither keys nor socket open."""
    for folder in (data, *data.parents):
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    attempt = (
        "import os,socket,sys\nos.setgid(65534); os.setuid(65534)\n"
        "try:\n open(sys.argv[1],'rb').read(); sys.exit(1)\nexcept PermissionError: pass\n"
        "try:\n socket.socket(socket.AF_UNIX).connect(sys.argv[2]); sys.exit(2)\nexcept PermissionError: pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", attempt, str(key), str(socket_path())], check=False, cwd="/"
    )
    assert done.returncode == 0


def test_who_does_not_know_the_shared_key_gets_no_answer(
    committed_database: str, trusting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(committed_database):
        assert signing.status()["certificates"] == []
        with monkeypatch.context() as stranger:
            stranger.setattr(
                settings, "DIWAN", dataclasses.replace(settings.DIWAN, signer_key="another-key-of-16")
            )
            with pytest.raises(signing.SignerUnavailable):
                signing.status()
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(socket_path()))
            connection.sendall(b"\xff\xff\xff\xffrubbish")
            with suppress(ConnectionResetError):
                assert connection.recv(10) == b""
        assert signing.status()["signed"] == 0


def test_a_second_signer_on_the_same_folder_does_not_start(committed_database: str, trusting: Path) -> None:
    with running(committed_database), pytest.raises(AssertionError), running(committed_database):
        pass


def test_open_key_folders_are_refused(committed_database: str, trusting: Path) -> None:
    folder = trusting / "signer" / "keys"
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    with pytest.raises(AssertionError), running(committed_database):
        pass


@pytest.mark.parametrize(
    "frame", [b"", b"\x00\x00\x00\x05hello", b"\x00\x00\x00\x02{}", b"\x00\x00\x00\x08[1,2,3]"]
)
def test_a_broken_frame_is_named(frame: bytes) -> None:
    here, there = socket.socketpair()
    with here, there:
        here.sendall(frame)
        here.shutdown(socket.SHUT_WR)
        with pytest.raises((wire.BadFrame, EOFError)):
            wire.receive(there, key="k" * 16)
