"""The data files of the plan."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

FOLDER: Final = Path(__file__).resolve().parents[1] / "data"


@cache
def read(name: str) -> Any:
    """The content of `data/<name>.yaml`, read once (YAML 1.2)."""
    return YAML(typ="safe").load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
