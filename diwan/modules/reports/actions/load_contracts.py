"""Contracts and crews as the amanah writes them in a file: who covers which types and places, from when to when."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.forms.models import model_to_dict

from diwan.audit.actions import audit_row
from diwan.catalogue.queries import lookup
from diwan.kit import clock
from diwan.kit.arabic import sort_key
from diwan.kit.errors import N_, DiwanError
from diwan.modules.reports.models import Contract, Crew
from diwan.people.actor import Actor
from diwan.people.models import Municipality, OutsideEntity, Unit


class ContractsWrong(DiwanError):
    """The file of contracts names something that does not exist."""

    code = "reports.contracts_wrong"
    message = N_("{where}: {what} is not known.")


@transaction.atomic
def load_contracts(*, plan: Mapping[str, Any], by: Actor) -> int:
    """Write `contractors` (code, name, contracts, crews) and `own_crews`; what is there is brought up to date. Safe to
    repeat; all or nothing. Returns how many contractors are new.

    A contract has `number`, `kinds` (types or categories), `towns` (codes; empty: everywhere), `districts`, `hours`,
    `valid_from`, `valid_to`; a crew `code`, `name`, `kinds`, `districts`, `hours`. Raises ContractsWrong.
    """
    fresh = 0
    for row in plan.get("contractors", ()):
        entity, made = OutsideEntity.objects.update_or_create(
            code=row["code"],
            defaults={
                "name_ar": row["name"]["ar"], "name_en": row["name"]["en"], "sort_key": sort_key(row["name"]["ar"])
            },
        )  # fmt: skip
        fresh += made
        for contract in row.get("contracts", ()):
            _contract(entity, contract, by=by)
        for crew in row.get("crews", ()):
            _crew(crew, entity=entity, unit=None, by=by)
    for crew in plan.get("own_crews", ()):
        unit = Unit.objects.filter(code=crew["unit"]).first()
        if unit is None:
            raise ContractsWrong(where=crew["code"], what=crew["unit"])
        _crew(crew, entity=None, unit=unit, by=by)
    return fresh


def _contract(entity: OutsideEntity, row: Mapping[str, Any], *, by: Actor) -> None:
    number = str(row["number"])
    kinds = _known_kinds(row.get("kinds", ()), where=number)
    hours = _hours(row)
    towns: list[Municipality | None] = [_town(code, where=number) for code in row.get("towns", ())]
    before = list(Contract.objects.filter(entity=entity, number=number).order_by("pk"))
    since = _day(row.get("valid_from")) or (before[0].valid_from if before else clock.today())
    wanted = [
        Contract(
            entity=entity, number=number, kinds=kinds, municipality=town, districts=list(row.get("districts", ())),
            hours_from=hours[0], hours_to=hours[1], valid_from=since, valid_to=_day(row.get("valid_to")),
        )
        for town in towns or [None]
    ]  # fmt: skip
    if _told(before) == _told(wanted):
        return
    Contract.objects.filter(entity=entity, number=number).delete()
    Contract.objects.bulk_create(wanted)
    audit_row(
        by=by, action="reports.contract.made", object_type="outside_entity", object_id=entity.pk, municipality_id=None,
        values={"number": number, "kinds": kinds},
    )  # fmt: skip


def _crew(row: Mapping[str, Any], *, entity: OutsideEntity | None, unit: Unit | None, by: Actor) -> None:
    hours = _hours(row)
    before = _told(Crew.objects.filter(code=row["code"]))
    crew, _made = Crew.objects.update_or_create(
        code=row["code"],
        defaults={
            "name_ar": row["name"]["ar"], "name_en": row["name"]["en"], "entity": entity, "unit": unit,
            "kinds": _known_kinds(row.get("kinds", ()), where=row["code"]),
            "districts": list(row.get("districts", ())), "hours_from": hours[0], "hours_to": hours[1],
            "active": bool(row.get("active", True)),
        },
    )  # fmt: skip
    if before == _told([crew]):
        return
    audit_row(
        by=by, action="reports.crew.made", object_type="crew", object_id=crew.pk, municipality_id=None,
        values={"code": crew.code, "active": crew.active},
    )  # fmt: skip


def _told(rows: Iterable[Model]) -> list[dict[str, Any]]:
    """The rows without their keys: what is loaded again as it is leaves no trace."""
    return [{key: value for key, value in model_to_dict(row).items() if key != "id"} for row in rows]


def _known_kinds(kinds: Any, *, where: str) -> list[str]:
    rows = lookup("report_types", clock.today())
    known = {row.code for row in rows} | {str(row.data["category"]) for row in rows}
    for one in kinds:
        if one not in known:
            raise ContractsWrong(where=where, what=one)
    return list(kinds)


def _town(code: str, *, where: str) -> Municipality:
    found = Municipality.objects.filter(code=code).first()
    if found is None:
        raise ContractsWrong(where=where, what=code)
    return found


def _hours(row: Mapping[str, Any]) -> tuple[time | None, time | None]:
    given = [time.fromisoformat(str(one)) for one in row.get("hours", ())]
    return (given[0], given[1]) if len(given) == 2 else (None, None)


def _day(typed: Any) -> date | None:
    return date.fromisoformat(str(typed)) if typed else None
