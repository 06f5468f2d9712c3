"""`./run` itself: prepare, start, say what to try, watch, and end everything."""

import json
import os
import shutil
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from diwan.project.launch import parts, prepare, processes, supervisor
from diwan.project.launch.install import PORT_NAMES, Install
from diwan.project.launch.phases import PhaseError, phase, say
from diwan.project.launch.supervisor import Supervisor


def taken_ports(install: Install) -> list[int]:
    """The ports that this installation wants and another process holds."""
    names = PORT_NAMES if install.has_peers else PORT_NAMES[:1]
    taken = []
    for name in names:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", install.port_of(name)))
            except OSError:
                taken.append(install.port_of(name))
    return taken


def serve(install: Install, *, setup_only: bool) -> int:
    """Prepare the installation and, unless told otherwise, run it until it is stopped."""
    began = time.monotonic()

    def work(boss: Supervisor) -> int:
        took = time.monotonic() - began
        if setup_only:
            say(f"Prepared in {took:.1f} s. Start with ./run")
            return 0
        say(f"Ready in {took:.1f} s.")
        announce(install)
        boss.watch()
        return 0

    return _brought_up(install, work, setup_only=setup_only)


def during(install: Install, work: Callable[[], int]) -> int:
    """Run the installation for the length of some work; its exit status."""
    return _brought_up(install, lambda _: work(), setup_only=False)


def _brought_up(install: Install, work: Callable[[Supervisor], int], *, setup_only: bool) -> int:
    """Bring the installation up, do the work, and end everything whatever happens; the work's exit status.

    A stop that was asked for while the installation served is a success; before that, 130 as after any Ctrl-C.
    """
    supervisor.stop_on_signals()
    status = 130
    with supervisor.held(install):
        left = supervisor.end_leftovers(install)
        if left:
            say(f"  Ended {left} processes that an interrupted run had left behind.")
        # Figures count from this start: those of processes that are gone belong to nobody.
        shutil.rmtree(install.data / "metrics", ignore_errors=True)
        boss = Supervisor(install)
        boss.record()
        try:
            _bring_up(install, boss, setup_only=setup_only)
            status = 0
            status = work(boss)
        except supervisor.StopRequestedError:
            say("\nStopping ...")
        finally:
            boss.stop_all()
            say("Stopped; nothing is left running.")
    return status


def _bring_up(install: Install, boss: Supervisor, *, setup_only: bool) -> None:
    if install.has_own_database:
        with phase("Starting the embedded database"):
            install.cluster.start()
    steps = prepare.pending(install)
    known = prepare.known_commands()
    steps = [(step, stamp) for step, stamp in steps if prepare.has_command(step.words, known)]
    for step, stamp in steps:
        if not step.after_peers:
            prepare.run_step(install, step, stamp)
    late = [(step, stamp) for step, stamp in steps if step.after_peers]
    peers = parts.peers(install) if install.has_peers else []
    if late:
        with phase("Starting registers, payments, catcher, authority, receiver"):
            _start_all(boss, peers)
        for step, stamp in late:
            prepare.run_step(install, step, stamp)
        peers = []
    if not setup_only:
        with phase(
            "Starting peers, signer, worker and web server"
            if peers
            else "Starting signer, worker and web server"
        ):
            _start_all(boss, [*peers, *parts.product(install, known)])


def _start_all(boss: Supervisor, wanted: list[parts.Part]) -> None:
    for part in wanted:
        boss.start(part)
    for part in wanted:
        boss.wait_ready(part)


def announce(install: Install) -> None:
    """Say where it is, who the demo people are, how to get their codes, and what to try first."""
    say(f"\n  Diwan     {install.base_url}/")
    if install.has_peers:
        say(f"  Messages  {install.peer_url('catcher')}/      (mail and SMS that the demo has sent)")
        say(f"  Payments  {install.peer_url('payments')}/      (pay a bill at the demo bank)")
        say(f"  Events    {install.peer_url('receiver')}/      (what a partner's system has received)")
        say(f"  Registers {install.peer_url('registers')}/      (switch them off, slow, or to no)")
    people = _people(install.data / "demo-people.json")
    if people:
        say("\n  Demo people (passwords and codes are random in this installation):")
        for person in people:
            say(_introduced(person, language=install.language))
        say("  One-time code of a person:  ./run code NAME")
    say("\n  Try first: apply for a shop licence as the citizen, or watch the whole walk:")
    say("    ./run journey shop-licence      or, of a report to 940:      ./run journey report")
    say("  Stop with Ctrl-C, or ./run stop in another terminal.\n")


def _introduced(person: dict[str, Any], *, language: str) -> str:
    """One line: name to type, sign-in, who it is."""
    sign_in = (
        f"{person['login']}, password {person['password']}" if person.get("password") else person["login"]
    )
    return f"    {person['name']:<10} {sign_in:<38} {person[f'title_{language}']}"


def _people(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    known = json.loads(path.read_text())
    listed: list[dict[str, Any]] = known["people"] if isinstance(known, dict) else known
    return listed


def status(install: Install) -> int:
    """Print each part; 0 when all answer, 1 when some do not, 3 when nothing runs."""
    if not supervisor.is_held(install):
        say("Diwan is not running.")
        return 3
    record = supervisor.recorded(install)
    known = prepare.known_commands()
    wanted = (parts.peers(install) if install.has_peers else []) + parts.product(install, known)
    bad = 0
    say(f"Diwan runs at {install.base_url}/ (process {record.get('supervisor')})")
    rows = [("database", install.cluster.running() is not None)] if install.has_own_database else []
    rows += [(part.name, part.name in record.get("children", {}) and part.ready()) for part in wanted]
    for name, good in rows:
        restarts = record.get("children", {}).get(name, {}).get("restarts", 0)
        again = f", restarted {restarts} times" if restarts else ""
        say(f"  {name:<10} {'answers' if good else 'does not answer'}{again}")
        bad += not good
    return 1 if bad else 0


def stop(install: Install) -> int:
    """Ask the supervisor to end everything and wait; end what a killed one has left."""
    if not supervisor.is_held(install):
        left = supervisor.end_leftovers(install)
        stopped = install.has_own_database and install.cluster.stop()
        say("Ended what was left of an interrupted run." if left or stopped else "Diwan is not running.")
        return 0
    boss = int(supervisor.recorded(install)["supervisor"])
    os.kill(boss, signal.SIGTERM)
    deadline = time.monotonic() + 60
    # The lock is released a moment before the supervisor itself has gone.
    while supervisor.is_held(install) or processes.born(boss) is not None:
        if time.monotonic() > deadline:
            raise PhaseError("Diwan does not stop; look at ./run status.")
        time.sleep(0.1)
    say("Stopped; nothing is left running.")
    return 0
