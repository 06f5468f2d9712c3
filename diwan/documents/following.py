"""What may stand behind the last signature of a file: further time stamps, what proves them, and nothing beside.

The library's own judgement of later changes looks for what shows on a page. It passes over what a program tells of the
file (title, author), objects that nothing leads to, words between the objects, and actions of a time stamp's own field.
Here every byte must be of an object that a table names, and every revision may add hidden time stamps alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

_SPACE: Final = rb"(?:[\s\x00]++|%[^\r\n]*+)"
_OBJECT: Final = re.compile(rb"(?<!\d)\d++" + _SPACE + rb"++\d++" + _SPACE + rb"*+obj\b")
"""However it is spelled: with zeros in front, comments or zero bytes between; other programs repair a file by it."""
_HEADER: Final = re.compile(rb"\d{1,10} \d{1,5} obj\b")
_TABLE: Final = re.compile(rb"xref\s+(?:\d+ \d+\s+(?:\d{10} \d{5} [nf][ \r\n]{1,2})*+)++trailer\s+")
_POINTER: Final = re.compile(rb"\s*startxref\s+(\d{1,10})\s+%%EOF")
_WHITE: Final = re.compile(rb"\s*+")
_END_OF_LINE: Final = (b"", b"\n", b"\r", b"\r\n")
_ROOT_MAY_DIFFER: Final = frozenset({"/AcroForm", "/DSS", "/Metadata"})
_STAMP_HAS: Final = frozenset({"/FT", "/T", "/TU", "/Type", "/Subtype", "/F", "/Rect", "/P", "/V"})
_INFO_MAY_DIFFER: Final = frozenset({"/ModDate", "/Producer"})
_ADOBE: Final = "{http://ns.adobe.com/xap/1.0/"
_TOLD_MAY_DIFFER: Final = frozenset(
    {
        _ADOBE + "}ModifyDate",
        _ADOBE + "}MetadataDate",
        _ADOBE + "mm/}InstanceID",
        "{http://ns.adobe.com/pdf/1.3/}Producer",
        "{adobe:ns:meta/}xmptk",
    }
)
"""What a program that adds a time stamp says of itself and of the hour."""


def only_stamps(reader: Any, pdf: bytes, last: Any) -> bool:
    """Whether behind `last`, the last signature that is no time stamp, stand only hidden time stamps with their proofs.

    May raise whatever the reading of a broken file raises.
    """
    begin = int(last.byte_range[2]) + int(last.byte_range[3])
    if not (begin == len(pdf) or _read_in_full(reader, pdf, begin)):
        return False
    revisions = [
        reader.get_historical_resolver(number)
        for number in range(last.signed_revision, reader.xrefs.total_revisions)
    ]
    return all(_adds_stamps(old, new) for old, new in pairwise(revisions))


def _read_in_full(reader: Any, pdf: bytes, begin: int) -> bool:
    """Whether the part from `begin` on is read by everybody alike: it consists of objects that a table names, and of
    tables that the one before the end leads to, with white space between and none behind."""
    parts = dict(_objects(reader, pdf, begin))
    if {found.start() for found in _OBJECT.finditer(pdf, begin)} != set(parts):
        return False
    parts |= dict(_tables(reader, pdf, begin, parts))
    at = begin
    for start in sorted(parts):
        if _white(pdf, at) != start:
            return False
        at = parts[start]
    return pdf[at:] in _END_OF_LINE


def _objects(reader: Any, pdf: bytes, begin: int) -> Iterator[tuple[int, int]]:
    """Begin and end of every object that a table names; one that cannot be read ends where it begins."""
    from pyhanko.pdf_utils import generic

    tables = reader.xrefs
    for revision in range(tables.total_revisions):
        for reference in tables.explicit_refs_in_revision(revision):
            start = tables.get_historical_ref(reference, revision)
            if not isinstance(start, int) or start < begin:
                continue
            header = _HEADER.match(pdf, start)
            if header is None:
                yield start, start
                continue
            reader.stream.seek(_white(pdf, header.end()))
            own = generic.Reference(reference.idnum, reference.generation, reader)
            generic.read_object(reader.stream, own)
            end = _white(pdf, reader.stream.tell())
            yield start, end + len(b"endobj") if pdf.startswith(b"endobj", end) else start


def _tables(reader: Any, pdf: bytes, begin: int, objects: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Begin and end of every table with its pointer and end mark; of one that is an object, of what follows it."""
    from pyhanko.pdf_utils import generic

    for revision in range(reader.xrefs.total_revisions):
        start = reader.xrefs.get_xref_container_info(revision).declared_startxref
        if start < begin:
            continue
        table, end = _TABLE.match(pdf, start), objects.get(start)
        if table is not None:
            reader.stream.seek(table.end())
            generic.read_object(reader.stream, generic.Reference(0, 0, reader))
            end = reader.stream.tell()
        pointer = _POINTER.match(pdf, end) if end is not None else None
        if pointer is None or int(pointer[1]) != start:
            yield start, start
        else:
            yield (start if table is not None else _white(pdf, end or start)), pointer.end()


def _white(pdf: bytes, at: int) -> int:
    """Where the white space from `at` on ends."""
    found = _WHITE.match(pdf, at)
    return found.end() if found else at


def _adds_stamps(old: Any, new: Any) -> bool:
    """Whether one revision makes of the one before it what a time stamp makes, and does make one or adds proofs."""
    before, after = _entry(old.root, "/AcroForm", {}), _entry(new.root, "/AcroForm", {})
    return (
        _alike(old.root, new.root, but=_ROOT_MAY_DIFFER)
        and _alike(_info(old), _info(new), but=_INFO_MAY_DIFFER)
        and _told(old.root) == _told(new.root)
        and _fields_kept(before, after)
        and (
            len(_fields(before)) < len(_fields(after))
            or not _alike(_proofs(old), _proofs(new), but=frozenset())
        )
    )


def _alike(old: Any, new: Any, *, but: frozenset[str]) -> bool:
    """Whether two dictionaries have the same entries, references taken as such."""
    keys = (set(old) | set(new)) - but
    return all(key in old and key in new and old.raw_get(key) == new.raw_get(key) for key in keys)


def _entry(dictionary: Any, key: str, otherwise: Any) -> Any:
    """What stands under the key, behind a reference too."""
    return dictionary[key] if key in dictionary else otherwise  # noqa: SIM401  (`get` leaves a reference)


def _info(revision: Any) -> Any:
    """What the file tells of itself, as of the revision: the table's own reference leads to the newest."""
    trailer = revision.trailer_view
    return revision(trailer.raw_get("/Info").reference) if "/Info" in trailer else {}


def _proofs(revision: Any) -> Any:
    return _entry(revision.root, "/DSS", {})


def _told(root: Any) -> list[tuple[str, str]]:
    """What the file's own description says, in no order, but for the program and the hour."""
    # Imported here as the library does: a C library that this process needs for few files.
    from lxml import etree

    if "/Metadata" not in root:
        return []
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    said = []
    description = root.get_value_as_reference("/Metadata").get_object()
    for element in etree.fromstring(description.data, parser=parser).iter(etree.Element):
        said += [(name, text) for name, text in element.attrib.items() if name not in _TOLD_MAY_DIFFER]
        if element.tag not in _TOLD_MAY_DIFFER:
            said.append((element.tag, (element.text or "").strip()))
        said.append(("", (element.tail or "").strip()))
    return sorted(one for one in said if one[1])


def _fields_kept(old: Any, new: Any) -> bool:
    """Whether a form has the same fields as before, and beside them only hidden time stamps."""
    if not _alike(old, new, but=frozenset({"/Fields"})):
        return False
    before = {_number(raw): found for raw, found in _fields(old)}
    after = {_number(raw): found for raw, found in _fields(new)}
    if not set(before) <= set(after):
        return False
    return all(
        _alike(before[number], found, but=frozenset()) if number in before else _hidden_stamp(found)
        for number, found in after.items()
    )


def _fields(form: Any) -> list[tuple[Any, Any]]:
    fields = _entry(form, "/Fields", [])
    return [(fields.raw_get(place), fields[place]) for place in range(len(fields))]


def _number(reference: Any) -> int:
    """The object's number; a field that is no object of its own raises."""
    return int(reference.idnum)


def _hidden_stamp(field: Any) -> bool:
    """Whether a field is a time stamp that puts nothing on a page and does nothing."""
    rectangle = [float(number) for number in _entry(field, "/Rect", (0, 0, 0, 0))]
    shows = rectangle[0] != rectangle[2] or rectangle[1] != rectangle[3]
    return (
        set(field) <= _STAMP_HAS
        and not shows
        and _entry(field, "/FT", "") == "/Sig"
        and _entry(_entry(field, "/V", {}), "/Type", "") == "/DocTimeStamp"
    )
