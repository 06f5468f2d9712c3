"""The text of a version: as somebody wrote it where that is known, else made from its definition."""

from __future__ import annotations

from diwan.catalogue.models import ServiceVersion, WrittenDraft
from diwan.catalogue.writing import as_yaml


def text_of(version: ServiceVersion) -> str:
    """YAML of a version. With its notes where it was written here; a definition alone has kept none."""
    written = WrittenDraft.objects.filter(version=version, is_whole=True).only("text").first()
    return as_yaml(version.definition) if written is None or version.patch else written.text
