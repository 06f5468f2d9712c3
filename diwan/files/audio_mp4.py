"""Sound in MP4 (ISO/IEC 14496-12), whole or in fragments, as Safari and recent Chrome record it."""

from dataclasses import dataclass, field

from diwan.files.audio_bytes import BadContainer, Budget, Cursor, NotOnlySound, boxes

CODINGS = (b"mp4a", b"Opus", b"alac")
_WITHIN = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex", b"moof", b"traf")


@dataclass(slots=True)
class _Told:
    """What the boxes say: time scales and lengths by track, handlers, and the length of the fragments in ticks."""

    handlers: list[bytes] = field(default_factory=list)
    codings: list[bytes] = field(default_factory=list)
    scale: int = 0
    ticks: int = 0
    usual: int = 0
    of_fragment: int = 0
    fragments: int = 0


def seconds_of(data: bytes) -> float:
    """The length in seconds. Raises NotOnlySound, BadContainer."""
    told = _Told()
    _read(Cursor.over(data), told, Budget(), 0)
    if not told.handlers or any(handler != b"soun" for handler in told.handlers):
        raise NotOnlySound
    if not told.codings or any(coding not in CODINGS for coding in told.codings):
        raise NotOnlySound
    if not told.scale:
        raise BadContainer
    return max(told.ticks, told.fragments) / told.scale


def _read(cursor: Cursor, told: _Told, budget: Budget, depth: int) -> None:
    for kind, content in boxes(cursor, budget):
        if kind in _WITHIN and depth < 8:
            _read(content, told, budget, depth + 1)
        elif kind in _READERS:
            _READERS[kind](content, told)


def _handler(box: Cursor, told: _Told) -> None:
    box.take(8)
    told.handlers.append(box.take(4))


def _described(box: Cursor, told: _Told) -> None:
    box.take(4)
    count = box.number(4)
    told.codings += [kind for kind, _ in boxes(box, Budget(min(count, 8) + 1))]


def _media_header(box: Cursor, told: _Told) -> None:
    wide = box.number(4) >> 24 == 1
    box.take(16 if wide else 8)
    told.scale = box.number(4)
    ticks = box.number(8 if wide else 4)
    told.ticks = 0 if ticks == (1 << (64 if wide else 32)) - 1 else ticks


def _usual(box: Cursor, told: _Told) -> None:
    box.take(12)
    told.usual = box.number(4)


def _fragment_header(box: Cursor, told: _Told) -> None:
    flags = box.number(4) & 0xFFFFFF
    box.take(4)
    box.take((8 if flags & 0x1 else 0) + (4 if flags & 0x2 else 0))
    told.of_fragment = box.number(4) if flags & 0x8 else told.usual


def _run(box: Cursor, told: _Told) -> None:
    flags = box.number(4) & 0xFFFFFF
    count = box.number(4)
    box.take((4 if flags & 0x1 else 0) + (4 if flags & 0x4 else 0))
    if not flags & 0x100:
        told.fragments += count * told.of_fragment
        return
    others = 4 * sum(1 for bit in (0x200, 0x400, 0x800) if flags & bit)
    for _ in range(count):
        told.fragments += box.number(4)
        box.take(others)


_READERS = {
    b"hdlr": _handler,
    b"stsd": _described,
    b"mdhd": _media_header,
    b"trex": _usual,
    b"tfhd": _fragment_header,
    b"trun": _run,
}
