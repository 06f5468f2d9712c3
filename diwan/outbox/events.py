"""The declared events. An event that nobody declared is refused, so that a name cannot be mistyped unnoticed.

A package declares its own in its `events.py`: `BILL_PAID = declare("payments.bill.paid", version=1, about="...")`.
"""

import re
from dataclasses import dataclass

_NAME = re.compile(r"[a-z]+(?:\.[a-z_]+){2}")
_declared: dict[str, "EventKind"] = {}


class UndeclaredEvent(Exception):
    """An event name or version that no package declared: a fault of the program, not of a person."""


@dataclass(frozen=True, slots=True)
class EventKind:
    """One declared event: `<package>.<object>.<what happened>`, its newest version, and what it means.

    `outward` are the keys of its data that partners get; an event without any stays inside.
    """

    name: str
    version: int
    about: str
    keys: tuple[str, ...]
    outward: tuple[str, ...] = ()


def declare(
    name: str, *, about: str, keys: tuple[str, ...] = (), version: int = 1, outward: tuple[str, ...] = ()
) -> str:
    """Declare an event and return its name. `keys` are the keys of its data: ids and codes only.

    `outward`: those of them that mean something outside and may go to partners; `case` goes as the public number,
    with the service and the municipality of the case beside it.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"an event is named package.object.happened, not {name!r}")
    if set(outward) - set(keys):
        raise ValueError(f"{name} can't give out {sorted(set(outward) - set(keys))}: it has none of these")
    known = _declared.get(name)
    kind = EventKind(name=name, version=version, about=about, keys=keys, outward=outward)
    if known is not None and known != kind:
        raise ValueError(f"{name} is declared twice, differently")
    _declared[name] = kind
    return name


def kind_of(name: str) -> EventKind:
    """The declaration of an event; UndeclaredEvent when there is none."""
    try:
        return _declared[name]
    except KeyError:
        raise UndeclaredEvent(f"{name} is not a declared event") from None


def declared() -> dict[str, EventKind]:
    """Every declared event by name."""
    return dict(sorted(_declared.items()))
