"""One running installation with the demo city, shared by the browser tests and the journeys."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

ROOT: Final = Path(__file__).resolve().parents[1]
DATA: Final = ROOT / "var" / "test" / "installation"
PORT: Final = 8600
#: Applications in the demo city of the tests: enough of every kind, made in half a minute.
CASES: Final = 120
PATIENCE: Final = 420
PEERS: Final = ("registers", "payments", "catcher", "authority", "receiver")
PORTS: Final = {"web": 0, "registers": 1, "payments": 2, "catcher": 3, "authority": 5, "receiver": 6}


class NotUpError(Exception):
    """The installation did not come up; the message is the end of what it printed."""


class Shared:
    """Started when first asked for, stopped at the end; one that runs already is used and left running."""

    def __init__(self, data: Path = DATA, port: int = PORT, cases: int = CASES) -> None:
        self.data = data
        self.port = port
        self.cases = cases
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "diwan.project.launch", "--data", str(self.data), *words]

    def _environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("DIWAN_")}
        return {**kept, "PYTHONPATH": str(ROOT), "DIWAN_CITY_CASES": str(self.cases)}

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """A command of the launcher on this installation, e.g. `code`, `diwan audit verify`."""
        return subprocess.run(
            self._words(*words),
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self) -> None:
        """Start it unless it runs; raises NotUpError when it does not come up."""
        if self._process is not None or self.run("status").returncode == 0:
            return
        log = self.data.parent / f"{self.data.name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                self._words("--port", str(_free_from(self.port))),
                cwd=ROOT,
                env=self._environment(),
                stdout=output,
                stderr=output,
            )
        deadline = time.monotonic() + PATIENCE
        while "Ready in" not in log.read_text(errors="replace"):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise NotUpError(
                    f"The installation for the tests did not come up:\n{log.read_text()[-4000:]}"
                )
            time.sleep(0.2)

    def addresses(self) -> dict[str, str]:
        """The installation started, and the variables by which tests and journeys find it."""
        self.start()
        port = int(json.loads((self.data / "install.json").read_text())["port"])
        return {
            "JOURNEY_BASE": f"http://127.0.0.1:{port}",
            **{f"JOURNEY_{name.upper()}": f"http://127.0.0.1:{port + PORTS[name]}" for name in PEERS},
            "JOURNEY_PEOPLE": str(self.data / "demo-people.json"),
            "JOURNEY_FILES": str(self.data / "journeys"),
            "INSTALLATION_DATA": str(self.data),
        }

    def stop(self) -> None:
        """Stop it if this object started it."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=90)
        self._process = None


def _free_from(port: int) -> int:
    """The first block of ten from this port on whose first seven ports are free."""
    while not all(_is_free(one) for one in range(port, port + 7)):
        port += 10
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
