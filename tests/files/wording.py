"""The Arabic of a package, read from its source file."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

SOURCES = Path(__file__).resolve().parents[2] / "locale" / "src"


def arabic(package: str) -> dict[str, Any]:
    """Message ids of one package with their Arabic."""
    found: dict[str, Any] = YAML(typ="safe").load((SOURCES / f"{package}.yaml").read_text(encoding="utf-8"))
    return found
