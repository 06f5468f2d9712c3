"""What a file is, by its first bytes. The name and what the browser claims are never asked."""

from collections.abc import Mapping

from diwan.files.errors import (
    ArchiveRefused,
    KindNotAccepted,
    OfficeFileRefused,
    OnlyAudio,
    OnlyImage,
    OnlyPdf,
    ProgramRefused,
    UploadRefused,
    WebPageRefused,
)
from diwan.files.rules import AUDIO, IMAGE, PDF, SlotRules

#: Bytes that `media_type_of` looks at.
HEAD = 4096
HEIC_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))
SOUND_BRANDS = frozenset(
    (b"M4A ", b"mp41", b"mp42", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"dash", b"M4B ")
)
KIND_OF = {
    "application/pdf": PDF,
    "image/jpeg": IMAGE,
    "image/png": IMAGE,
    "image/webp": IMAGE,
    "image/heic": IMAGE,
    "audio/webm": AUDIO,
    "audio/ogg": AUDIO,
    "audio/mp4": AUDIO,
}
PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!",
    b"dex\n",
    b"\x00asm",
    b"L\x00\x00\x00\x01\x14\x02",
)
ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
OFFICE = (b"\xd0\xcf\x11\xe0", b"{\\rtf")
OFFICE_PARTS = (b"[Content_Types].xml", b"word/", b"xl/", b"ppt/", b"mimetypeapplication/vnd.oasis")
WEB = (
    b"<!doctype",
    b"<html",
    b"<head",
    b"<body",
    b"<script",
    b"<svg",
    b"<?xml",
    b"<!--",
    b"<iframe",
    b"<?php",
)


def media_type_of(head: bytes) -> str | None:
    """The media type of an accepted kind of file, or None. `head` is the first `HEAD` bytes or fewer."""
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and _brands(head) & HEIC_BRANDS and b"avif" not in _brands(head):
        return "image/heic"
    return _sound_of(head)


def _sound_of(head: bytes) -> str | None:
    """The container of a recording; whether it holds sound alone is found out by reading it."""
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
        return "audio/webm"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if head[4:8] == b"ftyp" and _brands(head) & SOUND_BRANDS and b"avif" not in _brands(head):
        return "audio/mp4"
    return None


def _brands(head: bytes) -> set[bytes]:
    length = min(int.from_bytes(head[:4], "big"), len(head))
    return {head[8:12], *(head[place : place + 4] for place in range(16, length, 4))}


def refusal_of(head: bytes) -> UploadRefused:
    """The refusal that says best what was found instead of a PDF or photo."""
    table: Mapping[tuple[bytes, ...], type[UploadRefused]] = {
        PROGRAMS: ProgramRefused,
        ARCHIVES: ArchiveRefused,
        OFFICE: OfficeFileRefused,
    }
    for signatures, refusal in table.items():
        if head.startswith(signatures):
            return refusal()
    if head.startswith(b"PK\x03\x04"):
        return OfficeFileRefused() if any(part in head for part in OFFICE_PARTS) else ArchiveRefused()
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = head[2:].replace(b"\x00", b"").lstrip().lower()
    if text.startswith(WEB) or b"<svg" in text or b"<script" in text:
        return WebPageRefused()
    return KindNotAccepted()


def accepted_type(head: bytes, rules: SlotRules) -> str:
    """The media type when this slot takes it; raises the refusal otherwise."""
    found = media_type_of(head)
    if found is not None and KIND_OF[found] in rules.kinds:
        return found
    refusal = refusal_of(head) if found is None else KindNotAccepted()
    if type(refusal) is not KindNotAccepted:
        raise refusal
    if rules.kinds == (AUDIO,):
        raise OnlyAudio
    if found is not None and KIND_OF[found] != AUDIO and rules.kinds in ((PDF,), (IMAGE,)):
        raise OnlyPdf() if rules.kinds == (PDF,) else OnlyImage()
    raise refusal
