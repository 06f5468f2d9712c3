"""Where a task waits: the unit whose posts hold the step's role, and the outside body that a step names.

Answers are remembered for a minute: the organisation changes by the day, tasks open by the second.
"""

import time
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from diwan.cases.models import OpenTask
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.models import Delegation, Holding, OutsideEntity, Position, Unit
from diwan.people.queries import entity_name, valid_on

HEAD_OFFICE: Final = "000"
ASSIGN: Final = "cases.assign"
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


def desk_for(
    *, role: str, municipality_id: int, scope: str = "municipality", department: str | None = None
) -> Desk:
    """The unit in which posts hold the role: in the municipality, else in the amanah's head office.

    With a `department` only its units count. Raises NobodyInCharge.
    """

    def find() -> Desk:
        today = clock.today()
        posts = Position.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=today), roles__code=role, valid_from__lte=today
        ).order_by("unit_id", "id")
        if department:
            posts = posts.filter(unit__department=department)
        own = posts.filter(unit__municipality_id=municipality_id) if scope == "municipality" else posts.none()
        unit_id = own.values_list("unit_id", flat=True).first()
        if unit_id is None:
            unit_id = (
                posts.filter(unit__municipality__code=HEAD_OFFICE).values_list("unit_id", flat=True).first()
            )
        if unit_id is None:
            raise NobodyInCharge(role=role)
        return Desk(unit_id=unit_id, role=role)

    desk: Desk = _remembered(("desk", role, municipality_id, scope, department), find)
    return desk


def manager_of(*, position_id: int, role: str) -> Position:
    """The nearest post above this one that holds the role and that somebody sits at: in the unit, else in those above.

    Raises NobodyInCharge.
    """
    today = clock.today()
    own = Position.objects.get(pk=position_id)
    held = valid_on(Holding.objects.filter(account__is_active=True), today).values("position_id")
    posts = valid_on(Position.objects.filter(roles__code=role, pk__in=held), today).exclude(pk=own.pk)
    unit: int | None = own.unit_id
    while unit is not None:
        found = posts.filter(unit_id=unit, level__lt=own.level).order_by("-level", "id").first()
        if found is not None:
            return found
        unit = Unit.objects.values_list("parent_id", flat=True).get(pk=unit)
    raise NobodyInCharge(role=role)


@dataclass(frozen=True, slots=True)
class Signer:
    """The post that signs next, its unit, and the role in which it signs."""

    position_id: int
    unit_id: int
    role: str


def next_signer(position_id: int, *, up_to: str) -> Signer:
    """The post that signs after this one: the nearest above it, in the unit and then in those above, that gives out
    work or holds the role `up_to`, and that somebody sits at. Raises NobodyInCharge.
    """
    today = clock.today()
    own = Position.objects.get(pk=position_id)
    held = valid_on(Holding.objects.filter(account__is_active=True), today).values("position_id")
    signing = Q(roles__permissions__contains=[ASSIGN]) | Q(roles__code=up_to)
    posts = valid_on(Position.objects.filter(signing, pk__in=held), today).exclude(pk=own.pk).distinct()
    unit: int | None = own.unit_id
    while unit is not None:
        found = posts.filter(unit_id=unit, level__lt=own.level).order_by("-level", "id").first()
        if found is not None:
            roles = list(found.roles.order_by("code").values_list("code", "permissions"))
            giving = [code for code, permissions in roles if ASSIGN in permissions]
            named = up_to if any(code == up_to for code, _permissions in roles) else giving[0]
            return Signer(found.pk, unit, named)
        unit = Unit.objects.values_list("parent_id", flat=True).get(pk=unit)
    raise NobodyInCharge(role=up_to)


def responsible(task: OpenTask) -> list[int]:
    """The posts that a task waits for: the one that has it, else all of its desk; none for a task of the machine."""
    if task.assignee_id is not None:
        return [task.assignee_id]
    if task.unit_id is None:
        return []
    return _desk(task.unit_id, task.role)


def _desk(unit_id: int, role: str | None) -> list[int]:
    """The posts of a unit that hold a role."""

    def find() -> list[int]:
        posts = Position.objects.filter(unit_id=unit_id, roles__code=role).order_by("id")
        return list(posts.values_list("id", flat=True).distinct())

    found: list[int] = _remembered(("posts", unit_id, role), find)
    return found


def superiors(unit_id: int, level: int, *, besides: Collection[int] = ()) -> list[int]:
    """Posts that give out work (`cases.assign`), so many levels above: in the unit itself, then in the units above it.

    Units without such a post are passed over; beyond the last level it stays the last. `besides` are those who are
    told anyway.
    """
    left = [[pk for pk in heads if pk not in besides] for heads in _heads_above(unit_id)]
    chain = [heads for heads in left if heads]
    return chain[min(level, len(chain)) - 1] if chain else []


def _heads_above(unit_id: int) -> list[list[int]]:
    """The posts that give out work in the unit itself and in each unit above it."""

    def find() -> list[list[int]]:
        chain: list[list[int]] = []
        above: int | None = unit_id
        while above is not None:
            heads = Position.objects.filter(
                unit_id=above, roles__permissions__contains=[ASSIGN], valid_to__isnull=True
            )
            chain.append(list(heads.order_by("id").values_list("id", flat=True).distinct()))
            above = Unit.objects.values_list("parent_id", flat=True).get(pk=above)
        return chain

    found: list[list[int]] = _remembered(("heads", unit_id), find)
    return found


def deputies(posts: Collection[int]) -> list[int]:
    """Posts that stand in today for an absent holder of one of the posts (domain 5.2, rule 4)."""
    today = clock.today()
    rows = Delegation.objects.filter(
        delegator_id__in=posts, kind=Delegation.Kind.ABSENCE, revoked_at__isnull=True, valid_from__lte=today,
        valid_to__gte=today,
    )  # fmt: skip
    return list(rows.order_by("id").values_list("delegate_id", flat=True))


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


def entity_codes() -> Mapping[int, str]:
    """Code of every outside body by its id."""

    def find() -> Mapping[int, str]:
        return dict(OutsideEntity.objects.values_list("id", "code"))

    codes: Mapping[int, str] = _remembered(("entity codes",), find)
    return codes


def body_name(code: str, language: str) -> str:
    """The name of an outside body, remembered for pages that name several; the code where nobody knows it."""

    def find() -> str:
        return entity_name(code, language)

    name: str = _remembered(("body", code, language), find)
    return name


def entity_id(code: str) -> int:
    """The outside body with this code."""

    def find() -> int:
        return int(OutsideEntity.objects.values_list("id", flat=True).get(code=code))

    found: int = _remembered(("entity", code), find)
    return found
