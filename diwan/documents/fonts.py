"""Fonts for printed documents.

The npm packages of IBM Plex ship web fonts cut by script; typst reads TrueType only. The two scripts of one weight
carry the same family name, so each cut is given a family of its own and the templates name both (an Arabic font never
draws Latin digits, a Latin font never draws Arabic).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from fontTools.ttLib import TTFont

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = REPOSITORY / "node_modules" / "@fontsource"
BUILD = Path(__file__).resolve().parent / "build" / "fonts"
WEIGHTS = (400, 500, 600)
CUTS = {
    "Diwan Arabic": "ibm-plex-sans-arabic/files/ibm-plex-sans-arabic-arabic-{weight}-normal.woff",
    "Diwan Latin": "ibm-plex-sans-arabic/files/ibm-plex-sans-arabic-latin-{weight}-normal.woff",
}
_FAMILY_RECORDS = (1, 16, 21)
_FULL_NAME_RECORDS = (3, 4, 6)


def font_files(*, target: Path = BUILD) -> list[Path]:
    """The TrueType files that templates need, whether or not they exist yet."""
    return [target / f"{family.replace(' ', '')}-{weight}.ttf" for family in CUTS for weight in WEIGHTS]


def build_fonts(*, source: Path = PACKAGES, target: Path = BUILD) -> list[Path]:
    """Convert the web fonts of the npm packages to TrueType; files that are already there are kept.

    Raises FileNotFoundError naming the missing web font when the npm packages are not installed.
    """
    target.mkdir(parents=True, exist_ok=True)
    made = []
    for family, pattern in CUTS.items():
        for weight in WEIGHTS:
            path = target / f"{family.replace(' ', '')}-{weight}.ttf"
            if not path.exists():
                _convert(source / pattern.format(weight=weight), path, family=family, weight=weight)
            made.append(path)
    return made


def _convert(source: Path, path: Path, *, family: str, weight: int) -> None:
    """Write one web font as TrueType under its own family name, complete or not at all."""
    font = TTFont(source, recalcTimestamp=False)
    font.flavor = None
    names = font["name"]
    for record in list(names.names):
        if record.nameID in _FAMILY_RECORDS:
            names.setName(family, record.nameID, record.platformID, record.platEncID, record.langID)
        elif record.nameID in _FULL_NAME_RECORDS:
            full = f"{family} {weight}".replace(" ", "-" if record.nameID == 6 else " ")
            names.setName(full, record.nameID, record.platformID, record.platEncID, record.langID)
    font["OS/2"].usWeightClass = weight
    partial = path.with_suffix(f".{os.getpid()}.partial")
    font.save(partial)
    partial.replace(path)


if __name__ == "__main__":
    for file in build_fonts():
        sys.stdout.write(f"{file}\n")
