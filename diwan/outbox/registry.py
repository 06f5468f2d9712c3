"""Who hears which event. A handler is a plain function of a delivered event; it remembers nothing itself."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from diwan.outbox.events import kind_of

_NAME = re.compile(r"[a-z_]+(?:\.[a-z_]+)+")


@dataclass(frozen=True, slots=True)
class Delivered:
    """An event as a handler sees it: ids and codes only."""

    id: int
    name: str
    version: int
    subject: str
    data: Mapping[str, Any]
    at: datetime


type Handler = Callable[[Delivered], None]


@dataclass(frozen=True, slots=True)
class Registered:
    """One handler under its lasting name, and the events it hears."""

    name: str
    events: frozenset[str]
    run: Callable[[Delivered], None]


_handlers: dict[str, Registered] = {}


def handles(
    *events: str, name: str
) -> Callable[[Callable[[Delivered], None]], Callable[[Delivered], None]]:
    """Register a function as the handler `name` (`cases.payment`) of the events.

    It is called inside a transaction of its own together with the note that it has run; it may be called again for
    the same event only when that transaction was rolled back. The name is stored: never rename it.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"a handler is named package.purpose, not {name!r}")
    for event in events:
        kind_of(event)

    def register(run: Callable[[Delivered], None]) -> Callable[[Delivered], None]:
        known = _handlers.get(name)
        if known is not None and known.run.__qualname__ != run.__qualname__:
            raise ValueError(f"two handlers are named {name}")
        _handlers[name] = Registered(name=name, events=frozenset(events), run=run)
        return run

    return register


def handlers() -> dict[str, Registered]:
    """Every registered handler by name."""
    return dict(sorted(_handlers.items()))
