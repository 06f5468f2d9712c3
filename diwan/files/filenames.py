"""Names of uploads as people gave them, made safe to show and to send back."""

import re
import unicodedata

LONGEST = 120
_EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "audio/webm": ".webm",
    "audio/ogg": ".ogg",
    "audio/mp4": ".m4a",
}
_UNSAFE = re.compile(r'[<>:"|?*]')


def clean(name: str, *, media_type: str) -> str:
    """A name without folders, control and direction marks, ending as its content does: `صك.exe` -> `صك.pdf`."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(
        letter for letter in last if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    shown = " ".join(_UNSAFE.sub(" ", shown).split()).rstrip(". ")
    extension = _EXTENSIONS[media_type]
    stem, dot, tail = shown.rpartition(".")
    if dot and 1 <= len(tail) <= 5 and tail.isascii() and tail.isalnum():
        shown = stem
    return f"{shown[:LONGEST].strip('. ') or 'file'}{extension}"
