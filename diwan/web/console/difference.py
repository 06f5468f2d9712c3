"""What differs between two versions, line by line of their YAML."""

import difflib
from collections.abc import Mapping
from typing import Any, Final

from diwan.catalogue.queries.texts import as_yaml

AROUND: Final = 3
"""Lines shown before and after each change."""
MOST: Final = 3000
SIGNS: Final = {"+": "added", "-": "gone"}


def difference(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[dict[str, str]]:
    """Lines with their kind: `added`, `gone`, `same`, or `gap` where lines are left out. Empty when nothing differs."""
    old = as_yaml(before).splitlines() if before is not None else []
    lines = difflib.unified_diff(old, as_yaml(after).splitlines(), n=AROUND, lineterm="")
    made: list[dict[str, str]] = []
    for line in list(lines)[2 : MOST + 2]:
        if line.startswith("@@"):
            made.append({"kind": "gap", "text": line.strip("@ ")})
        else:
            made.append({"kind": SIGNS.get(line[:1], "same"), "text": line[1:]})
    return made
