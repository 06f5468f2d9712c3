"""YAML files as plain data that knows where each part was written.

YAML 1.2 with positions. A fraction stays text ("0.5") and so does a date: definitions hold no floats, and
codes must never
turn into numbers or days. `{include: name}` as an item of a list is replaced by the list of `parts/<name>.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode

Place = tuple[str, int]
Where = tuple[str | int, ...]

ROOT = Path(__file__).resolve().parent
PARTS = ROOT / "parts"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
"""Names of parts and workflows: files beside each other, never a path."""
MOST_CHARACTERS = 400_000
"""Characters in one service as text."""
MOST_VALUES = 60_000
"""Values in one service, each use of an anchor counted."""
MOST_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong with a file of the catalogue."""

    message: str
    path: Where = ()
    file: str = ""
    line: int = 0
    said: tuple[str, Mapping[str, Any]] | None = None
    """Message id and parameters, where the message can be told in both languages."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file else ""
        inside = ".".join(str(part) for part in self.path)
        return f"{place}{inside + ': ' if inside else ''}{self.message}"


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


class _Constructor(RoundTripConstructor):
    """Keeps fractions and dates as the text that was written."""


def _as_text(constructor: RoundTripConstructor, node: ScalarNode) -> str:
    return str(constructor.construct_scalar(node))


for _tag in ("float", "timestamp"):
    _Constructor.add_constructor(f"tag:yaml.org,2002:{_tag}", _as_text)


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
        raise CatalogueError([Wrong(f"the text is longer than {MOST_CHARACTERS} characters", (), "", 1)])
    if _brackets(text) > 5 * MOST_DEPTH:
        raise CatalogueError([Wrong("the text is nested too deep", (), "", 1)])
    try:
        node = _parsed(text, "")
        _bounded(node)
        source.data = _plain(node, (), None, source, parts, 0)
    except RecursionError as error:
        raise CatalogueError([Wrong("the text is nested too deep", (), "", 1)]) from error
    return source


def _brackets(text: str) -> int:
    """How many brackets stand open at once, at most: reading thousands of them takes seconds."""
    depth = most = 0
    for sign in re.findall(r"[\[{\]}]", text):
        depth = max(0, depth + (1 if sign in "[{" else -1))
        most = max(most, depth)
    return most


def _bounded(node: Any) -> None:
    """Refuse what an anchor that is used again and again would grow to, before it grows."""
    left, todo = MOST_VALUES, [(node, 0)]
    while todo:
        inner, depth = todo.pop()
        left -= 1
        if left < 0 or depth > MOST_DEPTH:
            raise CatalogueError([Wrong("the text holds too much, or is nested too deep", (), "", 1)])
        if isinstance(inner, Mapping):
            todo.extend((value, depth + 1) for value in inner.values())
        elif isinstance(inner, CommentedSeq):
            todo.extend((value, depth + 1) for value in inner)


def from_plain(data: Any) -> Source:
    """Data without positions (a definition that was stored)."""
    return Source(data)


def _parse(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError([Wrong(str(error), (), _name(path), 0)]) from error
    return _parsed(text, _name(path))


def _parsed(text: str, name: str) -> Any:
    yaml = YAML(typ="rt", pure=True)
    yaml.Constructor = _Constructor
    try:
        found = yaml.load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 0
        raise CatalogueError([Wrong(str(error.problem or error), (), name, line)]) from error
    except (YAMLError, ValueError) as error:
        raise CatalogueError([Wrong(str(error), (), name, 0)]) from error
    if found is None:
        raise CatalogueError([Wrong("the file is empty", (), name, 1)])
    return found


def _name(path: Path | None) -> str:
    if path is None:
        return ""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _plain(node: Any, path: Where, file: Path | None, source: Source, parts: Path, depth: int) -> Any:
    if isinstance(node, CommentedMap):
        source.places.setdefault(path, (_name(file), node.lc.line + 1))
        plain: dict[str, Any] = {}
        for key, value in node.items():
            inner = (*path, str(key))
            source.places[inner] = (_name(file), _line(node, key))
            plain[str(key)] = _plain(value, inner, file, source, parts, depth)
        return plain
    if isinstance(node, CommentedSeq):
        source.places.setdefault(path, (_name(file), node.lc.line + 1))
        items: list[Any] = []
        _extend(items, node, path, file, source, parts, depth)
        return items
    return _scalar(node)


def _line(node: CommentedMap, key: Any) -> int:
    """The line of a key; of one that came in by `<<` the line of the mapping."""
    try:
        return int(node.lc.key(key)[0]) + 1
    except (KeyError, TypeError):
        return int(node.lc.line) + 1


def _extend(
    items: list[Any],
    node: CommentedSeq,
    path: Where,
    file: Path | None,
    source: Source,
    parts: Path,
    depth: int,
) -> None:
    """Append the items of a list, with its includes put in place."""
    for index, value in enumerate(node):
        line = node.lc.item(index)[0] + 1
        if isinstance(value, Mapping) and set(value) == {"include"}:
            named = str(value["include"])
            wanted = parts / f"{named}.yaml"
            known_name = NAME.fullmatch(named) is not None and wanted.is_file()
            found = _parse(wanted) if known_name and depth < 5 else None
            if not isinstance(found, CommentedSeq):
                known = ", ".join(sorted(entry.stem for entry in parts.glob("*.yaml")))
                message = f'no part "{named}"; known: {known}'
                raise CatalogueError([Wrong(message, (*path, index), _name(file), line)])
            _extend(items, found, path, wanted, source, parts, depth + 1)
            continue
        inner = (*path, len(items))
        source.places[inner] = (_name(file), line)
        items.append(_plain(value, inner, file, source, parts, depth))


def _scalar(node: Any) -> Any:
    if node is None or isinstance(node, bool):
        return node
    if isinstance(node, int):
        return int(node)
    return str(node)
