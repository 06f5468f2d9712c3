"""The data files of the plan."""

import random
from functools import cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

#: Every plan is drawn from this seed.
SEED: Final = 1448
FOLDER: Final = Path(__file__).resolve().parents[1] / "data"


@cache
def read(name: str) -> Any:
    """The content of `data/<name>.yaml`, read once (YAML 1.2)."""
    return YAML(typ="safe").load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def generator(number: int) -> random.Random:
    """The random numbers of one plan: the same in every process."""
    return random.Random(SEED + number)  # noqa: S311  (a plan, nothing secret)
