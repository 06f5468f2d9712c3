"""Plain data <-> elements of ours: ``<diwan:set key="amount" type="number">5</diwan:set>``, exactly reversible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from diwan.bpmn.names import ours

SET = ours("set")


def write(parent: etree._Element, value: Mapping[str, Any]) -> None:
    """Append one element a key."""
    for key, item in value.items():
        _write(parent, item, key)


def _write(parent: etree._Element, value: Any, key: str | None) -> None:
    element = etree.SubElement(parent, SET)
    if key is not None:
        element.set("key", key)
    if isinstance(value, bool):
        element.set("type", "flag")
        element.text = "true" if value else "false"
    elif isinstance(value, int):
        element.set("type", "number")
        element.text = str(value)
    elif isinstance(value, str):
        element.text = value
    elif isinstance(value, Mapping):
        element.set("type", "map")
        write(element, value)
    else:
        element.set("type", "list")
        for item in value:
            _write(element, item, None)


def read(parent: etree._Element) -> dict[str, Any]:
    """What `write` has written below ``parent``. Raises ValueError for anything else."""
    found: dict[str, Any] = {}
    for element in parent.iterchildren(SET):
        key = element.get("key")
        if key is None or key in found:
            raise ValueError(key)
        found[key] = _read(element)
    return found


def _read(element: etree._Element) -> Any:
    kind, text = element.get("type", "text"), element.text or ""
    if kind == "map":
        return read(element)
    if kind == "list":
        return [_read(item) for item in element.iterchildren(SET)]
    if kind == "flag":
        return {"true": True, "false": False}[text]
    if kind == "number":
        return int(text)
    if kind != "text":
        raise ValueError(kind)
    return text
