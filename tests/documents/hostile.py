"""Files without end: loops of objects, towers of brackets, a gigabyte in a thimble."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable


def _file(*objects: bytes, trailer: bytes = b"<</Root 1 0 R/Size 9>>") -> bytes:
    """A whole PDF of numbered objects, with a table."""
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    lines = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, lines)
    return out + table + b"trailer\n" + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % len(out)


def _stream(data: bytes, entries: bytes) -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


@functools.cache
def _gigabyte() -> bytes:
    """1 GB of zeros, packed."""
    packer = zlib.compressobj(1)
    packed = [packer.compress(bytes(8 * 1024 * 1024)) for _ in range(128)]
    return b"".join([*packed, packer.flush()])


def bomb(layers: int = 1) -> bytes:
    """A stream of 1 GB, packed once or twice, where the catalogue is looked for."""
    data = _gigabyte()
    for _ in range(layers - 1):
        data = zlib.compress(data, 9)
    filters = b"[" + b"/FlateDecode " * layers + b"]"
    body = b"%PDF-1.7\n"
    held = _stream(data, b"/Type/ObjStm/N 1/First 4/Filter " + filters)
    place = len(body)
    body += b"2 0 obj\n%s\nendobj\n" % held
    begin = len(body)
    rows = b"".join(
        bytes([kind]) + where.to_bytes(4, "big") + bytes([more])
        for kind, where, more in ((0, 0, 255), (2, 2, 0), (1, place, 0), (1, begin, 0))
    )
    table = _stream(rows, b"/Type/XRef/Size 4/W[1 4 1]/Root 1 0 R")
    return body + b"3 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, begin)


_FORM = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>"
_PAGES = b"<</Type/Pages/Kids[2 0 R]/Count 1>>"
LOOPS: dict[str, Callable[[], bytes]] = {
    "an object is itself": lambda: _file(b"1 0 R"),
    "two objects are each other": lambda: _file(b"2 0 R", b"1 0 R"),
    "pages in themselves": lambda: _file(b"<</Type/Catalog/Pages 2 0 R>>", _PAGES),
    "fields in themselves": lambda: _file(_FORM, _PAGES, b"<</T(x)/FT/Sig/Kids[3 0 R]>>"),
    "a field whose value is the field": lambda: _file(_FORM, _PAGES, b"<</T(x)/FT/Sig/V 3 0 R>>"),
    "a length that is its stream": lambda: _file(b"<</Length 1 0 R>>\nstream\nx\nendstream"),
    "a table before itself": lambda: _file(b"<<>>", trailer=b"<</Root 1 0 R/Size 9/Prev 30>>"),
    "a tower of brackets": lambda: _file(b"[" * 200_000),
    "a tower of dictionaries": lambda: _file(b"<</A " * 100_000),
    "a table without end": lambda: (
        b"%PDF-1.7\nxref\n0 99999999999\n"
        + b"0000000000 65535 f \n" * 400_000
        + b"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF"
    ),
    "a bomb": bomb,
    "a bomb in a bomb": lambda: bomb(2),
}
