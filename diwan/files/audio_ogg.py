"""Sound in Ogg (RFC 3533): one stream of Opus (RFC 7845) or Vorbis, as Firefox records it."""

from diwan.files.audio_bytes import BadContainer, Budget, Cursor, NotOnlySound

OPUS_RATE = 48_000
_UNKNOWN = (1 << 64) - 1


def seconds_of(data: bytes) -> float:
    """The length in seconds. Raises NotOnlySound, BadContainer."""
    cursor, budget = Cursor.over(data), Budget()
    stream, rate, skipped, last = None, 0, 0, 0
    while cursor:
        budget.spend()
        begins, granule, serial, content = _page(cursor)
        if begins:
            if stream is not None:
                raise NotOnlySound
            stream = serial
            rate, skipped = _coding(content)
        elif serial != stream:
            raise BadContainer
        if granule != _UNKNOWN:
            last = max(last, granule)
    if stream is None:
        raise BadContainer
    return max(0, last - skipped) / rate


def _page(cursor: Cursor) -> tuple[bool, int, bytes, bytes]:
    if cursor.take(4) != b"OggS" or cursor.take(1) != b"\x00":
        raise BadContainer
    begins = bool(cursor.number(1) & 2)
    granule = int.from_bytes(cursor.take(8), "little")
    serial = cursor.take(4)
    cursor.take(8)
    length = sum(cursor.take(cursor.number(1)))
    return begins, granule, serial, cursor.take(length)


def _coding(head: bytes) -> tuple[int, int]:
    """Samples a second and those to leave out at the start."""
    if head.startswith(b"OpusHead") and len(head) >= 19:
        return OPUS_RATE, int.from_bytes(head[10:12], "little")
    if head.startswith(b"\x01vorbis") and len(head) >= 16:
        rate = int.from_bytes(head[12:16], "little")
        if rate:
            return rate, 0
        raise BadContainer
    raise NotOnlySound
