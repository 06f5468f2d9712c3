"""Identifiers: read by the kit's readers, shown isolated and grouped as on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.plan import Field
from diwan.forms.raw import Raw
from diwan.forms.registry import FieldKind, register
from diwan.kit import ids
from diwan.kit.dates import Part
from diwan.kit.errors import N_, InvalidValue


class _Identifier(FieldKind):
    template = "forms/identifier.html"
    reader: Callable[[str], str]
    shower: Callable[[str], str] = str
    digits = True
    length = 10
    example = ""

    def read(self, raw: Raw, field: Field, context: FormContext) -> str | None:
        typed = raw.one(field.key)
        return type(self).reader(typed) if typed else None

    def show(self, value: Any, field: Field, language: str, context: FormContext) -> tuple[Part, ...]:
        return () if value is None else (Part(type(self).shower(str(value)), ltr=True),)

    def widget(self, field: Field, raw: Raw, language: str, context: FormContext) -> Mapping[str, Any]:
        return {
            "text": raw.one(field.key),
            "digits": self.digits,
            "length": self.length,
            "example": self.example,
        }


def _national_id(text: str) -> str:
    stored = ids.national_id(text)
    if not ids.is_citizen(stored):
        raise InvalidValue(
            "forms.national_id.iqama",
            N_("This is a resident's iqama. A citizen's id, starting with 1, is asked here."),
        )
    return stored


def _iqama(text: str) -> str:
    stored = ids.national_id(text)
    if ids.is_citizen(stored):
        raise InvalidValue(
            "forms.iqama.citizen", N_("This is a citizen's id. An iqama, starting with 2, is asked here.")
        )
    return stored


@register
class PersonId(_Identifier):
    name = "person_id"
    title = Text("رقم الهوية أو الإقامة", "National id or iqama")
    about = "Ten digits of a citizen or a resident, checked."
    reader = staticmethod(ids.national_id)
    missing = N_("Enter the id or iqama number, ten digits.")


@register
class NationalId(_Identifier):
    name = "national_id"
    title = Text("رقم الهوية الوطنية", "National id")
    about = "A citizen's id, starting with 1."
    reader = staticmethod(_national_id)
    missing = N_("Enter the id number, ten digits.")


@register
class Iqama(_Identifier):
    name = "iqama"
    title = Text("رقم الإقامة", "Iqama")
    about = "A resident's id, starting with 2."
    reader = staticmethod(_iqama)
    missing = N_("Enter the iqama number, ten digits.")


@register
class Mobile(_Identifier):
    name = "mobile"
    title = Text("رقم الجوال", "Mobile")
    about = "A Saudi mobile, kept as +9665XXXXXXXX."
    reader = staticmethod(ids.mobile)
    shower = staticmethod(ids.show_mobile)
    length = 12
    example = "05X XXX XXXX"
    missing = N_("Enter the mobile number, like 05X XXX XXXX.")

    def raw(self, value: Any, field: Field) -> dict[str, str | list[str]]:
        return {} if value is None else {field.key: ids.show_mobile(str(value))}


@register
class CrNumber(_Identifier):
    name = "cr_number"
    title = Text("رقم السجل التجاري", "Commercial register number")
    about = "Ten digits of a commercial register."
    reader = staticmethod(ids.commercial_register)
    missing = N_("Enter the commercial register number, ten digits.")


@register
class UnifiedNumber(_Identifier):
    name = "unified_number"
    title = Text("الرقم الموحد للمنشأة", "Unified number")
    about = "Ten digits that start with 700."
    reader = staticmethod(ids.unified_number)
    missing = N_("Enter the unified number, ten digits that start with 700.")


@register
class Iban(_Identifier):
    name = "iban"
    title = Text("رقم الآيبان", "IBAN")
    about = "A Saudi IBAN, checked."
    reader = staticmethod(ids.iban)
    shower = staticmethod(ids.show_iban)
    digits = False
    length = 29
    missing = N_("Enter the IBAN, SA and 22 digits.")


@register
class ShortAddress(_Identifier):
    name = "short_address"
    title = Text("العنوان الوطني المختصر", "Short national address")
    about = "Four letters and four digits."
    reader = staticmethod(ids.short_address)
    digits = False
    length = 8
    example = "RRRD2929"
    missing = N_("Enter the short address, four letters and four digits.")


@register
class DeedNumber(_Identifier):
    name = "deed_number"
    title = Text("رقم الصك", "Deed number")
    about = "Digits as printed on a title deed, kept as text."
    reader = staticmethod(ids.deed_number)
    length = 20
    missing = N_("Enter the deed number as printed on the deed.")


@register
class EjarNumber(_Identifier):
    name = "ejar_number"
    title = Text("رقم عقد إيجار", "Ejar contract number")
    about = "The number of a lease in Ejar."
    reader = staticmethod(ids.ejar_number)
    length = 11
    missing = N_("Enter the lease number as printed on the contract.")
