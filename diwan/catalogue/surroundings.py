"""What forms look things up in on a day: the map, the lookups, and the lists that follow from who applies."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import shelf
from diwan.catalogue.registry import living_lookups
from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.lookups import Found, Located, Lookups, Row
from diwan.kit import clock
from diwan.places.queries import find_named, locate


class MapOfToday:
    """The map as forms ask it. Implements `diwan.forms.lookups.Places`."""

    def __init__(self, on: date) -> None:
        self._on = on

    def locate(self, lat: float, lng: float) -> Located | None:
        """District, municipality and city class of a point."""
        found = locate(lat=lat, lng=lng, on=self._on)
        if found is None:
            return None
        return Located(found.district_code, found.municipality_code, found.city_class)

    def find(self, text: str) -> list[Found]:
        """Streets and landmarks by name."""
        return [Found(Text(found.name_ar, found.name_en), found.lat, found.lng) for found in find_named(text)]


class ListsOfToday:
    """The lookups of a day with those that follow from who applies. Implements `diwan.forms.lookups.Lookups`."""

    def __init__(self, kept: Lookups, applicant: Mapping[str, Any]) -> None:
        self._kept = kept
        self._applicant = applicant
        self._made: dict[str, Sequence[Row]] = {}

    def rows(self, name: str) -> Sequence[Row]:
        """Rows of a lookup, in Arabic order."""
        find = living_lookups().get(name)
        if find is None:
            return self._kept.rows(name)
        if name not in self._made:
            self._made[name] = sorted(find(self._applicant), key=lambda row: row.sort_key)
        return self._made[name]

    def row(self, name: str, code: str) -> Row | None:
        """One row, or None."""
        if name not in living_lookups():
            return self._kept.row(name, code)
        return next((row for row in self.rows(name) if row.code == code), None)


def surroundings(
    service: CompiledService, *, applicant: Mapping[str, Any], entry: Mapping[str, Any], part: str | None = ""
) -> FormContext:
    """Everything a form of this service is read, checked and shown with today.

    `entry` is what a register keeps of what is renewed or what it is about; `part` whose pages are asked
    (`forms.context`).
    """
    today = clock.today()
    return FormContext(
        on=today,
        lookups=ListsOfToday(shelf(today), applicant) if service.definition.for_staff else shelf(today),
        places=MapOfToday(today),
        applicant=applicant,
        entry=entry,
        holds=service.holds,
        answers=service.answers,
        part=part,
    )
