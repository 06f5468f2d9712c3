"""Run the examiner on one file and read its answer."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diwan
from diwan.files.errors import REFUSALS, CheckUnavailable, DamagedFile

SECONDS = 45
#: Decoders that one process of ours runs at a time; the others wait their turn.
AT_ONCE = 2
_turn = threading.BoundedSemaphore(AT_ONCE)
_ROOT = Path(diwan.__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Examined:
    """An accepted file: what it is, what it says of place and time, and whether `target` holds a new copy."""

    media_type: str
    private: dict[str, Any]
    rewritten: bool


def examine(
    *, source: Path, target: Path, media_type: str, max_pages: int, max_seconds: int = 60
) -> Examined:
    """Decode `source` in the examiner process. Raises a refusal, or `CheckUnavailable` when it cannot be started."""
    job = json.dumps(
        {
            "source": str(source), "target": str(target), "media_type": media_type, "max_pages": max_pages,
            "max_seconds": max_seconds,
        }
    )  # fmt: skip
    with _turn:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "diwan.files.examiner"],
                input=job,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                cwd=_ROOT,
                env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(_ROOT)},
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise DamagedFile from None
        except OSError as error:
            raise CheckUnavailable from error
    if done.returncode != 0:
        # A decoder that dies on a file says that the file is not what it claims.
        if done.returncode > 0 and "ModuleNotFoundError" in done.stderr:
            raise CheckUnavailable
        raise DamagedFile
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise REFUSALS[answer["refused"]](**answer["params"])
    return Examined(answer["media_type"], answer["private"], bool(answer["rewritten"]))
