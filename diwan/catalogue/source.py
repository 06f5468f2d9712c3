"""YAML files as plain data that knows where each part was written.

A fraction stays text ("0.5") and so does a date: definitions hold no floats, and codes must never turn into numbers or
days. `{include: name}` as an item of a list is replaced by the list of `parts/<name>.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from diwan.catalogue.composer import Fault, Listed, Mapped, compose
from diwan.kit.errors import N_, Problem, english

Place = tuple[str, int]
Where = tuple[str | int, ...]

ROOT = Path(__file__).resolve().parent
PARTS = ROOT / "parts"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
"""Names of parts and workflows: files beside each other, never a path."""
MOST_CHARACTERS = 400_000
"""Characters in one service as text."""
TOO_LONG = N_("The text is longer than {most} characters.")
NO_PART = N_("There is no part {name}. Known parts: {known}.")
EMPTY = N_("The text is empty.")
UNREADABLE = N_("The file can't be read: {reason}")


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong with a file of the catalogue: an English message id with its parameters, and its place."""

    message: str
    path: Where = ()
    file: str = ""
    line: int = 0
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def problem(self) -> Problem:
        """To be told in the language of a reader."""
        return Problem(CatalogueError.code, self.message, self.params)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file else ""
        inside = ".".join(str(part) for part in self.path)
        return f"{place}{inside + ': ' if inside else ''}{english(self.problem)}"


class CatalogueError(Exception):
    """A file of the catalogue that cannot be used; `faults` holds everything found."""

    code = "catalogue.invalid"

    def __init__(self, faults: list[Wrong]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


@dataclass(slots=True)
class Source:
    """Plain data, with the file and line of every path in it."""

    data: Any
    places: dict[Where, Place] = field(default_factory=dict)

    def where(self, path: Where) -> Place:
        """File and line of a path, or of its nearest parent that was written."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return ("", 0)

    def below(self, path: Where) -> Callable[[Where], Place]:
        """The same for paths that start at `path`."""
        return lambda inner: self.where((*path, *inner))


def read_yaml(path: Path, *, parts: Path = PARTS) -> Source:
    """Read a file with its includes. CatalogueError for what YAML itself refuses (a key written twice, bad indent)."""
    source = Source(None)
    source.data = _plain(_parse(path), (), path, source, parts, 0)
    return source


def read_text(text: str, *, parts: Path = PARTS) -> Source:
    """Read a service as somebody types it; places have no file. CatalogueError as `read_yaml`, and for a text that is
    larger, or nested deeper, than any service."""
    source = Source(None)
    if len(text) > MOST_CHARACTERS:
        raise CatalogueError([Wrong(TOO_LONG, (), "", 1, {"most": MOST_CHARACTERS})])
    source.data = _plain(_composed(text, ""), (), None, source, parts, 0)
    return source


def from_plain(data: Any) -> Source:
    """Data without positions (a definition that was stored)."""
    return Source(data)


def _parse(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError([Wrong(UNREADABLE, (), _name(path), 0, {"reason": str(error)})]) from error
    return _composed(text, _name(path))


def _composed(text: str, name: str) -> Any:
    try:
        found = compose(text)
    except Fault as fault:
        raise CatalogueError(
            [Wrong(fault.problem.message, (), name, fault.line, fault.problem.params)]
        ) from fault
    if found is None:
        raise CatalogueError([Wrong(EMPTY, (), name, 1)])
    return found


def _name(path: Path | None) -> str:
    if path is None:
        return ""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _plain(node: Any, path: Where, file: Path | None, source: Source, parts: Path, depth: int) -> Any:
    if isinstance(node, Mapped):
        source.places.setdefault(path, (_name(file), node.line))
        plain: dict[str, Any] = {}
        for key, value in node.items():
            inner = (*path, key)
            source.places[inner] = (_name(file), node.lines[key])
            plain[key] = _plain(value, inner, file, source, parts, depth)
        return plain
    if isinstance(node, Listed):
        source.places.setdefault(path, (_name(file), node.line))
        items: list[Any] = []
        _extend(items, node, path, file, source, parts, depth)
        return items
    return node


def _extend(
    items: list[Any],
    node: Listed,
    path: Where,
    file: Path | None,
    source: Source,
    parts: Path,
    depth: int,
) -> None:
    """Append the items of a list, with its includes put in place."""
    for index, (value, line) in enumerate(zip(node, node.lines, strict=True)):
        if isinstance(value, Mapped) and set(value) == {"include"}:
            named = str(value["include"])
            wanted = parts / f"{named}.yaml"
            known_name = NAME.fullmatch(named) is not None and wanted.is_file()
            found = _parse(wanted) if known_name and depth < 5 else None
            if not isinstance(found, Listed):
                known = ", ".join(sorted(entry.stem for entry in parts.glob("*.yaml")))
                told = {"name": named, "known": known}
                raise CatalogueError([Wrong(NO_PART, (*path, index), _name(file), line, told)])
            _extend(items, found, path, wanted, source, parts, depth + 1)
            continue
        inner = (*path, len(items))
        source.places[inner] = (_name(file), line)
        items.append(_plain(value, inner, file, source, parts, depth))
