"""What the launcher notes of backups and drills, for the health page: `operations.json` in the data directory."""

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from diwan.project.launch import private

FILE: Final = "operations.json"


def write(data: Path, what: str, *, ok: bool, seconds: float, **more: Any) -> None:
    """Note the last run of `what` (`backup`, `drill`), how long it took and what came of it."""
    known: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError):
        known = json.loads((data / FILE).read_text())
    at = datetime.now(UTC).isoformat(timespec="seconds")
    known[what] = {"at": at, "ok": ok, "seconds": seconds, **more}
    private.write(data / FILE, json.dumps(known, indent=1))
