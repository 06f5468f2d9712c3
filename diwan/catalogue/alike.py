"""Words that mean the same to whoever searches: the lookup `word_synonyms`, which an amanah adds to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from diwan.catalogue.dated_lookups import lookup
from diwan.catalogue.remembered import remembered
from diwan.kit.arabic import light_stem, tokens

LOOKUP: Final = "word_synonyms"


def alike(word: str, on: date) -> tuple[str, ...]:
    """The stems of a normalised word and of those that mean the same on a day; its own comes first."""
    stem = light_stem(word)
    groups = remembered((LOOKUP, on), lambda: _groups(on))
    return groups.get(stem, (stem,))


def _groups(on: date) -> Mapping[str, tuple[str, ...]]:
    """Stem -> the stems of its group, itself first; a stem of two groups means what either holds."""
    found: dict[str, dict[str, None]] = {}
    for row in lookup(LOOKUP, on):
        texts = (row.name.ar, row.name.en, *map(str, row.data.get("synonyms", ())))
        group = [light_stem(words[0]) for text in texts if len(words := tokens(text)) == 1]
        for stem in group:
            found.setdefault(stem, {stem: None}).update(dict.fromkeys(group))
    return {stem: tuple(others) for stem, others in found.items()}
