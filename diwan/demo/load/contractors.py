"""Contractors that work on reports: their people, contracts and crews."""

from datetime import date, time
from typing import Any

from diwan.audit.actions import audit_row
from diwan.demo.load.organisation import liaison, make_member
from diwan.demo.plan.city import FOUNDED
from diwan.demo.plan.source import generator, read
from diwan.kit.arabic import sort_key
from diwan.modules.reports.models import Contract, Crew
from diwan.people.actor import Actor
from diwan.people.models import EntityMember, Municipality, OutsideEntity, Unit


def load_contractors(towns: dict[str, Municipality], *, by: Actor) -> int:
    """Companies with members, contracts and crews; returns how many companies are new."""
    plan = read("contractors")
    named = {row["place"]: row for row in read("cast")["entities"]}
    rng = generator(7)
    fresh = 0
    for row in plan["contractors"]:
        entity, made = OutsideEntity.objects.get_or_create(
            code=row["code"],
            defaults={
                "name_ar": row["name"]["ar"], "name_en": row["name"]["en"], "sort_key": sort_key(row["name"]["ar"])
            },
        )  # fmt: skip
        person = named.get(row["code"]) or liaison(row["code"], rng)
        if not EntityMember.objects.filter(entity=entity).exists():
            make_member(person, by=by, since=FOUNDED)
        fresh += made
        _contracts(entity, row["contracts"], towns, by=by)
        for crew in row["crews"]:
            _crew(crew, entity=entity, unit=None, by=by)
    for crew in plan["own_crews"]:
        _crew(crew, entity=None, unit=Unit.objects.get(code=crew["unit"]), by=by)
    return fresh


def _contracts(
    entity: OutsideEntity, rows: list[dict[str, Any]], towns: dict[str, Municipality], *, by: Actor
) -> None:
    for row in rows:
        if Contract.objects.filter(number=row["number"]).exists():
            continue
        for town in row["towns"] or [None]:
            Contract.objects.create(
                entity=entity, number=row["number"], kinds=row["kinds"], municipality=towns[town] if town else None,
                valid_from=date(FOUNDED.year, 1, 1),
            )  # fmt: skip
        audit_row(
            by=by, action="reports.contract.made", object_type="outside_entity", object_id=entity.pk,
            municipality_id=None, values={"number": row["number"]},
        )  # fmt: skip


def _crew(row: dict[str, Any], *, entity: OutsideEntity | None, unit: Unit | None, by: Actor) -> None:
    hours: list[time | None] = [time.fromisoformat(one) for one in row.get("hours", ())]
    hours = hours or [None, None]
    crew, made = Crew.objects.get_or_create(
        code=row["code"],
        defaults={
            "name_ar": row["name"]["ar"], "name_en": row["name"]["en"], "entity": entity, "unit": unit,
            "kinds": row.get("kinds", []), "hours_from": hours[0], "hours_to": hours[1],
        },
    )  # fmt: skip
    if made:
        audit_row(
            by=by, action="reports.crew.made", object_type="crew", object_id=crew.pk, municipality_id=None,
            values={"code": crew.code},
        )  # fmt: skip
