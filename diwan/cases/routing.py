"""Where a task waits: the unit whose posts hold the step's role, and the outside body that a step names.

Answers are remembered for a minute: the organisation changes by the day, tasks open by the second.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.models import OutsideEntity, Position, Unit

HEAD_OFFICE: Final = "000"
_KEEP_SECONDS: Final = 60.0
_kept: dict[Hashable, tuple[float, Any]] = {}


class NobodyInCharge(DiwanError):
    """No post of the municipality or the amanah holds the role: the organisation data is incomplete."""

    code = "cases.nobody_in_charge"
    message = N_(
        "No post holds the role {role} for this municipality. The system administrator has to assign one."
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a task of a role waits."""

    unit_id: int
    role: str


def _remembered(key: Hashable, find: Callable[[], Any]) -> Any:
    now = time.monotonic()
    kept = _kept.get(key)
    if kept is not None and kept[0] > now:
        return kept[1]
    found = find()
    _kept[key] = (now + _KEEP_SECONDS, found)
    return found


def forget() -> None:
    """Forget what is remembered (after the organisation was loaded; in tests)."""
    _kept.clear()


def desk_for(*, role: str, municipality_id: int, scope: str = "municipality") -> Desk:
    """The unit in which posts hold the role: in the municipality, else in the amanah's head office."""

    def find() -> Desk:
        today = clock.today()
        posts = Position.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=today), roles__code=role, valid_from__lte=today
        ).order_by("unit_id", "id")
        own = posts.filter(unit__municipality_id=municipality_id) if scope == "municipality" else posts.none()
        unit_id = own.values_list("unit_id", flat=True).first()
        if unit_id is None:
            unit_id = (
                posts.filter(unit__municipality__code=HEAD_OFFICE).values_list("unit_id", flat=True).first()
            )
        if unit_id is None:
            raise NobodyInCharge(role=role)
        return Desk(unit_id=unit_id, role=role)

    desk: Desk = _remembered(("desk", role, municipality_id, scope), find)
    return desk


def unit_for(*, department: str, municipality_id: int) -> int:
    """The unit of a department in the municipality, else in the head office."""

    def find() -> int:
        units = Unit.objects.filter(department=department, valid_to__isnull=True).order_by("id")
        found = (
            units.filter(municipality_id=municipality_id).values_list("id", flat=True).first()
            or units.filter(municipality__code=HEAD_OFFICE).values_list("id", flat=True).first()
        )
        if found is None:
            raise NobodyInCharge(role=department)
        return int(found)

    unit_id: int = _remembered(("unit", department, municipality_id), find)
    return unit_id


def entity_id(code: str) -> int:
    """The outside body with this code."""

    def find() -> int:
        return int(OutsideEntity.objects.values_list("id", flat=True).get(code=code))

    found: int = _remembered(("entity", code), find)
    return found
