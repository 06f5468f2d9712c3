"""YAML files as plain data that knows where each part was written.

YAML 1.2 with positions. A fraction stays text ("0.5") and so does a date: definitions hold no floats, and
codes must never
turn into numbers or days. `{include: name}` as an item of a list is replaced by the list of `parts/<name>.yaml`.
"""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong with a file of the catalogue."""

    message: str
    path: Where = ()
    file: str = ""
    line: int = 0

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


def from_plain(data: Any) -> Source:
    """Data without positions (a definition that was stored)."""
    return Source(data)


def _parse(path: Path) -> Any:
    yaml = YAML(typ="rt", pure=True)
    yaml.Constructor = _Constructor
    try:
        found = yaml.load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 0
        raise CatalogueError([Wrong(str(error.problem or error), (), _name(path), line)]) from error
    except (YAMLError, OSError, UnicodeDecodeError) as error:
        raise CatalogueError([Wrong(str(error), (), _name(path), 0)]) from error
    if found is None:
        raise CatalogueError([Wrong("the file is empty", (), _name(path), 1)])
    return found


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _plain(node: Any, path: Where, file: Path, source: Source, parts: Path, depth: int) -> Any:
    if isinstance(node, CommentedMap):
        source.places.setdefault(path, (_name(file), node.lc.line + 1))
        plain: dict[str, Any] = {}
        for key, value in node.items():
            inner = (*path, str(key))
            source.places[inner] = (_name(file), node.lc.key(key)[0] + 1)
            plain[str(key)] = _plain(value, inner, file, source, parts, depth)
        return plain
    if isinstance(node, CommentedSeq):
        source.places.setdefault(path, (_name(file), node.lc.line + 1))
        items: list[Any] = []
        _extend(items, node, path, file, source, parts, depth)
        return items
    return _scalar(node)


def _extend(
    items: list[Any], node: CommentedSeq, path: Where, file: Path, source: Source, parts: Path, depth: int
) -> None:
    """Append the items of a list, with its includes put in place."""
    for index, value in enumerate(node):
        line = node.lc.item(index)[0] + 1
        if isinstance(value, Mapping) and set(value) == {"include"}:
            wanted = parts / f"{value['include']}.yaml"
            found = _parse(wanted) if wanted.is_file() and depth < 5 else None
            if not isinstance(found, CommentedSeq):
                known = ", ".join(sorted(entry.stem for entry in parts.glob("*.yaml")))
                message = f'no part "{value["include"]}"; known: {known}'
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
