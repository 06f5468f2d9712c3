"""What the architecture tests know of the sources: the order of the layers, the files, their syntax trees."""

import ast
import configparser
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "diwan"


@cache
def ranks() -> dict[str, int]:
    """Package name to its height, read from the contract that the linter holds: the higher may use the lower."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    lines = parser["importlinter:contract:layers"]["layers"].strip().splitlines()
    order = [[name.strip(" ()") for name in line.split("|")] for line in lines]
    return {name: len(order) - height for height, names in enumerate(order) for name in names}


def package_of(dotted: str) -> str:
    """`diwan.people.models` is of the package `people`; what is not ours has no name."""
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "diwan" else ""


def may_use(user: str, used: str) -> bool:
    """Whether one package may refer to another: itself and lower ones, never a sibling, never a higher one."""
    if not used or user == used:
        return True
    return ranks()[user] > ranks()[used]


def tracked() -> list[Path]:
    """Files that are in the repository or would be added to it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    names = sorted({name for name in listed.decode().split("\0") if name})
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def sources(*folders: str) -> list[Path]:
    """Python files of the named top-level folders, migrations apart."""
    return [
        path
        for path in tracked()
        if path.suffix == ".py"
        and path.relative_to(ROOT).parts[0] in folders
        and "migrations" not in path.parts
    ]


def parsed(*folders: str) -> Iterator[tuple[str, str, ast.Module]]:
    """(relative path, text, syntax tree) of the Python files of the named folders."""
    for path in sources(*folders):
        text, tree = _read(path)
        yield str(path.relative_to(ROOT)), text, tree


@cache
def _read(path: Path) -> tuple[str, ast.Module]:
    """Text and tree of a file, read once: many tests look at all of them. Nobody changes a tree."""
    text = path.read_text(encoding="utf-8")
    return text, ast.parse(text)


def show(faults: list[str]) -> str:
    """Faults as the message of an assertion."""
    return "\n".join(["", *faults])
