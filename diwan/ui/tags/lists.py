"""Lists and frames: key-value list, timeline, stepper, pager, islands of script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import unquote

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from diwan.ui.context import Addresses, banner_texts

register = template.Library()
NUMBER_DIGITS = 6  # the shortest number that a paper of the city bears


@register.inclusion_tag("ui/components/key_values.html")
def key_values(rows: Iterable[Any], label: str = "") -> dict[str, Any]:
    """`{% key_values rows %}`: rows are pairs (label, value) or mappings.

    Keys: `label`, `value`, `was` (the earlier value, marks the row as changed), `change_url` (a "change" link), `note`.
    """
    return {
        "rows": [row if isinstance(row, dict) else {"label": row[0], "value": row[1]} for row in rows],
        "label": label,
    }


@register.inclusion_tag("ui/components/timeline.html", takes_context=True)
def timeline(context: Any, entries: Iterable[Any], label: str = "") -> dict[str, Any]:
    """`{% timeline entries %}`, newest first: each has `what`, `when` (datetime), `who`, `note`, `now` (bool)."""
    return {"entries": entries, "label": label, "ui": context.get("ui")}


@register.inclusion_tag("ui/components/stepper.html")
def stepper(steps: Sequence[Any], current: int, label: str = "") -> dict[str, Any]:
    """`{% stepper steps 2 %}`: titles or pairs (title, url of a step that is done); `current` counts from 1."""
    pairs = [(step, "") if isinstance(step, str) else (step[0], step[1]) for step in steps]
    title = pairs[current - 1][0] if 0 < current <= len(pairs) else ""
    return {"steps": pairs, "current": current, "total": len(pairs), "title": title, "label": label}


@register.inclusion_tag("ui/components/pager.html", takes_context=True)
def pager(context: Any, newer: str = "", older: str = "", total: str = "") -> dict[str, Any]:
    """`{% pager newer=url older=url total="more than 1,000" %}`: keyset pages have two directions and no numbers."""
    return {"newer": newer, "older": older, "total": total, "ui": context.get("ui")}


@register.inclusion_tag("ui/components/doc_viewer.html")
def doc_viewer(papers: Sequence[Any]) -> dict[str, Any]:
    """`{% doc_viewer papers %}` in block `documents`: mappings with `id`, `title`, `url`, `kind` (image or pdf), `new`.

    Without JavaScript a list of links; with it the paper is shown on the page with previous, next, zoom and turn.
    """
    return {"papers": papers}


@register.inclusion_tag("ui/components/player.html")
def player(url: str, label: str) -> dict[str, str]:
    """`{% player url label %}`: a recording to be heard, at the desk with buttons for 1, 1.5 and 2 times the speed."""
    return {"url": url, "label": label}


_STYLES = {"map": "map", "diagram": "workshop"}


@register.simple_tag
def island(name: str) -> SafeString:
    """`{% island "map" %}` in block `head`: the script (and style) of an island; "map" (Leaflet), "desk", "report",
    "diagram" (workflows, with the styles of the console's rooms) and "workshop" (the editor) exist."""
    style = (
        format_html('<link rel="stylesheet" href="{}">', static(f"ui/build/{_STYLES[name]}.css"))
        if name in _STYLES
        else SafeString()
    )
    return format_html('{}<script src="{}" defer></script>', style, static(f"ui/build/{name}.js"))


@register.simple_tag
def address(role: str) -> str:
    """`{% address "search" as url %}`: the address of a role (context.URL_NAMES), "" when it does not exist."""
    return Addresses()[role]


@register.filter
def meant(path: str) -> str:
    """What a mistyped address is about, for the search box of the "not found" page: a number in it, else its words."""
    words = re.split(r"[/_.\-+]+", unquote(str(path or "")))
    numbers = [word for word in words if word.isdecimal() and len(word) >= NUMBER_DIGITS]
    if numbers:
        return max(numbers, key=len)[:120]
    return " ".join(word for word in words if word and word not in ("ar", "en", "html", "index"))[:120]


@register.simple_tag(name="banner_texts")
def banner_of_page() -> list[str]:
    """`{% banner_texts as banner %}`: the banner's texts on a page that is drawn without context processors (500)."""
    return banner_texts((get_language() or settings.LANGUAGE_CODE)[:2])
