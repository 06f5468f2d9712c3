"""Who owns uploads: packages above register a kind of owner, this package asks them before it reads or changes.

An owner is written `<kind>:<id>` (`draft:8f3k2...`, `case:2600000017`). A kind that nobody registered is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass

from diwan.files.errors import NoSuchFile
from diwan.people.actor import Actor

#: (id of the owner, actor) -> whether the actor may.
Permission = Callable[[str, Actor], bool]


@dataclass(frozen=True, slots=True)
class OwnerKind:
    """What may be done with the uploads of one kind of owner. `may_discard` None: never (a case keeps its papers)."""

    name: str
    may_read: Permission
    may_add: Permission
    may_discard: Permission | None = None


_kinds: dict[str, OwnerKind] = {}


def register_owner(kind: OwnerKind) -> None:
    """Make a kind of owner known, from the `ready` of its application."""
    _kinds[kind.name] = kind


def owner_kind(owner: str) -> tuple[OwnerKind, str]:
    """The kind and id of an owner; `NoSuchFile` for a kind that nobody registered."""
    name, _, identity = owner.partition(":")
    if name not in _kinds or not identity:
        raise NoSuchFile
    return _kinds[name], identity


def names() -> list[str]:
    """Every registered kind, sorted."""
    return sorted(_kinds)
