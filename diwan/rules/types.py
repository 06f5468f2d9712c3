"""The types that a rule's variables can have."""

from __future__ import annotations

import enum


class CelType(enum.Enum):
    """Type of a variable, or of a result.

    DATE is a calendar day (bound as midnight UTC, so days compare and subtract exactly); MAP has text keys and values
    of any type, which are only checked when evaluated: prefer dotted variables of a known type. A day or moment inside
    a map or list reads as its ISO text: ``date(lookups.since) < today``.
    """

    BOOL = "bool"
    INT = "int"
    DOUBLE = "double"
    STRING = "string"
    DATE = "date"
    TIMESTAMP = "timestamp"
    DURATION = "duration"
    STRINGS = "list(string)"
    LIST = "list(dyn)"
    MAP = "map(string, dyn)"
    DYN = "dyn"
