"""Whether everything declared is executed: packages above say what they execute, without this one naming them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from diwan.catalogue import registry

Executed = Callable[[], Mapping[str, frozenset[str]]]
_executed: list[Executed] = []


def executes(found: Executed) -> Executed:
    """Register who knows what is executed, by group of kinds (`act`, `template`, `internal`)."""
    _executed.append(found)
    return found


def undeclared() -> list[str]:
    """Sentences on acts and templates that are declared but not executed, or executed but not declared.

    Empty when no package above registered itself (the catalogue alone).
    """
    if not _executed:
        return []
    faults: list[str] = []
    for group in ("act", "template"):
        known = frozenset(name for found in _executed for name in found().get(group, frozenset()))
        faults += [
            f"{group} {name} is declared but nobody executes it"
            for name in sorted(registry.names(group) - known)
        ]
        faults += [
            f"{group} {name} is executed but not declared" for name in sorted(known - registry.names(group))
        ]
    return faults
