"""YAML 1.2 text as dicts, lists and scalars that know the lines they were written on.

libyaml reads it forty times quicker than a parser in Python, but it speaks YAML 1.1: what it refuses goes to
ruamel.yaml, whose word on a fault is the one that is told. Both give the same events; what they become is decided here,
without recursion, so that no text is nested too deep for the machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from diwan.kit.errors import N_, Problem

MOST_DEPTH = 40
MOST_BRACKETS = 200
"""Open at once: reading thousands of them takes seconds."""
MOST_VALUES = 60_000
"""Values in one text, each use of an anchor counted."""

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_TAG = "tag:yaml.org,2002:"
_AS_TEXT = ("!", f"{_TAG}str", f"{_TAG}float", f"{_TAG}timestamp")
TOO_DEEP = N_("The text is nested too deep.")
TOO_MUCH = N_("The text holds too much, or is nested too deep.")
NO_ANCHOR = N_("Nothing before this is named &{name}.")
ONE_DOCUMENT = N_("A second text begins here; one is expected.")
NO_KEY = N_("A key is missing here.")
KEY_IS_A_WORD = N_("A key is a word, not a list or a mapping.")
TWICE = N_("The key {name} is written twice; it stands on line {line_before} already.")
MERGES = N_("What << takes over is a mapping, or a list of them.")
TAG = N_("The tag {tag} is not known here.")
NOT_OF_TAG = N_("{value} is not of the tag {tag}.")
NOT_YAML = N_("This is not valid YAML: {reason}")
YAML_SAYS = {
    "mapping values are not allowed": N_(
        "A colon begins a value where none can stand. Put the text in quotes, or mend the indentation."
    ),
    "found character '\\t'": N_("A tab stands here; indent by spaces."),
    "that cannot start any token": N_("No text can begin with this sign; put it in quotes."),
    "could not find expected ':'": N_("A colon is missing after this key."),
    "found unexpected end of stream": N_("A quotation mark is not closed."),
    "expected <block end>": N_("This line is not indented like those before it."),
    "expected ',' or ": N_("A comma or the closing bracket is missing."),
    "expected the node content": N_("A value is missing here."),
    "special characters are not allowed": N_("The text holds a sign that can't be used in it."),
    "found unknown escape character": N_(
        "After a backslash in double quotes this sign can't stand; use single quotes."
    ),
    "found duplicate anchor": N_("This anchor is named twice."),
}
"""What the reader says, as it begins or ends, in words for both languages."""
_MERGE = "\0<<"
"""Stands for the key `<<`; no text of YAML holds this character."""


class Fault(Exception):
    """Text that YAML refuses, or that holds more than any service; `line` from 1, 0 where none is known."""

    def __init__(self, message: str, line: int, **params: Any) -> None:
        super().__init__(message)
        self.problem = Problem("catalogue.yaml", message, params)
        self.line = line


class Mapped(dict[str, Any]):
    """A mapping: the line on which it begins, and that of each key (of one that came by `<<` the mapping's)."""

    __slots__ = ("height", "line", "lines", "size")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}
        self.size = self.height = 1


class Listed(list[Any]):
    """A list: the line on which it begins, and that of each item."""

    __slots__ = ("height", "line", "lines", "size")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []
        self.size = self.height = 1


def compose(text: str) -> Any:
    """The one document of a text: Mapped, Listed, str, int, bool or None (an empty text).

    Integers and truth values are those of the core schema of YAML 1.2 (section 10.3.2 of its specification); fractions
    and dates stay text. Keys are text. Raises Fault.
    """
    if _brackets(text) > MOST_BRACKETS:
        raise Fault(TOO_DEEP, 1)
    try:
        return _Composer().take(yaml.parse(text, Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, ValueError):
        pass  # the other reader says what is wrong, or that 1.2 allows it
    reader: Any = YAML(typ="safe", pure=True)
    try:
        return _Composer().take(reader.parse(text))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 0
        raise _refused(str(error.problem or error), line) from error
    except (YAMLError, ValueError) as error:
        raise _refused(str(error), 0) from error
    except RecursionError as error:
        raise Fault(TOO_DEEP, 1) from error


def _refused(reason: str, line: int) -> Fault:
    known = next((words for said, words in YAML_SAYS.items() if said in reason), None)
    return Fault(NOT_YAML, line, reason=reason) if known is None else Fault(known, line)


def _brackets(text: str) -> int:
    depth = most = 0
    for sign in re.findall(r"[\[{\]}]", text):
        depth = max(0, depth + (1 if sign in "[{" else -1))
        most = max(most, depth)
    return most


class _Composer:
    """Puts values into the containers that are open."""

    def __init__(self) -> None:
        self.open: list[tuple[Mapped | Listed, str]] = []
        """Each with the anchor that names it, "" for none."""
        self.keys: list[str | None] = []
        """Beside each open container, the key that waits for its value."""
        self.merged: dict[int, list[Mapped]] = {}
        self.anchors: dict[str, Any] = {}
        self.documents = 0
        self.root: Any = None

    def take(self, events: Iterator[Any]) -> Any:
        for event in events:
            name = type(event).__name__
            if name == "ScalarEvent":
                self._scalar(event)
            elif name == "MappingStartEvent":
                self._begin(Mapped(_line(event)), event)
            elif name == "SequenceStartEvent":
                self._begin(Listed(_line(event)), event)
            elif name in ("MappingEndEvent", "SequenceEndEvent"):
                self._end()
            elif name == "AliasEvent":
                if event.anchor not in self.anchors:
                    raise Fault(NO_ANCHOR, _line(event), name=str(event.anchor))
                self._put(self.anchors[event.anchor], _line(event))
            elif name == "DocumentStartEvent":
                self.documents += 1
                if self.documents > 1:
                    raise Fault(ONE_DOCUMENT, _line(event))
        return self.root

    def _begin(self, container: Mapped | Listed, event: Any) -> None:
        kind = f"{_TAG}{'map' if isinstance(container, Mapped) else 'seq'}"
        _known_tag(event, (kind, "!"))
        if self._wants_key():
            raise Fault(KEY_IS_A_WORD, container.line)
        if len(self.open) >= MOST_DEPTH:
            raise Fault(TOO_MUCH, container.line)
        self.open.append((container, str(event.anchor or "")))
        self.keys.append(None)

    def _end(self) -> None:
        container, anchor = self.open.pop()
        self.keys.pop()
        if isinstance(container, Mapped):
            for other in self.merged.pop(id(container), ()):
                for key, value in other.items():
                    if key not in container:
                        container[key] = value
                        container.lines[key] = container.line
                self._count(container, other)
        if anchor:
            self.anchors[anchor] = container
        self._put(container, container.line)

    def _scalar(self, event: Any) -> None:
        line = _line(event)
        plain = event.style is None or event.style == ""
        if self._wants_key():
            _known_tag(event, (*_AS_TEXT, f"{_TAG}int", f"{_TAG}bool", f"{_TAG}null"))
            self._key(str(event.value), line, merging=plain and event.value == "<<" and not event.tag)
            value: Any = event.value
        else:
            value = _value(event, plain=plain)
            self._put(value, line)
        if event.anchor:
            self.anchors[str(event.anchor)] = value

    def _wants_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1][0], Mapped) and self.keys[-1] is None

    def _key(self, key: str, line: int, *, merging: bool) -> None:
        container = self.open[-1][0]
        assert isinstance(container, Mapped)
        if not key:
            raise Fault(NO_KEY, line)
        if not merging and key in container.lines:
            raise Fault(TWICE, line, name=key, line_before=container.lines[key])
        self.keys[-1] = _MERGE if merging else key
        if not merging:
            container.lines[key] = line

    def _put(self, value: Any, line: int) -> None:
        if not self.open:
            self.root = value
            return
        container, key = self.open[-1][0], self.keys[-1]
        if isinstance(container, Listed):
            container.append(value)
            container.lines.append(line)
        elif key is None:
            if isinstance(value, Mapped | Listed):
                raise Fault(KEY_IS_A_WORD, line)
            self._key(str(value), line, merging=False)
            return
        else:
            self.keys[-1] = None
            if key == _MERGE:
                self._merge(container, value, line)
                return
            container[key] = value
        self._count(container, value)

    def _count(self, container: Mapped | Listed, value: Any) -> None:
        """What an anchor that is used again and again would grow to is refused before it grows."""
        size, height = (value.size, value.height) if isinstance(value, Mapped | Listed) else (1, 0)
        container.size += size
        container.height = max(container.height, height + 1)
        if container.size > MOST_VALUES or len(self.open) + height > MOST_DEPTH:
            raise Fault(TOO_MUCH, container.line)

    def _merge(self, container: Mapped, value: Any, line: int) -> None:
        sources = value if isinstance(value, Listed) else [value]
        if not all(isinstance(source, Mapped) for source in sources):
            raise Fault(MERGES, line)
        self.merged.setdefault(id(container), []).extend(sources)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _known_tag(event: Any, known: tuple[str, ...]) -> None:
    tag = str(event.tag or "")
    if tag and tag not in known:
        raise Fault(TAG, _line(event), tag=tag)


def _value(event: Any, *, plain: bool) -> Any:
    written, tag = str(event.value), str(event.tag or "")
    if tag in _AS_TEXT or (not tag and not plain):
        return written
    kind = tag.removeprefix(_TAG) if tag.startswith(_TAG) else tag
    if kind in ("", "null", "bool") and written in _WORDS:
        found = _WORDS[written]
        if not kind or (found is None) == (kind == "null"):
            return found
    if kind in ("", "int") and _WHOLE.fullmatch(written):
        return int(written, 0) if written[:2] in ("0o", "0x") else int(written)
    if not kind:
        return written
    if kind not in ("null", "bool", "int"):
        raise Fault(TAG, _line(event), tag=tag)
    raise Fault(NOT_OF_TAG, _line(event), value=written, tag=tag)
