"""Files as people forge them: each function takes an issued file and gives back what an attacker would show."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic as pdf_generic
from pyhanko.pdf_utils import writer as pdf_writer_module
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

generic: Any = pdf_generic
pdf_writer: Any = pdf_writer_module
name = generic.pdf_name
Attack = Callable[[bytes], bytes]
_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


def appended(pdf: bytes, change: Callable[[Any], None]) -> bytes:
    """An incremental update: the signed bytes stay as they are."""
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def a_byte_changed(pdf: bytes) -> bytes:
    """In the first stream, which is what is printed."""
    changed = bytearray(pdf)
    changed[pdf.index(b"stream") + 40] ^= 1
    return bytes(changed)


def a_page_added(pdf: bytes) -> bytes:
    """Appended at the end."""

    def change(writer: Any) -> None:
        empty = writer.add_object(generic.StreamObject(stream_data=b""))
        writer.insert_page(pdf_writer.PageObject(contents=empty, media_box=(0, 0, 595, 842)))

    return appended(pdf, change)


def saved_anew_with_a_page(pdf: bytes) -> bytes:
    """By another program, in one piece."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.add_blank_page()
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def _rectangle() -> Any:
    return generic.ArrayObject([generic.NumberObject(number) for number in (0, 0, 300, 300)])


def a_note_put_on_it(pdf: bytes) -> bytes:
    """An annotation with words of its own."""

    def change(writer: Any) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        note = generic.DictionaryObject(
            {
                name("/Type"): name("/Annot"),
                name("/Subtype"): name("/FreeText"),
                name("/Rect"): _rectangle(),
                name("/Contents"): generic.pdf_string("valid until 2099"),
            }
        )
        page["/Annots"] = generic.ArrayObject([*page["/Annots"], writer.add_object(note)])
        writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))

    return appended(pdf, change)


def the_page_replaced(pdf: bytes) -> bytes:
    """Shadow, replace: the object of the page's contents is written anew."""

    def change(writer: Any) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        page["/Contents"] = writer.add_object(
            generic.StreamObject(stream_data=b"BT (Licence of another) Tj ET")
        )
        writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))

    return appended(pdf, change)


def something_hidden(pdf: bytes) -> bytes:
    """Shadow, hide: a layer over the page is switched off by another catalogue entry."""

    def change(writer: Any) -> None:
        layer = writer.add_object(
            generic.DictionaryObject({name("/Type"): name("/OCG"), name("/Name"): generic.pdf_string("x")})
        )
        off = generic.DictionaryObject({name("/OFF"): generic.ArrayObject([layer])})
        writer.root["/OCProperties"] = generic.DictionaryObject(
            {name("/OCGs"): generic.ArrayObject([layer]), name("/D"): off}
        )
        writer.update_root()

    return appended(pdf, change)


def a_script_added(pdf: bytes) -> bytes:
    """Something that acts when the file is opened."""

    def change(writer: Any) -> None:
        writer.root["/OpenAction"] = generic.DictionaryObject(
            {name("/S"): name("/JavaScript"), name("/JS"): generic.pdf_string("app.alert(1)")}
        )
        writer.update_root()

    return appended(pdf, change)


def the_pages_swapped(pdf: bytes) -> bytes:
    """The pages in another order."""

    def change(writer: Any) -> None:
        pages = writer.root["/Pages"]
        pages["/Kids"] = generic.ArrayObject(reversed(pages["/Kids"]))
        writer.mark_update(writer.root.raw_get("/Pages"))

    return appended(pdf, change)


def the_form_taken_away(pdf: bytes) -> bytes:
    """The signatures are no longer named, while their bytes are still there."""

    def change(writer: Any) -> None:
        del writer.root["/AcroForm"]
        writer.update_root()

    return appended(pdf, change)


def _signature_rewritten(pdf: bytes, field: str, change: Callable[[Any], None]) -> bytes:
    """The signature's dictionary written anew at the end (universal signature forgery)."""

    def rewrite(writer: Any) -> None:
        for reference in writer.root["/AcroForm"]["/Fields"]:
            found = reference.get_object()
            if found["/T"] == field:
                change(found["/V"])
                writer.mark_update(found.raw_get("/V"))

    return appended(pdf, rewrite)


def _without(key: str) -> Attack:
    return lambda pdf: _signature_rewritten(pdf, "Seal", lambda value: value.pop(name(key)))


def _with(key: str, value: Callable[[], Any]) -> Attack:
    return lambda pdf: _signature_rewritten(pdf, "Seal", lambda found: found.update({name(key): value()}))


def _numbers(*values: int) -> Any:
    return generic.ArrayObject([generic.NumberObject(value) for value in values])


class _Literal(generic.PdfObject):  # type: ignore[misc]
    """A string as raw bytes in round brackets, half as long as in hexadecimal digits."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def write_to_stream(self, stream: Any, handler: Any = None, container_ref: Any = None) -> None:
        """As PDF."""
        escaped = re.sub(rb"[()\\\r]", lambda sign: b"\\%03o" % sign.group()[0], self.content)
        stream.write(b"(" + escaped + b")")


def a_stretched_value(pdf: bytes) -> bytes:
    """The seal written anew with its own range, and a value so long that the lengths add up to the whole file."""
    size, made = 0, _stretched(pdf, len(pdf))
    while len(made) != size:
        size = len(made)
        made = _stretched(pdf, size)
    return made


def _stretched(pdf: bytes, size: int) -> bytes:
    def change(writer: Any) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        page["/Contents"] = writer.add_object(
            generic.StreamObject(stream_data=b"BT (Licence of another) Tj ET")
        )
        writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))
        form = writer.root["/AcroForm"]
        seal = next(one for one in form["/Fields"] if one.get_object()["/T"] == "Seal")
        form["/Fields"] = generic.ArrayObject([seal])
        writer.update_container(form)
        value = seal.get_object()["/V"]
        spans = [int(number) for number in value.raw_get("/ByteRange")]
        content = value.raw_get("/Contents").original_bytes
        value["/Contents"] = _Literal(content.ljust((size - spans[1] - spans[3] - 1) // 2, b"\0"))
        writer.mark_update(seal.get_object().raw_get("/V"))

    return appended(pdf, change)


def a_wrapped_value(pdf: bytes) -> bytes:
    """Signature wrapping: the zeros that fill up the seal's value make room for something else."""
    before, after = _ranges(pdf)[-1][:2]
    value = pdf[before:after].rstrip(b"0>") + b"00>"
    room = after - before - len(value)
    return pdf[:before] + value + b"/Evil (x)".ljust(room) + pdf[after:]


def _ranges(pdf: bytes) -> list[tuple[int, int, int]]:
    return [(int(found[1]), int(found[2]), int(found[3])) for found in _RANGE.finditer(pdf)]


def _other_range(change: Callable[[int, int, int], tuple[int, int, int, int]]) -> Attack:
    """The seal's own range with other numbers, written over it."""

    def attack(pdf: bytes) -> bytes:
        found = list(_RANGE.finditer(pdf))[-1]
        numbers = change(*(int(one) for one in found.groups()))
        text = b"/ByteRange [%d %d %d %d]" % numbers
        return pdf[: found.start()] + text.ljust(len(found.group())) + pdf[found.end() :]

    return attack


def _end(pdf: bytes) -> bytes:
    """The last pointer to the table, and the end mark."""
    return pdf[pdf.rindex(b"startxref") :]


RANGES: dict[str, Attack] = {
    "a gap": _other_range(lambda before, after, rest: (0, before - 40, after, rest)),
    "an overlap": _other_range(lambda before, after, rest: (0, before, before - 9, rest)),
    "out of the file": _other_range(lambda before, after, rest: (0, before, after, 10**8)),
    "begins later": _other_range(lambda before, after, rest: (9, before, after, rest)),
    "nothing": _other_range(lambda before, after, rest: (0, 0, 0, 0)),
    "negative": _other_range(lambda before, after, rest: (0, before, after, -1)),
    "two numbers": _with("/ByteRange", lambda: _numbers(0, 100)),
    "six numbers": _with("/ByteRange", lambda: _numbers(0, 10, 20, 10, 40, 10)),
    "no numbers": _with("/ByteRange", lambda: _numbers()),
    "endless": _with("/ByteRange", lambda: _numbers(0, 2**62, 2**62, 2**62)),
}
FORGERIES: dict[str, Attack] = {
    "range taken away": _without("/ByteRange"),
    "value taken away": _without("/Contents"),
    "range null": _with("/ByteRange", generic.NullObject),
    "value null": _with("/Contents", generic.NullObject),
    "value empty": _with("/Contents", lambda: generic.ByteStringObject(b"")),
    "value zeros": _with("/Contents", lambda: generic.ByteStringObject(bytes(64))),
    "another kind": _with("/SubFilter", lambda: name("/adbe.x509.rsa_sha1")),
    "a stretched value": a_stretched_value,
    "a wrapped value": a_wrapped_value,
}
UPDATES: dict[str, Attack] = {
    "a byte changed": a_byte_changed,
    "a page added": a_page_added,
    "saved anew with a page": saved_anew_with_a_page,
    "a note put on it": a_note_put_on_it,
    "the page replaced": the_page_replaced,
    "something hidden": something_hidden,
    "a script added": a_script_added,
    "the pages swapped": the_pages_swapped,
    "the form taken away": the_form_taken_away,
    "objects after the end": lambda pdf: pdf + b"177 0 obj\n<</Type/Page>>\nendobj\n",
    "objects and the old pointer": lambda pdf: pdf + b"177 0 obj\n<</Type/Page>>\nendobj\n" + _end(pdf),
    "another file in front": lambda pdf: b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n" + pdf,
    "the same file twice": lambda pdf: pdf + pdf,
    "cut in the middle": lambda pdf: pdf[: len(pdf) // 2],
    "cut at the end": lambda pdf: pdf[:-40],
}
