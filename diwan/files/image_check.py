"""Photos: decoded, turned upright, written anew without any metadata. Place and time are handed back apart.

Runs in the examiner process only.
"""

import io
import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pi_heif
from PIL import ExifTags, Image, ImageCms, ImageOps

#: A JPEG is decoded at reduced scale, so it may be larger than the other formats.
MAX_MEGAPIXELS = {"image/jpeg": 220, "image/png": 60, "image/webp": 60, "image/heic": 60}
LONGEST_SIDE = 4096
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF"}
WRITTEN_AS = {
    "image/jpeg": "image/jpeg",
    "image/heic": "image/jpeg",
    "image/png": "image/png",
    "image/webp": "image/webp",
}
RIYADH = timezone(timedelta(hours=3))
#: What Pillow's decoders raise on a broken file.
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    RuntimeError,
    EOFError,
    ArithmeticError,
)

pi_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = None  # our own limit by format is asked before anything is decoded


def rewrite(source: str, target: str, *, media_type: str) -> dict[str, Any]:
    """Decode `source`, write `target` without metadata; the answer of the examiner."""
    try:
        with Image.open(source, formats=[FORMATS[media_type]]) as image:
            limit = MAX_MEGAPIXELS[media_type]
            if image.width * image.height > limit * 1_000_000:
                return {"refused": "files.image_pixels", "params": {"limit_mp": limit}}
            private = private_facts(image)
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            image.load()
            upright = ImageOps.exif_transpose(image)
            written = _write(_bounded(_plain_colours(upright)), target, WRITTEN_AS[media_type])
    except UNREADABLE:
        return {"refused": "files.damaged", "params": {}}
    return {"media_type": written, "private": private, "rewritten": True}


def _plain_colours(image: Image.Image) -> Image.Image:
    """RGB or RGBA in sRGB: phones photograph in wider colour spaces, which are lost with the profile."""
    wanted = "RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            converted = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB" if image.mode == "CMYK" else image.mode,
            )
            image = converted or image
        except (ImageCms.PyCMSError, OSError):
            pass
    return image if image.mode == wanted else image.convert(wanted)


def _bounded(image: Image.Image) -> Image.Image:
    if max(image.size) > LONGEST_SIDE:
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return image


def _write(image: Image.Image, target: str, media_type: str) -> str:
    """Save the pixels alone; nothing of the old file's metadata is handed to the writer."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    if media_type == "image/jpeg":
        bare.convert("RGB").save(target, "JPEG", quality=85, progressive=True)
    elif media_type == "image/png":
        bare.save(target, "PNG")
    else:
        bare.save(target, "WEBP", quality=85)
    return media_type


def private_facts(image: Image.Image) -> dict[str, Any]:
    """`{"gps": {"lat", "lng"}, "taken_at": ISO 8601, "camera"}` as far as the photo says so."""
    facts: dict[str, Any] = {}
    try:
        exif = image.getexif()
        place = _place(dict(exif.get_ifd(ExifTags.IFD.GPSInfo)))
        if place:
            facts["gps"] = place
        taken = _taken(dict(exif.get_ifd(ExifTags.IFD.Exif)))
        if taken:
            facts["taken_at"] = taken
        camera = " ".join(_text(exif.get(tag)) for tag in (ExifTags.Base.Make, ExifTags.Base.Model)).strip()
        if camera:
            facts["camera"] = camera[:80]
    except UNREADABLE:
        return facts
    return facts


def _text(value: object) -> str:
    shown = str(value or "")
    return "".join(letter for letter in shown if letter.isprintable())[:40]


def _degrees(parts: Any, reference: object, negative: str) -> float | None:
    values = [float(part) for part in parts]
    if len(values) != 3 or not all(math.isfinite(value) for value in values):
        return None
    degrees = values[0] + values[1] / 60 + values[2] / 3600
    return round(-degrees if str(reference).upper().startswith(negative) else degrees, 6)


def _place(gps: dict[int, Any]) -> dict[str, float] | None:
    if ExifTags.GPS.GPSLatitude not in gps or ExifTags.GPS.GPSLongitude not in gps:
        return None
    lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps.get(ExifTags.GPS.GPSLatitudeRef, "N"), "S")
    lng = _degrees(gps[ExifTags.GPS.GPSLongitude], gps.get(ExifTags.GPS.GPSLongitudeRef, "E"), "W")
    if lat is None or lng is None or not -90 <= lat <= 90 or not -180 <= lng <= 180:
        return None
    return {"lat": lat, "lng": lng}


def _taken(exif: dict[int, Any]) -> str | None:
    written = _text(exif.get(ExifTags.Base.DateTimeOriginal))
    try:
        moment = datetime.strptime(written, "%Y:%m:%d %H:%M:%S").replace(tzinfo=RIYADH)
    except ValueError:
        return None
    offset = _text(exif.get(ExifTags.Base.OffsetTimeOriginal))
    try:
        moment = (
            datetime.fromisoformat(moment.replace(tzinfo=None).isoformat() + offset) if offset else moment
        )
    except ValueError:
        return None
    return moment.astimezone(UTC).isoformat()
