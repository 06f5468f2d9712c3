"""Words that a service no longer has: a case that was moved to another version still tells of steps, answers and papers
of the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diwan.catalogue.models import ServiceVersion
from diwan.catalogue.remembered import remembered
from diwan.flow.table import Text

STEP, PUBLIC, OUTCOME, LABEL = "step", "public", "outcome", "label"
Words = Mapping[tuple[str, str], Text]


def former_text(slug: str, what: str, key: str) -> Text | None:
    """The words that any version of the service has for a step (`STEP`, `PUBLIC`), for `step:outcome` (`OUTCOME`), or
    for a question or paper (`LABEL`); the newest version's, None when none has any."""
    return remembered(("former", slug), lambda: _words(slug)).get((what, key))


def _words(slug: str) -> Words:
    rows = ServiceVersion.objects.filter(service__slug=slug, state=ServiceVersion.State.PUBLISHED)
    found: dict[tuple[str, str], Text] = {}
    for definition, compiled in rows.order_by("number").values_list("definition", "compiled"):
        found |= {
            place: Text(text["ar"], text["en"]) for place, text in _of_version(definition, compiled) if text
        }
    return found


def _of_version(
    definition: Mapping[str, Any], compiled: Mapping[str, Any]
) -> Iterator[tuple[tuple[str, str], Mapping[str, str] | None]]:
    for key, step in ((compiled.get("table") or {}).get("steps") or {}).items():
        yield (STEP, key), step.get("title") or step.get("public")
        yield (PUBLIC, key), step.get("public")
        for outcome, exit_ in (step.get("exits") or {}).items():
            yield (OUTCOME, f"{key}:{outcome}"), exit_.get("label")
    for page in definition.get("pages") or ():
        for group in page.get("groups") or ():
            for field in group.get("fields") or ():
                yield (LABEL, field["key"]), field.get("label")
    for slot in definition.get("documents") or ():
        yield (LABEL, slot["key"]), slot.get("label")
