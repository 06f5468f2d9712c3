"""Sound in WebM (RFC 8794, 9559): Opus or Vorbis as Chrome records it, clusters of unknown size and no length."""

from collections.abc import Iterator
from dataclasses import dataclass

from diwan.files.audio_bytes import BadContainer, Budget, Cursor, NotOnlySound

HEADER, DOC_TYPE = 0x1A45DFA3, 0x4282
SEGMENT, INFO, SCALE, TRACKS, TRACK, TRACK_TYPE, CODING = (
    0x18538067, 0x1549A966, 0x2AD7B1, 0x1654AE6B, 0xAE, 0x83, 0x86,
)  # fmt: skip
CLUSTER, TIME, SIMPLE_BLOCK, BLOCK_GROUP, BLOCK = 0x1F43B675, 0xE7, 0xA3, 0xA0, 0xA1
SOUND = 2
CODINGS = (b"A_OPUS", b"A_VORBIS")
_OF_SEGMENT = frozenset((CLUSTER, INFO, TRACKS, 0x1C53BB6B, 0x1254C367, 0x114D9B74, 0x1043A770, 0x1941A469))
_OPEN_ENDED = (SEGMENT, CLUSTER)


@dataclass(slots=True)
class _Told:
    scale: int = 1_000_000
    tracks: int = 0
    last: int = 0


def seconds_of(data: bytes) -> float:
    """The length in seconds: the time of the last block. Raises NotOnlySound, BadContainer."""
    cursor, budget, told = Cursor.over(data), Budget(), _Told()
    kinds = []
    for kind, content in _elements(cursor, budget):
        kinds.append(kind)
        if kind == HEADER:
            _refuse_other_documents(content, budget)
        elif kind == SEGMENT:
            _segment(content, told, budget)
    if kinds[:2] != [HEADER, SEGMENT] or not told.tracks:
        raise BadContainer
    return told.last * told.scale / 1e9


def _refuse_other_documents(header: Cursor, budget: Budget) -> None:
    types = [content.rest() for kind, content in _elements(header, budget) if kind == DOC_TYPE]
    if [found.rstrip(b"\x00") for found in types] != [b"webm"]:
        raise NotOnlySound


def _segment(cursor: Cursor, told: _Told, budget: Budget) -> None:
    for kind, content in _elements(cursor, budget):
        if kind == INFO:
            for inner, value in _elements(content, budget):
                told.scale = _whole(value) if inner == SCALE else told.scale
        elif kind == TRACKS:
            for inner, value in _elements(content, budget):
                if inner == TRACK:
                    _track(value, told, budget)
        elif kind == CLUSTER:
            _cluster(content, told, budget)


def _track(cursor: Cursor, told: _Told, budget: Budget) -> None:
    found = {kind: value.rest() for kind, value in _elements(cursor, budget) if kind in (TRACK_TYPE, CODING)}
    if int.from_bytes(found.get(TRACK_TYPE, b""), "big") != SOUND or found.get(CODING) not in CODINGS:
        raise NotOnlySound
    told.tracks += 1


def _cluster(cursor: Cursor, told: _Told, budget: Budget) -> None:
    started = 0
    for kind, content in _elements(cursor, budget):
        if kind == TIME:
            started = _whole(content)
        elif kind == SIMPLE_BLOCK:
            _block(content, started, told)
        elif kind == BLOCK_GROUP:
            for inner, value in _elements(content, budget):
                if inner == BLOCK:
                    _block(value, started, told)
        told.last = max(told.last, started)


def _block(content: Cursor, started: int, told: _Told) -> None:
    _sized(content)
    told.last = max(told.last, started + int.from_bytes(content.take(2), "big", signed=True))


def _elements(cursor: Cursor, budget: Budget) -> Iterator[tuple[int, Cursor]]:
    """Id and content; what has no size ends where something of the level above begins."""
    while cursor:
        budget.spend()
        kind = _id(cursor)
        size = _sized(cursor)
        if size is not None:
            yield kind, cursor.within(size)
        elif kind == SEGMENT:
            yield kind, cursor.within(cursor.end - cursor.at)
        elif kind in _OPEN_ENDED:
            yield kind, cursor.within(_until_next(cursor, budget) - cursor.at)
        else:
            raise BadContainer


def _until_next(cursor: Cursor, budget: Budget) -> int:
    """Where a cluster of unknown size ends."""
    probe = Cursor(cursor.data, cursor.at, cursor.end)
    while probe:
        budget.spend()
        start = probe.at
        if _id(probe) in _OF_SEGMENT:
            return start
        size = _sized(probe)
        if size is None:
            raise BadContainer
        probe.take(size)
    return probe.end


def _id(cursor: Cursor) -> int:
    first = cursor.number(1)
    length = 9 - first.bit_length()
    if not 1 <= length <= 4:
        raise BadContainer
    return int.from_bytes(bytes([first]) + cursor.take(length - 1), "big")


def _sized(cursor: Cursor) -> int | None:
    """A size or track number with its length mark taken off; None for "unknown"."""
    first = cursor.number(1)
    length = 9 - first.bit_length()
    if not 1 <= length <= 8:
        raise BadContainer
    value = int.from_bytes(bytes([first & ((1 << (8 - length)) - 1)]) + cursor.take(length - 1), "big")
    return None if value == (1 << (7 * length)) - 1 else value


def _whole(cursor: Cursor) -> int:
    found = cursor.rest()
    if len(found) > 8:
        raise BadContainer
    return int.from_bytes(found, "big")
