"""Voice notes: the container is read to its end, holds sound alone in a known coding, and is no longer than allowed.

Nothing is decoded and nothing is written anew: browsers record WebM, Ogg or MP4, and play each other's. What a
container may say of place and device stays in it, so a voice note is never public. Runs in the examiner process only.
"""

import math
from pathlib import Path
from typing import Any

from diwan.files import audio_mp4, audio_ogg, audio_webm
from diwan.files.audio_bytes import BadContainer, NotOnlySound

READERS = {
    "audio/webm": audio_webm.seconds_of,
    "audio/ogg": audio_ogg.seconds_of,
    "audio/mp4": audio_mp4.seconds_of,
}
#: Recorders stop a moment late.
GRACE = 2.0


def check(source: str, *, media_type: str, max_seconds: int) -> dict[str, Any]:
    """The answer of the examiner about a file."""
    return check_bytes(Path(source).read_bytes(), media_type=media_type, max_seconds=max_seconds)


def check_bytes(content: bytes, *, media_type: str, max_seconds: int) -> dict[str, Any]:
    """The length in seconds, or why the content is refused."""
    try:
        seconds = READERS[media_type](content)
    except NotOnlySound:
        return {"refused": "files.only_audio", "params": {}}
    except BadContainer:
        return {"refused": "files.damaged", "params": {}}
    if not math.isfinite(seconds) or seconds <= 0:
        return {"refused": "files.damaged", "params": {}}
    if seconds > max_seconds + GRACE:
        return {"refused": "files.audio_length", "params": {"seconds": max_seconds}}
    return {"media_type": media_type, "private": {"seconds": round(seconds, 1)}, "rewritten": False}
