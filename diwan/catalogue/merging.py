"""Comparing and merging definitions: what is only wording, and what a new packaged definition changes in a
local one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MISSING = object()
WORDS = frozenset({"synonyms", "icon"})
"""Keys that are wording although they are not bilingual texts."""


def skeleton(value: Any) -> Any:
    """A definition without its words: equal skeletons differ in wording only."""
    if isinstance(value, Mapping):
        if set(value) == {"ar", "en"}:
            return "text"
        return {key: skeleton(item) for key, item in value.items() if key not in WORDS}
    if isinstance(value, list):
        return [skeleton(item) for item in value]
    return value


def only_wording(before: Any, after: Any) -> bool:
    """Whether two definitions differ in words only."""
    return bool(skeleton(before) == skeleton(after))


def merge(base: Any, local: Any, packaged: Any) -> tuple[Any, list[str]]:
    """`packaged` brought into `local`, both made from `base`, with the paths where both changed the same place.

    Where they conflict the local value stands. Lists of keyed items are merged by key, others as a whole.
    """
    conflicts: list[str] = []
    return _merge(base, local, packaged, "", conflicts), conflicts


def _merge(base: Any, local: Any, packaged: Any, path: str, conflicts: list[str]) -> Any:
    if local == packaged or packaged == base:
        return local
    if local == base:
        return packaged
    if isinstance(local, Mapping) and isinstance(packaged, Mapping):
        return _merge_maps(base if isinstance(base, Mapping) else {}, local, packaged, path, conflicts)
    if _keyed(local) and _keyed(packaged):
        before = _by_key(base) if _keyed(base) else {}
        merged = _merge_maps(before, _by_key(local), _by_key(packaged), path, conflicts)
        return list(merged.values())
    conflicts.append(path)
    return local


def _merge_maps(
    base: Mapping[str, Any],
    local: Mapping[str, Any],
    packaged: Mapping[str, Any],
    path: str,
    conflicts: list[str],
) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for key in dict.fromkeys((*local, *packaged)):
        place = f"{path}.{key}" if path else key
        before, ours, theirs = (side.get(key, _MISSING) for side in (base, local, packaged))
        found = _merge(before, ours, theirs, place, conflicts)
        if found is not _MISSING:
            merged[key] = found
    return merged


def _keyed(value: Any) -> bool:
    """Whether it is a list of mappings that all name themselves by `key` or `code`."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, Mapping) and ("key" in item or "code" in item) for item in value)
    )


def _by_key(items: list[Any]) -> dict[str, Any]:
    return {str(item.get("key", item.get("code"))): item for item in items}
