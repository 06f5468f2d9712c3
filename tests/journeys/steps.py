"""What a journey prints: every step with its time, the files it leaves, and where it broke."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class Broken(Exception):
    """The product did not do what the journey expects; `page` is where."""

    def __init__(self, words: str, *, page: Any = None) -> None:
        super().__init__(words)
        self.page = page


@dataclass
class Steps:
    """The protocol of one walk."""

    folder: Path
    began: float = field(default_factory=time.monotonic)
    count: int = 0
    files: list[Path] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def step(self, who: str, what: str) -> Iterator[None]:
        """One step: its line appears when it is done, with its time."""
        began = time.monotonic()
        self.count += 1
        try:
            yield
        except BaseException as error:
            print(
                f"  {self.count:>3}  {who:<10} {what}: BROKEN after {time.monotonic() - began:.1f} s",
                flush=True,
            )
            self._keep(error)
            raise
        print(f"  {self.count:>3}  {who:<10} {what}  ({time.monotonic() - began:.1f} s)", flush=True)

    def note(self, words: str) -> None:
        """Something worth reading below a step."""
        print(f"       {'':<10} {words}", flush=True)

    def leave_out(self, what: str, why: str) -> None:
        """Something that cannot be walked in this installation any more; the closing line says so."""
        self.left_out.append(f"{what} ({why})")
        self.note(f"not walked: {why}")

    def keep(self, name: str, content: bytes) -> Path:
        """A resulting file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.files.append(path)
        return path

    def _keep(self, error: BaseException) -> None:
        page = getattr(error, "page", None)
        if page is not None:
            path = self.folder / "broken.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(page.response.content)
            error.args = (f"{error.args[0]}\n  at {page.url}; the page is in {path}",)


def expect(held: object, words: str, *, page: Any = None) -> None:
    """Stop with these words unless it holds."""
    if not held:
        raise Broken(words, page=page)
