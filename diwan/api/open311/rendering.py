"""One structure, two formats: JSON as it is, XML by the names that GeoReport v2 gives to the members of its lists.

Source: GeoReport v2, "JSON Support": JSON is a mapping of the XML by the Spark convention, in which the root element
is left out and a list of equal children becomes an array. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias
from xml.etree import ElementTree

Told: TypeAlias = "str | int | float | bool | Mapping[str, Told] | Sequence[Told] | None"

XML: Final = "xml"
JSON: Final = "json"
FORMATS: Final[Mapping[str, str]] = {
    XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8",
}  # fmt: skip
ONE_OF: Final[Mapping[str, str]] = {
    "services": "service", "attributes": "attribute", "values": "value", "service_requests": "request",
    "service_request_updates": "request_update", "endpoints": "endpoint", "formats": "format", "errors": "error",
}  # fmt: skip
"""Name of a list -> name of each of its children in XML."""
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document may hold, escaped or not."""


def rendered(root: str, told: Told, form: str) -> str:
    """The text of an answer in the format (`xml` or `json`); `root` names the outermost element of the XML."""
    if form == JSON:
        return json.dumps(told, ensure_ascii=False)
    element = ElementTree.Element(root)
    _fill(element, told)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(element, encoding="unicode")


def _fill(element: ElementTree.Element, told: Told) -> None:
    if isinstance(told, Mapping):
        for name, value in told.items():
            _fill(ElementTree.SubElement(element, name), value)
    elif isinstance(told, Sequence) and not isinstance(told, str):
        for value in told:
            _fill(ElementTree.SubElement(element, ONE_OF[element.tag]), value)
    elif isinstance(told, bool):
        element.text = "true" if told else "false"
    elif told is not None:
        element.text = _NOT_XML.sub("", str(told))
