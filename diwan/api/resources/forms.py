"""The form of a service as JSON Schema (2020-12), and its questions as a program reads them."""

from __future__ import annotations

from typing import Any

from diwan.catalogue.compiled import CompiledService
from diwan.flow.table import Text
from diwan.forms.plan import Field, Group, Page
from diwan.forms.registry import kind

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(service: CompiledService) -> dict[str, Any]:
    """JSON Schema of the answers to a service's form.

    Required is what everybody is asked; what is asked only when a condition holds says so in `x-asked-when` (CEL). What
    a schema cannot say (whether a lease is in force, whether a point lies in the city) is told by the draft.
    """
    placed = list(service.form.placed())
    return {
        "$schema": DIALECT,
        "title": service.name("en"),
        "x-title-ar": service.name("ar"),
        "type": "object",
        "properties": {field.key: _property(service, page, group, field) for page, group, field in placed},
        "required": [
            field.key
            for page, group, field in placed
            if field.required and not field.fixed and not _conditions(page, group, field)
        ],
        "additionalProperties": False,
    }


def _property(service: CompiledService, page: Page, group: Group, field: Field) -> dict[str, Any]:
    found: dict[str, Any] = {**_titles(field.label), **kind(field.kind).schema(field), "x-kind": field.kind}
    if field.help is not None:
        found |= {"x-help": {"ar": field.help.ar, "en": field.help.en}}
    if field.fixed:
        found["readOnly"] = True
    if field.personal:
        found["x-personal"] = True
    if field.option("lookup"):
        found["x-choices"] = f"/api/v1/services/{service.slug}/fields/{field.key}/choices"
    conditions = _conditions(page, group, field)
    if conditions:
        found["x-asked-when"] = conditions
    return found


def _titles(text: Text) -> dict[str, str]:
    return {"title": text.en, "x-title-ar": text.ar}


def _conditions(page: Page, group: Group, field: Field) -> list[str]:
    return [rule for rule in (page.when, group.when, field.when) if rule]
