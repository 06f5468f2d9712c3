"""Numbers, areas and money. Any digits are accepted; JSON keeps decimals as text ("12.5"), money as whole halalas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.options import Option
from diwan.forms.plan import Field
from diwan.forms.raw import Raw
from diwan.forms.registry import FieldKind, register
from diwan.kit.dates import Part
from diwan.kit.digits import parse_decimal, parse_integer
from diwan.kit.errors import N_, InvalidValue
from diwan.rules.types import CelType

_RANGE = (
    Option("least", "number", "Smallest number accepted"),
    Option("most", "number", "Largest number accepted"),
    Option("unit", "bilingual", "Unit shown beside the box"),
)
_DECIMALS = Option("decimals", "integer", "Most digits after the point (2)")
_PLAIN = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
LIMIT = Decimal(10) ** 12


def plain(number: Decimal | int | str) -> str:
    """A number as people write it: no exponent, no trailing zeros (`40`, `12.5`)."""
    text = format(Decimal(str(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def check_range(number: Decimal, field: Field) -> None:
    """Refuse a number outside `least` and `most`, saying the limit."""
    least, most = field.option("least"), field.option("most")
    if least is not None and number < Decimal(str(least)):
        raise InvalidValue("forms.number.too_small", N_("Enter {least} or more."), least=plain(least))
    if most is not None and number > Decimal(str(most)):
        raise InvalidValue("forms.number.too_large", N_("Enter {most} or less."), most=plain(most))
    if abs(number) > LIMIT:
        raise InvalidValue("forms.number.absurd", N_("This number is too large. Check the digits."))


class _Number(FieldKind):
    missing = N_("Enter a number.")
    template = "forms/number.html"
    cel_type = CelType.DOUBLE
    options: ClassVar[tuple[Option, ...]] = (*_RANGE, _DECIMALS)

    def read(self, raw: Raw, field: Field, context: FormContext) -> Any:
        typed = raw.one(field.key)
        if not typed:
            return None
        number = parse_decimal(typed)
        most = field.option("decimals", 2)
        if -int(number.normalize().as_tuple().exponent) > most:
            raise InvalidValue(
                "forms.number.decimals", N_("Enter at most {most} digits after the point."), most=most
            )
        check_range(number, field)
        return plain(number)

    def well_formed(self, value: Any) -> bool:
        return isinstance(value, str) and _PLAIN.fullmatch(value) is not None

    def schema(self, field: Field) -> dict[str, Any]:
        about = "A decimal number as text" + "".join(
            f", {word} {plain(field.option(name))}" for name, word in (("least", "at least"), ("most", "at most"))
            if field.option(name) is not None
        )  # fmt: skip
        return {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "description": about}

    def raw(self, value: Any, field: Field) -> dict[str, str | list[str]]:
        return {} if value is None else {field.key: str(value)}

    def unit(self, field: Field, language: str) -> str:
        """The unit in a language, or ""."""
        unit = field.option("unit")
        return unit[language] if unit else ""

    def show(self, value: Any, field: Field, language: str, context: FormContext) -> tuple[Part, ...]:
        if value is None:
            return ()
        number = Part(f"{Decimal(plain(value)):,f}", ltr=True)
        unit = self.unit(field, language)
        return (number, Part(f" {unit}")) if unit else (number,)

    def bind(self, value: Any, field: Field) -> Any:
        return float(value)

    def widget(self, field: Field, raw: Raw, language: str, context: FormContext) -> Mapping[str, Any]:
        return {"text": raw.one(field.key), "unit": self.unit(field, language)}


@register
class Number(_Number):
    name = "number"
    title = Text("رقم", "Number")
    about = "A number with at most two decimals."


@register
class Area(_Number):
    name = "area"
    title = Text("مساحة", "Area")
    about = "An area in square metres."
    missing = N_("Enter the area in square metres.")

    def unit(self, field: Field, language: str) -> str:
        return "م²" if language == "ar" else "m²"


@register
class Integer(_Number):
    name = "integer"
    title = Text("عدد صحيح", "Whole number")
    about = "A whole number."
    cel_type = CelType.INT
    options = _RANGE

    def read(self, raw: Raw, field: Field, context: FormContext) -> int | None:
        typed = raw.one(field.key)
        if not typed:
            return None
        number = parse_integer(typed)
        check_range(Decimal(number), field)
        return number

    def well_formed(self, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool)

    def schema(self, field: Field) -> dict[str, Any]:
        limits = {"minimum": field.option("least"), "maximum": field.option("most")}
        return {"type": "integer", **{name: value for name, value in limits.items() if value is not None}}

    def bind(self, value: Any, field: Field) -> int:
        return int(value)


@register
class Money(_Number):
    name = "money"
    title = Text("مبلغ", "Amount of money")
    about = "An amount in riyals, kept as whole halalas."
    missing = N_("Enter the amount in riyals.")
    cel_type = CelType.INT
    options = _RANGE[:2]

    def well_formed(self, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool)

    def read(self, raw: Raw, field: Field, context: FormContext) -> int | None:
        riyals = super().read(raw, field, context)
        return None if riyals is None else int(Decimal(riyals) * 100)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "integer", "description": "Whole halalas"}

    def raw(self, value: Any, field: Field) -> dict[str, str | list[str]]:
        if not isinstance(value, int) or isinstance(value, bool):
            return {} if value is None else {field.key: str(value)}
        return {field.key: plain(Decimal(value) / 100)}

    def show(self, value: Any, field: Field, language: str, context: FormContext) -> tuple[Part, ...]:
        if value is None:
            return ()
        return (Part(f"{Decimal(value) / 100:,.2f}", ltr=True), Part(" ر.س" if language == "ar" else " SAR"))

    def unit(self, field: Field, language: str) -> str:
        return "ر.س" if language == "ar" else "SAR"

    def bind(self, value: Any, field: Field) -> int:
        return int(value)
