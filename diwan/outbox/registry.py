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
    request_id: str = ""


Handler = Callable[[Delivered], None]


@dataclass(frozen=True, slots=True)
class Registered:
    """One handler under its lasting name, and the events it hears."""

    name: str
    events: frozenset[str]
    run: Handler


_handlers: dict[str, Registered] = {}


def handles(*events: str, name: str = "") -> Callable[[Handler], Handler]:
    """Register a function as a handler of the events; `name` is lasting, by default `<module>.<function>`.

    The function is called in a transaction of its own together with the note that it has run; it is called again for
    the same event only when that transaction was rolled back. It must not rely on the order of events.
    """
    for event in events:
        kind_of(event)

    def register(run: Handler) -> Handler:
        lasting = name or f"{run.__module__.removeprefix('diwan.')}.{run.__name__}"
        known = _handlers.get(lasting)
        if not _NAME.fullmatch(lasting):
            raise ValueError(f"a handler is named package.purpose, not {lasting!r}")
        if known is not None and known.run.__qualname__ != run.__qualname__:
            raise ValueError(f"two handlers are named {lasting}")
        _handlers[lasting] = Registered(name=lasting, events=frozenset(events), run=run)
        return run

    return register


def handlers() -> dict[str, Registered]:
    """Every registered handler by name."""
    return dict(sorted(_handlers.items()))
