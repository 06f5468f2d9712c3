"""Which combinations of inputs a decision table leaves out, and which it answers twice.

Each input is cut into the pieces that its cells can tell apart (its values; or the points and stretches between the
ends of its intervals), and every combination of pieces is looked at. Exact, not sampled.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from diwan.rules.cells import ORDERED, Cell, Span
from diwan.rules.types import CelType

MAX_COMBINATIONS = 200_000
"""Combinations looked at; a larger table is reported as not checked."""
MAX_FINDINGS = 20
"""Findings of one sort that are listed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know before publishing.

    ``code``: gap (no row holds), overlap (several rows hold where one may), shadowed (the row never fires), unchecked.
    ``rows``: ids of the rows; ``at``: input -> the piece meant, in words. ``blocking``: publishing is refused.
    """

    code: str
    rows: tuple[str, ...] = ()
    at: tuple[tuple[str, str], ...] = ()
    blocking: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an input's range that no cell divides: its words, and a value or span inside."""

    words: str
    value: Any = None
    span: Span | None = None


def pieces(kind: CelType, cells: Sequence[Cell], values: Sequence[Any], low: Any, high: Any) -> list[Piece]:
    """Cut one input into pieces. ``values`` are its declared values; ``low`` and ``high`` its declared range."""
    if kind is CelType.BOOL:
        return [Piece("false", False), Piece("true", True)]
    if kind in ORDERED and not values:
        return _stretches(kind, cells, low, high)
    found = [Piece(str(value), value) for value in values]
    if not values:
        named = sorted({value for cell in cells for value in cell.values or ()})
        found = [Piece(str(value), value) for value in named]
        found.append(Piece("any other", None))
    return found


def _stretches(kind: CelType, cells: Sequence[Cell], low: Any, high: Any) -> list[Piece]:
    ends = {low, high}
    for cell in cells:
        ends.update(cell.values or ())
        for span in cell.spans:
            ends.update((span.low, span.high))
    points = sorted(end for end in ends if end is not None)
    points = [p for p in points if (low is None or p >= low) and (high is None or p <= high)]
    found: list[Piece] = []
    for before, after in itertools.pairwise([None, *points, None]):
        if before is not None:
            found.append(Piece(str(before), before))
        if (before is None and low is not None) or (after is None and high is not None):
            continue
        if _between(kind, before, after):
            found.append(Piece(_words(before, after), None, Span(before, after)))
    return found


def _between(kind: CelType, before: Any, after: Any) -> bool:
    """Whether a value exists strictly between the two."""
    if before is None or after is None or kind is CelType.DOUBLE:
        return True
    return bool((after - before) > (1 if kind is CelType.INT else type(after - before)(1)))


def _words(before: Any, after: Any) -> str:
    if before is None:
        return "anything" if after is None else f"below {after}"
    return f"above {before}" if after is None else f"between {before} and {after}"


def covers(cell: Cell, piece: Piece) -> bool:
    """Whether the whole piece satisfies the cell."""
    if piece.span is None:
        return cell.holds(piece.value)
    if cell.values is None and not cell.spans:
        return True
    inside = any(_within(piece.span, span) for span in cell.spans)
    return inside is not cell.negated


def _within(inner: Span, outer: Span) -> bool:
    if outer.low is not None and (inner.low is None or inner.low < outer.low):
        return False
    return outer.high is None or (inner.high is not None and inner.high <= outer.high)


def examine(
    names: Sequence[str],
    parts: Sequence[Sequence[Piece]],
    rows: Sequence[tuple[str, Sequence[Cell], Any]],
    hit: str,
    *,
    whole: bool,
) -> tuple[Finding, ...]:
    """Gaps (unless ``whole``: something answers where no row holds), overlaps and rows that never fire.

    ``parts``: the pieces of each input; ``rows``: id, a cell for each input, and what it answers.
    """
    if math.prod(len(part) for part in parts) > MAX_COMBINATIONS:
        return (Finding("unchecked"),)
    masks = [
        [
            sum(1 << index for index, (_id, cells, _out) in enumerate(rows) if covers(cells[place], piece))
            for piece in part
        ]
        for place, part in enumerate(parts)
    ]

    def words(combination: Sequence[int]) -> tuple[tuple[str, str], ...]:
        pairs = zip(names, parts, combination, strict=True)
        return tuple((name, part[number].words) for name, part, number in pairs)

    gaps: list[Finding] = []
    overlaps: dict[tuple[str, ...], Finding] = {}
    fires = 0
    for combination in itertools.product(*(range(len(part)) for part in parts)):
        mask = (1 << len(rows)) - 1
        for place, number in enumerate(combination):
            mask &= masks[place][number]
        fires |= mask & -mask if hit == "first" else mask
        if not mask:
            if not whole and hit != "collect" and len(gaps) < MAX_FINDINGS:
                gaps.append(Finding("gap", at=words(combination)))
        elif mask & (mask - 1) and len(overlaps) < MAX_FINDINGS:
            held = [row for index, row in enumerate(rows) if mask >> index & 1]
            ids = tuple(row[0] for row in held)
            if ids not in overlaps and _clash(hit, held):
                overlaps[ids] = Finding("overlap", ids, words(combination), blocking=True)
    shadowed = [Finding("shadowed", (row[0],)) for index, row in enumerate(rows) if not fires >> index & 1]
    return (*gaps, *overlaps.values(), *shadowed)


def _clash(hit: str, held: Sequence[tuple[str, Sequence[Cell], Any]]) -> bool:
    """Whether these rows may not hold at once."""
    return hit == "unique" or (hit == "any" and any(row[2] != held[0][2] for row in held))
