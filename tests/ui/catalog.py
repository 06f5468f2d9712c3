"""The Arabic texts for the gallery server, compiled from locale/src into a folder of its own."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tools import messages


def compiled_locale() -> Path:
    """A folder with ar/LC_MESSAGES/django.mo made from the sources as they are now."""
    folder = Path(tempfile.gettempdir()) / f"diwan-ui-{os.geteuid()}"
    messages.TARGET = folder / "ar" / "LC_MESSAGES"  # type: ignore[misc]
    messages.build(messages.used(), messages.translations()[0])
    return folder
