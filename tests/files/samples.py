"""Files as people send them, good and bad, made in memory."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pikepdf
from PIL import ExifTags, Image, TiffImagePlugin


def pdf(pages: int = 1, *, text: str = "") -> bytes:
    """A PDF of blank pages; `text` makes it a content of its own."""
    return changed_pdf(lambda document: None, pages=pages, text=text)


def changed_pdf(
    change: Callable[[pikepdf.Pdf], Any], *, pages: int = 1, text: str = "", **save: Any
) -> bytes:
    """A PDF after `change` was applied to it."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    document.Root.Marker = pikepdf.String(text)
    change(document)
    out = io.BytesIO()
    document.save(out, **({"deterministic_id": "encryption" not in save} | save))
    return out.getvalue()


def photo(
    kind: str = "JPEG",
    *,
    size: tuple[int, int] = (640, 480),
    gps: bool = False,
    orientation: int = 1,
    colour: str = "teal",
    **save: Any,
) -> bytes:
    """A photo, with place, time and camera in its EXIF when `gps`."""
    image = Image.new("RGB", size, colour)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    if gps:
        exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Acme", "Phone 7"
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:20 10:15:00"
        rational = TiffImagePlugin.IFDRational
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLongitudeRef] = "N", "E"
        place[ExifTags.GPS.GPSLatitude] = (rational(21), rational(32), rational(36))
        place[ExifTags.GPS.GPSLongitude] = (rational(39), rational(10), rational(12))
    out = io.BytesIO()
    image.save(out, kind, exif=exif, **save)
    return out.getvalue()


def archive(*names: str) -> bytes:
    """A zip with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return out.getvalue()
