"""What a workflow may name: given by the catalogue at publish time, so that a wrong name is found then."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from diwan.rules.types import CelType


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Known names. None means "not checked" (the parts of a service may be compiled on their own).

    ``variables`` type the rules (dotted names, see `diwan.rules`); ``tables`` maps a decision table's name to the
    values it can answer.
    """

    variables: Mapping[str, CelType] | None = None
    tables: Mapping[str, Set[str]] | None = None
    acts: Mapping[str, Set[str]] | None = None
    """Registered automatic act -> outcomes it can answer."""
    roles: Set[str] | None = None
    reasons: Set[str] | None = None
    notices: Set[str] | None = None
    checklists: Set[str] | None = None
    entities: Set[str] | None = None
    templates: Set[str] | None = None
    fields: Set[str] | None = None
    guards: Set[str] | None = None
    services: Set[str] | None = None
    """Internal services of which a step may open a case."""
