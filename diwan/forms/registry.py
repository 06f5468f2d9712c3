"""Field kinds: one class each, registered by name.

A new kind is a class in `diwan/forms/kinds/`, a template in `templates/forms/`, its messages in
`locale/src/forms.yaml` and a
test; nothing else names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any, ClassVar

from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.options import Option
from diwan.forms.plan import Field
from diwan.forms.raw import Raw
from diwan.kit.dates import Part
from diwan.kit.errors import N_
from diwan.rules.types import CelType


class FieldKind:
    """One kind of question. Values are JSON without floats (decimals are text, money whole halalas); None is
    "no answer".

    Subclasses override `read` (raises InvalidValue) and what else differs.
    """

    name: ClassVar[str]
    title: ClassVar[Text]
    about: ClassVar[str]
    template: ClassVar[str] = "forms/text.html"
    options: ClassVar[tuple[Option, ...]] = ()
    missing: ClassVar[str] = N_("Write an answer here.")
    cel_type: ClassVar[CelType] = CelType.STRING
    parts: ClassVar[tuple[str, ...]] = ()

    def read(self, raw: Raw, field: Field, context: FormContext) -> Any:
        """The value typed, or None when nothing was typed. Raises InvalidValue."""
        return raw.one(field.key) or None

    def well_formed(self, value: Any) -> bool:
        """Whether a stored value has the JSON shape of this kind at all; others count as absent."""
        return isinstance(value, str)

    def check(self, value: Any, field: Field, context: FormContext) -> None:
        """Raise InvalidValue for a stored value that does not hold (any more), e.g. a lookup row that ended."""
        self.read(Raw(self.raw(value, field)), field, context)

    def schema(self, field: Field) -> dict[str, Any]:
        """JSON Schema of an answer as a program sends it (`read_json`); what only `read` can tell is left to it."""
        return {"type": "string", "description": self.about}

    def raw(self, value: Any, field: Field) -> dict[str, str | list[str]]:
        """The inputs as a person would have typed them for `value` (of any JSON type)."""
        return {} if value is None else {field.key: str(value)}

    def show(self, value: Any, field: Field, language: str, context: FormContext) -> tuple[Part, ...]:
        """The value in words, in parts that say which run must be isolated left to right."""
        return () if value is None else (Part(str(value)),)

    def changed(self, before: Any, after: Any) -> bool:
        """Whether two values differ for a reader."""
        return bool(before != after)

    def variables(self, field: Field) -> Mapping[str, CelType]:
        """Suffix ("" or ".part") -> type of the CEL variables of the field."""
        return {"": self.cel_type}

    def bind(self, value: Any, field: Field) -> Any:
        """An answer as rules read it: one value, or a mapping by part. Absent answers are not bound at all."""
        return value

    def widget(self, field: Field, raw: Raw, language: str, context: FormContext) -> Mapping[str, Any]:
        """What the template needs besides label, help and errors."""
        return {"text": raw.one(field.key)}


_KINDS: dict[str, FieldKind] = {}


def register(cls: type[FieldKind]) -> type[FieldKind]:
    """Class decorator: make the kind known. A second kind of the same name is refused."""
    if cls.name in _KINDS:
        raise ValueError(f"field kind {cls.name} is registered twice")
    _KINDS[cls.name] = cls()
    return cls


def kind(name: str) -> FieldKind:
    """The field kind of that name; KeyError when there is none."""
    if not _KINDS:
        _load()
    return _KINDS[name]


def kinds() -> Iterable[FieldKind]:
    """Every field kind, by name."""
    _load()
    return [_KINDS[name] for name in sorted(_KINDS)]


def _load() -> None:
    """The kinds import this module to register themselves, so they are imported when they are first asked for."""
    import_module("diwan.forms.kinds")
