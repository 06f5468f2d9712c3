"""What a run happens in: the version, who applies, what a register holds, the map, the calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from diwan.catalogue.compiled import Charged, CompiledService, load_definition
from diwan.catalogue.pricing import city_class_of
from diwan.catalogue.queries import calendar_for
from diwan.catalogue.registry import living_lookups
from diwan.catalogue.surroundings import surroundings
from diwan.forms.context import FormContext
from diwan.forms.lookups import Lookups, Row
from diwan.forms.plan import Field
from diwan.kit import clock
from diwan.kit.calendars import WorkingCalendar
from diwan.kit.fees import Totals
from diwan.people.queries import municipality_by_code
from diwan.sandbox.models import Run
from diwan.sandbox.people import TestPerson, applicant, employees

HEAD_OFFICE: Final = "000"
ENTRY_DAYS: Final = 60
"""Days that the test entry still runs."""
_ENTRY: Final = "entry."


class TestLists:
    """The lookups of today; where a list follows from who applies, the other test people stand in it. Implements
    `diwan.forms.lookups.Lookups`."""

    def __init__(self, kept: Lookups, person: TestPerson) -> None:
        self._kept = kept
        self._others = [Row(code, name) for code, name in employees().items() if code != person.staff]

    def rows(self, name: str) -> Sequence[Row]:
        """Rows of a lookup."""
        return self._others if name in living_lookups() else self._kept.rows(name)

    def row(self, name: str, code: str) -> Row | None:
        """One row, or None."""
        if name not in living_lookups():
            return self._kept.row(name, code)
        return next((row for row in self._others if row.code == code), None)


@dataclass(frozen=True)
class Setting:
    """The surroundings of one run. `entry` are the kept answers that were typed for it; `start` is when it began."""

    service: CompiledService
    person: TestPerson
    entry: Mapping[str, Any]
    start: datetime

    @cached_property
    def held(self) -> Mapping[str, Any]:
        """What a register is taken to hold of what is renewed or concerned; empty for a service that is about none."""
        if not self.needs_entry:
            return {}
        today = clock.today()
        kinds = self.service.about.kinds if self.service.about is not None else ("",)
        return {
            **self.entry, "kind": next(iter(kinds), ""), "number": "0000000000", "status": "active",
            "valid_from": today - timedelta(days=300), "valid_to": today + timedelta(days=ENTRY_DAYS - 1),
            "days_expired": 0, "days_left": ENTRY_DAYS,
        }  # fmt: skip

    @property
    def needs_entry(self) -> bool:
        """Whether the service renews an entry of a register or is about one."""
        return self.service.renewal is not None or self.service.about is not None

    def kept_fields(self) -> list[Field]:
        """The questions whose first answers come from the entry."""
        asked = self.service.form.fields() if self.needs_entry else ()
        return [field for field in asked if (field.prefill or "").startswith(_ENTRY)]

    def context(self, part: str | None = "") -> FormContext:
        """In which the form is read and shown; `part` as in `forms.context`."""
        found = surroundings(self.service, applicant=self.person.snapshot, entry=self.held, part=part)
        return replace(found, lookups=TestLists(found.lookups, self.person))

    def calendar(self, values: Mapping[str, Any]) -> WorkingCalendar:
        """The working calendar of the municipality in which the answers' place lies, else of the head office."""
        code = next(
            (
                str(values[field.key].get("municipality") or HEAD_OFFICE)
                for field in self.service.form.fields()
                if field.kind == "place" and values.get(field.key)
            ),
            HEAD_OFFICE,
        )
        found = municipality_by_code(code) or municipality_by_code(HEAD_OFFICE)
        return calendar_for(found.pk if found is not None else 0)

    def price(
        self, values: Mapping[str, Any], derived: Mapping[str, Any]
    ) -> tuple[Sequence[Charged], Totals]:
        """The fee of the answers today. Raises NoRate."""
        context = self.context(part=None)
        return self.service.fee(
            values, derived, context, city_class=city_class_of(self.service, values, context)
        )

    def contested(self) -> Mapping[str, Any]:
        """The decision that an objection is about, as its rules read it."""
        contests = self.service.definition.contests
        return (
            {}
            if contests is None
            else {"what": contests.what, "service": "", "state": "rejected", "roles": []}
        )


def setting_of(run: Run) -> Setting:
    """The surroundings of a kept run, on the version as it now is."""
    return Setting(
        service=load_definition(run.version),
        person=applicant(run.person),
        entry=run.entry,
        start=run.begun_at,
    )


def day_in(moment: datetime) -> date:
    """The day of a moment of the run."""
    return clock.local(moment).date()
