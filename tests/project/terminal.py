"""Somebody at a terminal who types `./run`: in this clone or in another one, as this user or as another one."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.architecture.tree import ROOT

#: Of the environment of the tests nothing leads a command to another database, environment or profile.
FORGOTTEN = (
    "DIWAN_",
    "DJANGO_",
    "PYTEST",
    "JOURNEY_",
    "PYTHON",
    "VIRTUAL_ENV",
    "DATABASE_SUFFIX",
    "POSTGRES_",
)


def environment(**more: str) -> dict[str, str]:
    """The environment of somebody who has just opened a terminal."""
    return {key: value for key, value in os.environ.items() if not key.startswith(FORGOTTEN)} | more


class Person:
    """Somebody at a terminal, with a clone and a data directory."""

    def __init__(
        self,
        data: Path,
        *,
        port: int,
        clone: Path = ROOT,
        before: tuple[str, ...] = (),
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.data = data
        self.port = port
        self.clone = clone
        self.before = before
        self.env = dict(env or environment())
        self.out = data.parent / "terminal.txt"
        self.started: subprocess.Popen[bytes] | None = None

    def types(self, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """`./run` with words, to its end; `more` are variables of the environment."""
        return subprocess.run(
            self._words(*words), env=self.env | more, cwd="/", capture_output=True, text=True, check=False
        )

    def starts(self, *words: str, seconds: float = 400) -> float:
        """`./run` in the foreground of a terminal; how long until it was ready."""
        began = time.monotonic()
        with self.out.open("wb") as output:
            self.started = subprocess.Popen(
                self._words("--port", str(self.port), *words),
                env=self.env,
                cwd="/",
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        while "Ready in" not in self.said():
            assert self.started.poll() is None, self.said()
            assert time.monotonic() - began < seconds, self.said()
            time.sleep(0.1)
        return time.monotonic() - began

    def begins(self, *, seconds: float) -> None:
        """`./run`, and so many seconds of it."""
        with self.out.open("wb") as output:
            self.started = subprocess.Popen(
                self._words("--port", str(self.port)),
                env=self.env,
                cwd="/",
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        time.sleep(seconds)

    def said(self) -> str:
        """What stands in the terminal."""
        return self.out.read_text(errors="replace")

    def sends(self, number: int) -> int:
        """A signal to everything in the foreground, as Ctrl-C is; the exit status."""
        assert self.started is not None
        os.killpg(self.started.pid, number)
        return self.started.wait(timeout=60)

    def processes(self) -> list[str]:
        """Processes that work for this installation."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if os.fsencode(self.data) in words and int(entry.name) != os.getpid():
                found.append(entry.name)
        return found

    def reads(self, path: str) -> str:
        """A page of the running product, as a browser without any cookie gets it."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            assert answer.status == 200
            return str(answer.read().decode())

    def _words(self, *words: str) -> list[str]:
        return [*self.before, str(self.clone / "run"), "--data", str(self.data), *words]


def own_seconds(said: str) -> float:
    """What `./run` says of its own time: `Prepared in 99.1 s` or `Ready in 7.2 s`, without downloads and installs."""
    found = re.search(r"(?:Prepared|Ready) in ([0-9.]+) s", said)
    assert found is not None, said
    return float(found[1])


ORDINARY = 65534


@contextmanager
def clean_clone(*, root: bool, length: int, port: int) -> Iterator[Person]:
    """A person with a clean clone of what is committed, at a path of so many characters with a space in it.

    As root, an ordinary user is one that owns nothing else here and has an empty home.
    """
    other = os.geteuid() == 0 and not root
    place = Path(tempfile.mkdtemp(prefix="diwan clone "))
    bundle, home = place / "all.bundle", place / "home"
    clone = place / ("c" * (length - len(str(place)) - 1))
    before: tuple[str, ...] = ()
    env = environment()
    try:
        subprocess.run(
            ["git", "bundle", "create", "-q", str(bundle), "HEAD", "--branches"], cwd=ROOT, check=True
        )
        home.mkdir()
        if other:
            place.chmod(0o755)
            for path in (place, bundle, home):
                os.chown(path, ORDINARY, ORDINARY)
            before = ("setpriv", f"--reuid={ORDINARY}", f"--regid={ORDINARY}", "--clear-groups", "--")
            env = environment(HOME=str(home))
        subprocess.run(
            [*before, "git", "clone", "-q", str(bundle), str(clone)], env=env, cwd=place, check=True
        )
        person = Person(clone / "var" / "demo", port=port, clone=clone, before=before, env=env)
        person.out = place / "terminal.txt"
        yield person
        if person.started is not None and person.started.poll() is None:
            person.sends(signal.SIGINT)
    finally:
        shutil.rmtree(place, ignore_errors=True)
