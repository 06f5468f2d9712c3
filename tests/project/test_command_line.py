"""Nouns and verbs, and the role that a command works as."""

import os
import subprocess
import sys

import pytest

from diwan.project.cli import resolve
from tests import databases

KNOWN = frozenset({"catalogue", "audit_verify", "migrate"})


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        (["catalogue", "load"], ["catalogue", "load"]),
        (["audit", "verify", "--all"], ["audit_verify", "--all"]),
        (["audit", "re-verify"], ["audit", "re-verify"]),
        (["migrate"], ["migrate"]),
    ],
)
def test_a_noun_and_a_verb_are_one_command(typed: list[str], command: list[str]) -> None:
    assert resolve(typed, KNOWN) == command


def _diwan(*words: str, **changed: str) -> "subprocess.CompletedProcess[str]":
    env = {**databases.environment("postgres"), **changed}
    return subprocess.run(
        [sys.executable, "-m", "diwan.project", *words], env=env, capture_output=True, text=True
    )


def test_a_faulty_configuration_is_told_and_not_traced() -> None:
    done = _diwan("check", DIWAN_MAIL_HOTS="x")
    assert done.returncode == 2
    assert "nearest one is DIWAN_MAIL_HOST" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("role", ["diwan_owner", "diwan_root"])
def test_the_product_refuses_to_work_as_owner_or_superuser(committed_database: str, role: str) -> None:
    url = databases.CLUSTER.url(role, committed_database)
    done = _diwan("clearsessions", DIWAN_DATABASE_URL=url)
    assert done.returncode == 2
    assert role in done.stderr and "Traceback" not in done.stderr


def test_a_lossy_server_is_refused_outside_of_tests(committed_database: str) -> None:
    url = databases.CLUSTER.url("diwan_app", committed_database)
    done = _diwan("clearsessions", DIWAN_DATABASE_URL=url, DIWAN_PROFILE="demo")
    assert done.returncode == 2 and "fsync is off" in done.stderr
    assert os.environ["DIWAN_PROFILE"] == "test"
