"""Faults of a service's text in the reader's words, each with its line."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from diwan.catalogue.queries.texts import Wrong

SHOWN: Final = 100
_SNIPPET: Final = 120


def fault_lines(faults: Sequence[Wrong], text: str) -> list[dict[str, Any]]:
    """What a page and the editor show of each fault. `line` is 0 where nothing of the text is meant, and the last one
    for what is missing behind it; a message that is known in English only says so (`lang`)."""
    lines = text.splitlines()
    return [_line(fault, lines) for fault in faults[:SHOWN]]


def _line(fault: Wrong, lines: list[str]) -> dict[str, Any]:
    own, at = not fault.file and fault.line > 0 and bool(lines), min(fault.line, len(lines))
    words, lang = fault.message, "en"
    if fault.said is not None:
        message, params = fault.said
        words, lang = _(message).format(**params), ""
    return {
        "line": at if own else 0, "words": words, "lang": lang,
        "path": ".".join(str(part) for part in fault.path), "file": fault.file,
        "snippet": lines[at - 1].strip()[:_SNIPPET] if own else "",
    }  # fmt: skip
