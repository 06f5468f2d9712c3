"""Recordings as browsers make them, built in memory: containers that are true around silence."""

from __future__ import annotations

import struct


def _element(kind: int, content: bytes, *, open_ended: bool = False) -> bytes:
    size = b"\x01\xff\xff\xff\xff\xff\xff\xff" if open_ended else struct.pack(">Q", 1 << 56 | len(content))
    return kind.to_bytes((kind.bit_length() + 7) // 8, "big") + size + content


def webm(seconds: int = 3, *, track: int = 2, coding: bytes = b"A_OPUS", doc: bytes = b"webm") -> bytes:
    """Chrome's: segment and clusters without a size, no length anywhere."""
    header = _element(0x1A45DFA3, _element(0x4282, doc))
    info = _element(0x1549A966, _element(0x2AD7B1, (1_000_000).to_bytes(3, "big")))
    entry = _element(0xD7, b"\x01") + _element(0x83, bytes([track])) + _element(0x86, coding)
    tracks = _element(0x1654AE6B, _element(0xAE, entry))
    clusters = b""
    for second in range(seconds):
        blocks = b"".join(
            _element(0xA3, b"\x81" + struct.pack(">hB", at, 0x80) + b"\xf8\xff\xfe")
            for at in range(0, 1000, 20)
        )
        started = _element(0xE7, (second * 1000).to_bytes(4, "big"))
        clusters += _element(0x1F43B675, started + blocks, open_ended=True)
    return header + _element(0x18538067, info + tracks + clusters, open_ended=True)


def ogg(seconds: int = 3, *, head: bytes = b"") -> bytes:
    """Firefox's: one stream of Opus in pages."""
    opus = head or b"OpusHead\x01\x01" + struct.pack("<HIhB", 312, 48_000, 0, 0)
    pages = [_page(0, 2, 0, opus), _page(1, 0, 0, b"OpusTags" + bytes(8))]
    pages += [_page(2 + at, 0, 312 + 48_000 * (at + 1), b"\xf8\xff\xfe" * 20) for at in range(seconds)]
    return b"".join(pages)


def _page(number: int, flags: int, granule: int, content: bytes, *, serial: int = 7) -> bytes:
    lacing = [255] * (len(content) // 255) + [len(content) % 255]
    head = b"OggS\x00" + bytes([flags]) + struct.pack("<QIII", granule, serial, number, 0)
    return head + bytes([len(lacing), *lacing]) + content


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def mp4(seconds: int = 3, *, handler: bytes = b"soun", coding: bytes = b"mp4a", whole: bool = True) -> bytes:
    """Safari's: whole, or in fragments of one second."""
    scale = 48_000
    ticks = seconds * scale if whole else 0
    mdhd = _box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, scale, ticks, 0x55C4, 0))
    hdlr = _box(b"hdlr", bytes(8) + handler + bytes(13))
    stsd = _box(b"stsd", struct.pack(">II", 0, 1) + _box(coding, bytes(28)))
    mdia = _box(b"mdia", mdhd + hdlr + _box(b"minf", _box(b"stbl", stsd)))
    mvex = b"" if whole else _box(b"mvex", _box(b"trex", struct.pack(">IIIIII", 0, 1, 1, 960, 0, 0)))
    made = _box(b"ftyp", b"M4A " + bytes(4) + b"isomM4A ") + _box(b"moov", _box(b"trak", mdia) + mvex)
    for _ in range(0 if whole else seconds):
        tfhd, trun = struct.pack(">II", 0x20000, 1), struct.pack(">III", 0x1, 50, 0)
        made += _box(b"moof", _box(b"traf", _box(b"tfhd", tfhd) + _box(b"trun", trun))) + _box(
            b"mdat", bytes(150)
        )
    return made + (_box(b"mdat", bytes(200)) if whole else b"")
