"""Where a report is sent today: the rules of `routing` over contracts, crews and units."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q

from diwan.cases import routing as desks
from diwan.flow.table import Text
from diwan.forms.lookups import Row
from diwan.kit import clock
from diwan.modules.reports.models import Contract, Crew
from diwan.modules.reports.routing import DESK, Reach, Subject, best
from diwan.people.models import OutsideEntity, Unit

UNIT_ROLE: Final = "ROLE-REPORT-UNIT"
_NOBODY: Final = Text(
    "لا فريق يغطي النوع والموقع، فيوجهه مركز 940.", "No team covers type and place; the 940 room sends it."
)
_PLACELESS: Final = Text(
    "الموقع غير محدد، فيحدده مركز 940.", "The place is not known; the 940 room finds it."
)


@dataclass(frozen=True, slots=True)
class Sent:
    """Where to (`contractor`, `unit`, `outside`, `desk`), the code there, by which rule, and in words."""

    to: str
    code: str
    rule: str
    text: Text
    inputs: Mapping[str, Any] = field(default_factory=dict)
    unit_id: int | None = None
    entity_id: int | None = None
    crew_id: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Municipality and district of a report; empty codes where nobody knows them yet."""

    municipality_id: int
    municipality: str
    district: str

    @property
    def known(self) -> bool:
        """Whether the place lies in one of the municipalities."""
        return self.municipality not in ("", desks.HEAD_OFFICE)


def send(row: Row, place: Place, *, by_hand: Mapping[str, str] | None, at: datetime) -> Sent:
    """The first rule that answers. `row` is the type; `by_hand` is `{"to", "code"}` of somebody who decided."""
    subject = Subject(
        type=row.code, category=str(row.data["category"]), municipality=place.municipality, district=place.district,
        hour=clock.local(at).time(),
    )  # fmt: skip
    inputs = {
        "type": subject.type, "category": subject.category, "municipality": subject.municipality,
        "district": subject.district, "hour": f"{subject.hour:%H:%M}", "department": str(row.data["department"]),
    }  # fmt: skip
    found = (
        _by_hand(by_hand, subject)
        or _outside(row)
        or _placeless(row, place)
        or _contractor(row, subject, on=clock.local(at).date())
        or _unit(row, place, subject)
        or Sent(DESK, "", "nobody", _NOBODY)
    )
    return Sent(
        found.to, found.code, found.rule, found.text, inputs, found.unit_id, found.entity_id, found.crew_id
    )


def _by_hand(chosen: Mapping[str, str] | None, subject: Subject) -> Sent | None:
    if not chosen:
        return None
    text = Text("حدده موظف مركز 940.", "Chosen by an employee of the 940 room.")
    if chosen["to"] in ("contractor", "outside"):
        entity = OutsideEntity.objects.filter(code=chosen["code"]).first()
        if entity is None:
            return None
        crew_id = _crew(subject, entity_id=entity.pk)
        return Sent(chosen["to"], entity.code, "hand", text, entity_id=entity.pk, crew_id=crew_id)
    unit = Unit.objects.filter(code=chosen["code"]).first()
    if unit is None:
        return None
    crew_id = _crew(subject, unit_id=unit.pk)
    return Sent("unit", unit.department, "hand", text, unit_id=unit.pk, crew_id=crew_id)


def _outside(row: Row) -> Sent | None:
    code = str(row.data.get("outside") or "")
    entity = OutsideEntity.objects.filter(code=code).first() if code else None
    if entity is None:
        return None
    text = Text(f"هذا النوع من اختصاص {entity.name_ar}.", f"This type belongs to {entity.name_en}.")
    return Sent("outside", entity.code, "outside", text, entity_id=entity.pk)


def _placeless(row: Row, place: Place) -> Sent | None:
    if place.known or not row.data.get("place", True):
        return None
    return Sent(DESK, "", "placeless", _PLACELESS)


def _contractor(row: Row, subject: Subject, *, on: date) -> Sent | None:
    if not row.data.get("contractor"):
        return None
    rows = list(
        Contract.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)
        .select_related("entity", "municipality")
        .order_by("id")
    )
    reach = best(
        [
            Reach(
                one.pk, one.kinds, one.municipality.code if one.municipality else "", one.districts, one.hours_from,
                one.hours_to,
            )
            for one in rows
        ],
        subject,
    )  # fmt: skip
    if reach is None:
        return None
    contract = next(one for one in rows if one.pk == reach.key)
    entity = contract.entity
    text = Text(
        f"يغطيه عقد \u2066{contract.number}\u2069 مع {entity.name_ar} بحسب النوع والموقع والوقت.",
        f"Contract {contract.number} with {entity.name_en} covers type, place and hour.",
    )
    crew_id = _crew(subject, entity_id=entity.pk)
    return Sent("contractor", entity.code, "contract", text, entity_id=entity.pk, crew_id=crew_id)


def _unit(row: Row, place: Place, subject: Subject) -> Sent | None:
    department = str(row.data["department"])
    try:
        desk = desks.desk_for(role=UNIT_ROLE, municipality_id=place.municipality_id, department=department)
    except desks.NobodyInCharge:
        return None
    unit = Unit.objects.get(pk=desk.unit_id)
    text = Text(f"القسم المختص: {unit.name_ar}.", f"The unit in charge: {unit.name_en}.")
    return Sent("unit", department, "unit", text, unit_id=unit.pk, crew_id=_crew(subject, unit_id=unit.pk))


def _crew(subject: Subject, *, entity_id: int | None = None, unit_id: int | None = None) -> int | None:
    mine = Q(entity_id=entity_id) if entity_id is not None else Q(unit_id=unit_id)
    rows = Crew.objects.filter(mine, active=True).order_by("id")
    reaches = [Reach(one.pk, one.kinds, "", one.districts, one.hours_from, one.hours_to) for one in rows]
    found = best(reaches, subject)
    return found.key if found else None
