"""Signed files kept until their document is recorded as issued, and the signer's own trail of what it signed."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from diwan.documents.signer.keys import write_private
from diwan.kit import clock

KEEP_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Kept:
    """A signed file and who signed it."""

    pdf: bytes
    signers: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Digest of the signed file."""
        return sha256(self.pdf).hexdigest()


class Spool:
    """One file pair for each document: the facts are written after the PDF and mark it complete."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder

    def find(self, document_id: int) -> Kept | None:
        """The signed file of a document, if it was signed before."""
        facts_file = self._folder / f"{document_id}.json"
        if not facts_file.exists():
            return None
        facts = json.loads(facts_file.read_text())
        pdf = (self._folder / f"{document_id}.pdf").read_bytes()
        kept = Kept(pdf, tuple(facts["signers"]))
        return kept if kept.sha256 == facts["sha256"] else None

    def keep(self, document_id: int, kept: Kept, **trail: Any) -> None:
        """Store a signed file durably and note it in the trail, before anybody hears of it."""
        write_private(self._folder / f"{document_id}.pdf", kept.pdf)
        facts = {"signers": list(kept.signers), "sha256": kept.sha256}
        write_private(self._folder / f"{document_id}.json", json.dumps(facts).encode())
        line = {"at": clock.real_now().isoformat(), "document": document_id, **facts, **trail}
        with os.fdopen(
            os.open(self._folder / "signed.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb"
        ) as out:
            out.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            out.flush()
            os.fsync(out.fileno())

    def waiting(self) -> list[int]:
        """Documents whose signed file has lain here longer than a day."""
        oldest = time.time() - KEEP_SECONDS
        return [int(file.stem) for file in self._folder.glob("*.json") if file.stat().st_mtime < oldest]

    def drop(self, document_id: int) -> None:
        """Forget a file that is recorded elsewhere."""
        (self._folder / f"{document_id}.json").unlink(missing_ok=True)
        (self._folder / f"{document_id}.pdf").unlink(missing_ok=True)
