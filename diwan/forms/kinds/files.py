"""Papers and photos: uploads of a document slot. The bytes are checked where they are stored; here only what
is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.options import Option
from diwan.forms.plan import Field
from diwan.forms.raw import Raw
from diwan.forms.registry import FieldKind, register
from diwan.kit.dates import Part
from diwan.kit.errors import N_, InvalidValue, plural_message
from diwan.rules.types import CelType

_TOO_MANY = plural_message(
    "One file is enough here. Remove the others.",
    "At most {most} files are taken here. Remove the others.",
    count="most",
)


@register
class Files(FieldKind):
    """A list of upload ids."""

    name = "file"
    title = Text("مستند أو صورة", "Paper or photo")
    about = "Uploads of a document slot (`documents:` of a service makes these)."
    template = "forms/file.html"
    options = (
        Option("kinds", "codes", "pdf, image"),
        Option("max_mb", "integer", "Largest file in megabytes (10)"),
        Option("least", "integer", "Fewest files (1)"),
        Option("most", "integer", "Most files (1)"),
    )
    missing = N_("Attach this paper.")
    cel_type = CelType.INT

    def read(self, raw: Raw, field: Field, context: FormContext) -> list[str] | None:
        ids = raw.many(field.key)
        most = field.option("most", 1)
        if len(ids) > most:
            raise InvalidValue("forms.file.too_many", _TOO_MANY, most=most)
        return ids or None

    def well_formed(self, value: Any) -> bool:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}, "maxItems": field.option("most", 1)}

    def raw(self, value: Any, field: Field) -> dict[str, str | list[str]]:
        return {} if value is None else {field.key: [str(item) for item in value]}

    def show(self, value: Any, field: Field, language: str, context: FormContext) -> tuple[Part, ...]:
        return (Part(str(len(value)), ltr=True),) if value else ()

    def bind(self, value: Any, field: Field) -> int:
        return len(value)

    def widget(self, field: Field, raw: Raw, language: str, context: FormContext) -> Mapping[str, Any]:
        accept = {"pdf": "application/pdf", "image": "image/jpeg,image/png,image/heic,image/webp"}
        kinds = field.option("kinds", ["pdf", "image"])
        return {
            "accept": ",".join(accept[name] for name in kinds if name in accept),
            "max_mb": field.option("max_mb", 10),
            "most": field.option("most", 1),
            "kinds": kinds,
        }
