"""A peer starts only for demo and tests, only on loopback, only with a key; its pages obey the same."""

import subprocess
import sys

import httpx
import pytest

from tests.peers.running import environment, running

PEERS = ("registers", "payments", "catcher", "receiver")


def _start(name: str, *options: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"peers.{name}", *options],
        env=environment(**environ),
        capture_output=True,
        text=True,
        timeout=30,
    )


@pytest.mark.parametrize("name", PEERS)
def test_refuses_to_start_in_production(name: str) -> None:
    done = _start(name, DIWAN_PROFILE="production")
    assert done.returncode == 1
    assert "demo system" in done.stderr


def test_refuses_to_start_without_a_profile() -> None:
    assert _start("registers", DIWAN_PROFILE="").returncode == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::"])
def test_refuses_an_address_that_others_reach(host: str) -> None:
    done = _start("payments", "--host", host)
    assert done.returncode == 1
    assert "refuses to listen" in done.stderr


def test_refuses_to_start_without_a_key() -> None:
    done = _start("catcher", PEERS_SMS_KEY="short")
    assert done.returncode == 1
    assert "PEERS_SMS_KEY" in done.stderr


def test_posts_notices_to_loopback_only() -> None:
    done = _start("payments", "--notice-url", "http://example.org/notice")
    assert done.returncode == 1
    assert "loopback" in done.stderr


def test_pages_say_demo_and_refuse_foreign_hosts_and_origins() -> None:
    with running("registers") as peer:
        for language, mark in (("ar", "نظام تجريبي"), ("en", "Demo system")):
            page = peer.http.get("/", params={"lang": language})
            assert mark in page.text
            assert "script" not in page.headers["Content-Security-Policy"]
        assert httpx.get(peer.url + "/", headers={"Host": "evil.example"}).status_code == 421
        posted = peer.http.post(
            "/switches", data={"name": "people", "state": "down"}, headers={"Origin": "http://evil.example"}
        )
        assert posted.status_code == 403
        assert peer.http.get("/healthz").json() == {"status": "ok"}
