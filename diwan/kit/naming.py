"""A name that is none of the known ones: which one is meant, or all of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from diwan.kit.errors import N_, Problem

KEY = (N_("Unknown key {name}. Known keys: {known}."), N_("Unknown key {name}. Do you mean {near}?"))
VALUE = (N_("Unknown value {name}. Known: {known}."), N_("Unknown value {name}. Do you mean {near}?"))


def unknown(name: str, known: Iterable[str], *, is_key: bool = False) -> Problem:
    """`unknown_key` or `unknown_value` with all known names; `_near` when one of them is much like it."""
    names, (all_of_them, nearest) = sorted(known), KEY if is_key else VALUE
    code = "unknown_key" if is_key else "unknown_value"
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return Problem(f"{code}_near", nearest, {"name": name, "near": near[0]})
    return Problem(code, all_of_them, {"name": name, "known": ", ".join(names) or "—"})
