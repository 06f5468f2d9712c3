"""The text by which a service is found."""

from __future__ import annotations

from diwan.catalogue.schema import Definition
from diwan.kit.arabic import normalise, stems


def search_text_of(definition: Definition) -> str:
    """Normalised names, synonyms and summary with their light stems, and the code."""
    texts = (
        definition.name.ar, definition.name.en, *definition.synonyms, definition.summary.ar, definition.summary.en,
        definition.code,
    )  # fmt: skip
    whole = " ".join(texts)
    return " ".join(dict.fromkeys([normalise(whole), *stems(whole)]))
