"""What is put behind the seal of an issued file by hand: a revision that no page shows, yet that says something else.

Every table takes the issued file and gives what an attacker would show; the numbers of objects are looked up in it.
"""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable
from typing import Any

import aiohttp
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper

_EVIL = b"BT (Licence of another) Tj ET"
_SPARE = 900
"""Numbers from here on are of no object yet."""


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream as it stands in a file."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


class Opened:
    """An issued file with its parts at hand, as bytes."""

    def __init__(self, pdf: bytes) -> None:
        self.pdf = pdf
        self.reader: Any = PdfFileReader(io.BytesIO(pdf))
        trailer = self.reader.trailer_view
        root = self.reader.root
        self.root, self.info = (trailer.raw_get(key).idnum for key in ("/Root", "/Info"))
        self.form, self.described, self.proofs = (
            root.raw_get(key).idnum for key in ("/AcroForm", "/Metadata", "/DSS")
        )
        self.page: Any = root["/Pages"]["/Kids"][0]
        self.contents = self.page.raw_get("/Contents").idnum
        self.stamp = root["/AcroForm"]["/Fields"].raw_get(-1).idnum

    def written(self, number: int) -> bytes:
        """An object as it stands in the file."""
        out = io.BytesIO()
        self.reader.get_object(Reference(number, 0)).write_to_stream(out, None)
        return out.getvalue()

    def added(self, number: int, entries: bytes) -> bytes:
        """A dictionary with more entries."""
        return self.written(number).rstrip()[:-2] + entries + b">>"

    def update(self, objects: dict[int, bytes], between: bytes = b"", info: bool = True) -> bytes:
        """An update whose table names these objects; something may stand between them and the table."""
        out, lines = self.pdf, b""
        for number, content in objects.items():
            lines += b"%d 1\n%010d 00000 n \n" % (number, len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
        out += between
        last = int(re.findall(rb"startxref\s+(\d+)", self.pdf)[-1])
        told = b"/Info %d 0 R" % self.info if info else b""
        trailer = b"<</Size 999/Root %d 0 R%s/Prev %d>>" % (self.root, told, last)
        return out + b"xref\n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (lines, trailer, len(out))

    def between(self, text: bytes) -> bytes:
        """An update of proofs, which is allowed, with something between its object and its table."""
        return self.update(self.proven(), text)

    def proven(self) -> dict[int, bytes]:
        """One more certificate among the proofs: what is allowed."""
        more = re.sub(rb"/Certs\s*\[", b"/Certs [%d 0 R " % _SPARE, self.written(self.proofs))
        return {self.proofs: more, _SPARE: stream(self.reader.root["/DSS"]["/Certs"][0].data)}


def _title(one: Opened) -> bytes:
    return one.update({one.info: b"<</Title(Licence of another)>>", **one.proven()})


def _described(one: Opened) -> bytes:
    told = one.reader.root.get_value_as_reference("/Metadata").get_object().data
    other = re.sub(rb"Commercial", b"Another's", told)
    return one.update({one.described: stream(other, b"/Type/Metadata/Subtype/XML"), **one.proven()})


def _a_hidden_field(one: Opened) -> bytes:
    form = re.sub(rb"/Fields\s*\[", b"/Fields [901 0 R ", one.written(one.form))
    field = b"<</FT/Sig/T(x)/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/F 132>>"
    return one.update({one.form: form, 901: field, **one.proven()})


def what_nothing_leads_to(one: Opened) -> bytes:
    """Another catalogue, which a program that repairs the file might take."""
    return one.update({901: b"<</Type/Catalog/Pages 902 0 R>>", 902: stream(_EVIL), **one.proven()})


LATER: dict[str, Callable[[Opened], bytes]] = {
    "another title": _title,
    "the title taken away": lambda one: one.update({one.info: b"<<>>", **one.proven()}),
    "another description": _described,
    "marked otherwise": lambda one: one.update(
        {one.root: one.written(one.root).replace(b"/Suspects false", b"/Suspects true"), **one.proven()}
    ),
    "the form drawn anew": lambda one: one.update(
        {one.form: one.added(one.form, b"/NeedAppearances true"), **one.proven()}
    ),
    "a stamp that acts": lambda one: one.update(
        {one.stamp: one.added(one.stamp, b"/AA<</E<</S/JavaScript/JS(1)>>>>"), **one.proven()}
    ),
    "a hidden field": _a_hidden_field,
    "nothing new": lambda one: one.update({one.info: one.written(one.info)}),
    "an object with zeros between": lambda one: one.between(
        b"%d\x000\x00obj\n%s\nendobj\n" % (one.contents, _EVIL)
    ),
    "an object with many zeros": lambda one: one.between(
        b"%012d 0 obj\n%s\nendobj\n" % (one.contents, _EVIL)
    ),
    "another root between": lambda one: one.between(b"trailer\n<</Root 1 0 R>>\n"),
    "white space behind": lambda one: one.pdf + b"\n \n",
}


def stamped(pdf: bytes, *, url: str) -> bytes:
    """With one more time stamp by a service that everybody can ask."""

    async def stamp() -> bytes:
        async with aiohttp.ClientSession() as session:
            stamper: Any = PdfTimeStamper(HTTPTimeStamper(url, session=session))
            out = await stamper.async_timestamp_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), "sha256")
            return bytes(out.getvalue())

    return asyncio.run(stamp())
