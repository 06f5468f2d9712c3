"""The table of `table/*.yaml`, read strictly: every row sorts everybody, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from ruamel.yaml import YAML

from tests.matrix.people import EVERYBODY, KINDS, named

FOLDER = Path(__file__).parent / "table"
EXTRA = ("same", "writes", "unmoved")
WORDS = ("in", "staff-in", "on")


@dataclass(frozen=True)
class Row:
    """What everybody gets who does `method` at the address `view` of one object (empty: the address has none)."""

    view: str
    method: str
    object: str
    answers: Mapping[str, str]
    same: frozenset[str]
    unmoved: frozenset[str]
    writes: frozenset[str]

    @property
    def id(self) -> str:
        """The row's name in messages."""
        return " ".join(part for part in (self.view, self.method, self.object) if part)


def rows() -> list[Row]:
    """Every row of every file."""
    found: list[Row] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for view, methods in YAML(typ="safe").load(path).items():
            for method, cells in methods.items():
                found += _rows(str(view), str(method), cells)
    return found


def by_view() -> dict[str, list[Row]]:
    """Rows by address."""
    found: dict[str, list[Row]] = {}
    for row in rows():
        found.setdefault(row.view, []).append(row)
    return found


def asked_of(rows: Sequence[Row]) -> list[str]:
    """Who asks in `./test`, of the rows of one address and method: all of a kind that is told apart at one of them,
    else one of the kind, another one from address to address."""
    told_apart = [kind for kind in KINDS if any(_told_apart(row, kind) for row in rows)]
    chosen = {kind[crc32(rows[0].view.encode()) % len(kind)] for kind in KINDS if kind not in told_apart}
    return [name for name in EVERYBODY if name in chosen or any(name in kind for kind in told_apart)]


def _told_apart(row: Row, kind: Sequence[str]) -> bool:
    return len({(row.answers[name], name in row.same, name in row.unmoved) for name in kind}) > 1


def _rows(view: str, method: str, cells: Mapping[Any, Any]) -> Iterator[Row]:
    if all(isinstance(value, Mapping) for value in cells.values()):
        for object_, answers in cells.items():
            yield _row(view, method, str(object_), answers)
    else:
        yield _row(view, method, "", cells)


def _row(view: str, method: str, object_: str, cells: Mapping[Any, Any]) -> Row:
    answers: dict[str, str] = {}
    rest = ""
    for status, people in cells.items():
        if status in EXTRA:
            continue
        if not isinstance(status, int) and status not in WORDS:
            raise ValueError(f"{view} {method} {object_}: {status} is no answer")
        if people == "rest":
            rest = str(status)
            continue
        for name in named(people):
            if name in answers:
                raise ValueError(f"{view} {method} {object_}: {name} stands twice")
            answers[name] = str(status)
    for name in EVERYBODY:
        if name not in answers:
            if not rest:
                raise ValueError(f"{view} {method} {object_}: {name} is not named")
            answers[name] = rest
    return Row(
        view, method, object_, answers, _people(cells, "same", answers, rest), _people(cells, "unmoved", answers, rest),
        frozenset(str(cells.get("writes", "")).split()),
    )  # fmt: skip


def _people(cells: Mapping[Any, Any], key: str, answers: Mapping[str, str], rest: str) -> frozenset[str]:
    text = str(cells.get(key, ""))
    if text == "rest":
        return frozenset(name for name, status in answers.items() if status == rest)
    return frozenset(named(text))
