"""What is typed on the page of the work, as it is kept while it is being typed."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest

_TEXTS: Final = ("far_why", "reason", "bounce_note")
LONGEST: Final = 1000
MOST_TICKS: Final = 10


def typed_content(request: HttpRequest) -> dict[str, Any]:
    """Everything typed on the page, in the shape of the engine's note draft."""
    post = request.POST
    inputs = {name: post.get(name, "")[:LONGEST] for name in _TEXTS if post.get(name)}
    ticked = [code[:12] for code in post.getlist("quick")[:MOST_TICKS]]
    return {"note": post.get("words", "")[:LONGEST], "inputs": {**inputs, "quick": ticked}}
