"""A place: a pin on the map, set by location, by street or landmark, or by tapping."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.options import Option
from diwan.forms.plan import Field
from diwan.forms.raw import Raw
from diwan.forms.registry import FieldKind, register
from diwan.kit.dates import Part
from diwan.kit.digits import parse_decimal
from diwan.kit.errors import N_, InvalidValue
from diwan.rules.types import CelType

_POINT = re.compile(r"-?\d{1,3}\.\d+", re.ASCII)
HOW = ("gps", "search", "map", "typed")
_NOT_A_POINT = N_("This is not a point on the map. Set the pin again.")


@register
class Place(FieldKind):
    """`{"lat": "21.543210", "lng": "39.172500", "accuracy": 12, "how": "gps", "district": ..., "municipality":
    ..., "near": ...}`."""

    name = "place"
    title = Text("موقع على الخريطة", "Place on the map")
    about = "A pin; district and municipality follow from it."
    template = "forms/place.html"
    options = (Option("near", "flag", "Keep the street or landmark that was chosen (true)"),)
    missing = N_("Set the pin: use my location, search a street or landmark, or tap the map.")
    parts = ("lat", "lon", "accuracy", "how", "near", "find", "pick")

    def read(self, raw: Raw, field: Field, context: FormContext) -> dict[str, Any] | None:
        key = field.key
        picked = raw.one(f"{key}-pick")
        lat, lng = raw.one(f"{key}-lat"), raw.one(f"{key}-lon")
        if picked:
            lat, _, lng = picked.partition(",")
        if not lat and not lng:
            if raw.one(f"{key}-find"):
                raise InvalidValue(
                    "forms.place.choose",
                    N_("Choose one of the streets or landmarks found, or set the pin on the map."),
                )
            return None
        value: dict[str, Any] = {
            "lat": _degrees(lat, 90),
            "lng": _degrees(lng, 180),
            "how": "search" if picked else raw.one(f"{key}-how") or "typed",
        }
        if value["how"] not in HOW:
            value["how"] = "typed"
        if raw.one(f"{key}-accuracy") and not picked:
            value["accuracy"] = round(float(parse_decimal(raw.one(f"{key}-accuracy"))))
        near = self._picked(raw, field, context) or raw.one(f"{key}-near")
        if near:
            value["near"] = near[:160]
        return self.located(value, context)

    def _picked(self, raw: Raw, field: Field, context: FormContext) -> str:
        """The name of the street or landmark that was chosen, where the field keeps it."""
        picked, typed = raw.one(f"{field.key}-pick"), raw.one(f"{field.key}-find")
        if not picked or not typed or context.places is None or not field.option("near", True):
            return ""
        return next(
            (one.name.ar for one in context.places.find(typed) if f"{one.lat},{one.lng}" == picked), ""
        )

    def located(self, value: dict[str, Any], context: FormContext) -> dict[str, Any]:
        """The value with district and municipality; refused outside every municipality."""
        if context.places is None:
            return value
        found = context.places.locate(float(value["lat"]), float(value["lng"]))
        if found is None:
            raise InvalidValue(
                "forms.place.outside",
                N_("This point lies outside our municipalities. Move the pin to the premises."),
            )
        return {**value, "district": found.district, "municipality": found.municipality}

    def well_formed(self, value: Any) -> bool:
        if not isinstance(value, Mapping):
            return False
        return all(
            isinstance(value.get(part), str) and _POINT.fullmatch(value[part]) for part in ("lat", "lng")
        )

    def schema(self, field: Field) -> dict[str, Any]:
        degrees = {"type": "string", "pattern": r"^-?\d{1,3}\.\d+$"}
        return {
            "type": "object",
            "description": "A point (WGS84); district and municipality follow from it",
            "properties": {
                "lat": degrees, "lng": degrees, "how": {"enum": list(HOW)}, "accuracy": {"type": "integer"},
                "near": {"type": "string", "maxLength": 160},
            },
            "required": ["lat", "lng"],
        }  # fmt: skip

    def raw(self, value: Any, field: Field) -> dict[str, str | list[str]]:
        if not isinstance(value, Mapping):
            return {} if value is None else {f"{field.key}-lat": str(value)}
        names = {"lat": "lat", "lng": "lon", "accuracy": "accuracy", "how": "how", "near": "near"}
        return {f"{field.key}-{name}": str(value[part]) for part, name in names.items() if part in value}

    def show(self, value: Any, field: Field, language: str, context: FormContext) -> tuple[Part, ...]:
        if not value:
            return ()
        district = context.lookups.row("districts", value.get("district", ""))
        point = Part(f"{float(value['lat']):.5f}, {float(value['lng']):.5f}", ltr=True)
        named = [text for text in (_in(district, language), value.get("near", "")) if text]
        return (Part(("، " if language == "ar" else ", ").join(named) + " · "), point) if named else (point,)

    def changed(self, before: Any, after: Any) -> bool:
        return _point(before) != _point(after)

    def variables(self, field: Field) -> Mapping[str, CelType]:
        text, number = CelType.STRING, CelType.DOUBLE
        return {".district": text, ".municipality": text, ".how": text, ".lat": number, ".lng": number}

    def bind(self, value: Any, field: Field) -> Mapping[str, Any]:
        return {**value, "lat": float(value["lat"]), "lng": float(value["lng"])}

    def widget(self, field: Field, raw: Raw, language: str, context: FormContext) -> Mapping[str, Any]:
        key = field.key
        typed = {part: raw.one(f"{key}-{part}") for part in self.parts}
        found = context.places.find(typed["find"]) if typed["find"] and context.places is not None else ()
        candidates = [
            {"point": f"{item.lat},{item.lng}", "name": item.name.en if language == "en" else item.name.ar}
            for item in found
        ]
        return {**typed, "candidates": candidates, "nothing": bool(typed["find"]) and not candidates}


def _degrees(typed: str, most: int) -> str:
    try:
        number = parse_decimal(typed)
    except InvalidValue as error:
        raise InvalidValue("forms.place.not_a_point", _NOT_A_POINT) from error
    if abs(number) > most:
        raise InvalidValue("forms.place.not_a_point", _NOT_A_POINT)
    return f"{number:.6f}"


def _point(value: Any) -> tuple[Decimal, Decimal] | None:
    if not value:
        return None
    return (round(Decimal(str(value["lat"])), 5), round(Decimal(str(value["lng"])), 5))


def _in(row: Any, language: str) -> str:
    return "" if row is None else (row.name.en if language == "en" else row.name.ar)
