"""Parts are started, watched, restarted and ended together; leftovers of a kill are found by pid and start time."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from diwan.project.launch import processes, supervisor
from diwan.project.launch.install import Install, open_install
from diwan.project.launch.parts import Part
from diwan.project.launch.phases import PhaseError
from diwan.project.launch.supervisor import Supervisor

SLEEPER = "import time; time.sleep(60)"
FAMILY = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
STUBBORN = (
    "import signal, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print('deaf', flush=True)\n"
    "time.sleep(60)\n"
)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    for name in [name for name in os.environ if name.startswith("DIWAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DIWAN_DATABASE_URL", "postgresql:///elsewhere")
    return open_install(data=tmp_path / "data", port=8790, language=None)


@pytest.fixture
def boss(install: Install) -> Iterator[Supervisor]:
    made = Supervisor(install)
    yield made
    made.stop_all()


def part(
    code: str, *, name: str = "thing", patience: float = 2.0, ready: Callable[[], bool] = lambda: True
) -> Part:
    return Part(
        name=name, words=(sys.executable, "-c", code), env=dict(os.environ), ready=ready, patience=patience
    )


def wait_for(question: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.05)
    return False


def gone(pid: int) -> bool:
    return processes.born(pid) is None


def test_a_part_that_falls_is_named_with_its_last_words(boss: Supervisor) -> None:
    broken = part("raise SystemExit('no such register')", ready=lambda: False)
    boss.start(broken)
    with pytest.raises(PhaseError, match="no such register"):
        boss.wait_ready(broken)


def test_a_part_that_ends_is_started_again_after_a_growing_pause(boss: Supervisor) -> None:
    boss.start(part(SLEEPER))
    child = boss.children["thing"]
    first = child.process.pid
    for expected in (0.5, 1.0):
        os.kill(child.process.pid, signal.SIGKILL)
        child.process.wait()
        boss._look_after(child)
        assert child.due - time.monotonic() == pytest.approx(expected, abs=0.3)
        child.due = time.monotonic()
        boss._look_after(child)
    assert child.restarts == 2
    assert child.process.pid != first


def test_ending_takes_the_whole_family(boss: Supervisor) -> None:
    boss.start(part(FAMILY))
    parent = boss.children["thing"].process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children")
    assert wait_for(lambda: bool(children.read_text().split()))
    grandchild = int(children.read_text().split()[0])
    boss.stop_all()
    assert wait_for(lambda: gone(parent) and gone(grandchild))


def test_a_part_that_does_not_listen_is_killed_after_its_patience(boss: Supervisor) -> None:
    boss.start(part(STUBBORN, patience=0.3))
    pid = boss.children["thing"].process.pid
    assert wait_for(lambda: "deaf" in boss.log("thing").read_text())
    boss.stop_all()
    assert wait_for(lambda: gone(pid))


def test_leftovers_of_a_killed_supervisor_are_ended_by_the_next(install: Install, boss: Supervisor) -> None:
    boss.start(part(SLEEPER))
    pid = boss.children["thing"].process.pid
    assert supervisor.end_leftovers(install) == 1
    boss.children["thing"].process.wait(timeout=5)
    assert not supervisor.record_path(install).exists()
    assert gone(pid)


def test_workers_that_outlive_the_leader_of_their_group_are_ended(install: Install) -> None:
    words = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]).pid, flush=True)"
    leader = subprocess.Popen(
        [sys.executable, "-c", words], start_new_session=True, stdout=subprocess.PIPE, text=True
    )
    assert leader.stdout is not None
    worker = int(leader.stdout.readline())
    leader.wait(timeout=20)
    record = supervisor.record_path(install)
    record.write_text(json.dumps({"children": {"web": {"pid": leader.pid, "born": 1}}}))
    assert not gone(worker)
    assert supervisor.end_leftovers(install) == 1
    assert gone(worker)


def test_a_stranger_with_a_recorded_pid_is_left_alone(install: Install) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", SLEEPER], start_new_session=True)
    try:
        record = supervisor.record_path(install)
        record.write_text(json.dumps({"children": {"thing": {"pid": stranger.pid, "born": 1}}}))
        assert supervisor.end_leftovers(install) == 0
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_one_supervisor_an_installation(install: Install) -> None:
    assert not supervisor.is_held(install)
    with supervisor.held(install):
        assert supervisor.is_held(install)
        with pytest.raises(supervisor.AlreadyRunningError), supervisor.held(install):
            pass
    assert not supervisor.is_held(install)


def test_children_die_with_a_killed_parent() -> None:
    code = (
        "import subprocess, sys, time, os\n"
        "from pathlib import Path\n"
        "from diwan.project.launch import processes\n"
        f"child = processes.start([sys.executable, '-c', {SLEEPER!r}], env=os.environ, cwd=Path('/'), output=-3)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    assert wait_for(lambda: gone(child))


def test_secrets_are_random_private_and_stay(install: Install, tmp_path: Path) -> None:
    again = open_install(data=install.data, port=None, language=None)
    other = open_install(data=tmp_path / "other", port=None, language=None)
    assert again.secrets == install.secrets and again.port == 8790
    assert not set(other.secrets.values()) & set(install.secrets.values())
    assert (install.data / "install.json").stat().st_mode & 0o777 == 0o600


def test_each_process_gets_only_the_secrets_it_needs(install: Install) -> None:
    assert "DIWAN_DATABASE_OWNER_URL" not in install.environment()
    payments = install.peer_environment("payments")
    assert payments["PEERS_PAYMENTS_KEY"] == install.secrets["payments_key"]
    assert install.secrets["secret"] not in payments.values()
    assert not any(name.startswith("DIWAN_DATABASE") for name in payments)


def test_production_is_given_its_secrets_by_the_operator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIWAN_PROFILE", "production")
    monkeypatch.setenv("DIWAN_DATABASE_URL", "postgresql:///elsewhere")
    made = open_install(data=tmp_path / "data", port=None, language=None).environment()
    assert "DIWAN_SECRET" not in made or made["DIWAN_SECRET"] == os.environ.get("DIWAN_SECRET")
    assert "DIWAN_DEMO_PEOPLE" not in made
