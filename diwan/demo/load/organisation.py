"""Roles, units, posts, the people at the posts, and outside bodies with their members."""

import random
from datetime import date
from typing import Any

from diwan.audit.actions import audit_row
from diwan.catalogue.actions import give_calendar
from diwan.catalogue.models import LookupRow
from diwan.catalogue.queries import calendar_row
from diwan.demo.plan.city import FOUNDED
from diwan.demo.plan.people import MAIL
from diwan.demo.plan.source import generator, read
from diwan.demo.plan.staff import Organisation, PostPlan, mail_of, somebody
from diwan.demo.refusals import CatalogueMissing
from diwan.kit.arabic import sort_key
from diwan.people.actions import Person, create_account, define_role, place_holder
from diwan.people.actor import Actor
from diwan.people.models import Account, EntityMember, Municipality, OutsideEntity, Position, Role, Unit


def load_roles(plan: Organisation, *, by: Actor) -> dict[str, Role]:
    """Roles by code; one that exists with the same permissions is left as it is."""
    known = {role.code: role for role in Role.objects.all()}
    for row in plan.roles:
        wanted = sorted(row.permissions)
        if row.code not in known or known[row.code].permissions != wanted:
            known[row.code] = define_role(
                code=row.code, name_ar=row.name_ar, name_en=row.name_en, permissions=wanted, by=by
            )
    return known


def load_units(plan: Organisation, towns: dict[str, Municipality], *, by: Actor) -> dict[str, Unit]:
    """Units by code, each under its parent."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    for row in sorted(plan.units, key=lambda unit: (unit.parent != "", unit.parent != "000-AMN")):
        if row.code in units:
            continue
        units[row.code] = Unit.objects.create(
            code=row.code, department=row.department, name_ar=row.name_ar, name_en=row.name_en,
            sort_key=sort_key(row.name_ar), municipality=towns[row.town], parent=units.get(row.parent),
            valid_from=FOUNDED,
        )  # fmt: skip
        audit_row(
            by=by, action="people.unit.made", object_type="unit", object_id=units[row.code].pk,
            municipality_id=towns[row.town].pk, values={"code": row.code},
        )  # fmt: skip
    return units


def load_calendars(units: dict[str, Unit], *, by: Actor) -> None:
    """The 940 centre works day and night; a calendar that has a unit already is left as it is."""
    row = calendar_row("operations")
    if row is None:
        raise CatalogueMissing
    if not row.units:
        centre = [
            code
            for code, unit in units.items()
            if unit.department == "OPS" and unit.municipality.code == "000"
        ]
        give_calendar(calendar=row.code, municipalities=row.municipalities, units=centre, by=by)


def load_posts(plan: Organisation, units: dict[str, Unit], roles: dict[str, Role], *, by: Actor) -> int:
    """Posts with their roles and holders; returns how many were new."""
    known = set(Position.objects.values_list("code", flat=True))
    fresh = [row for row in plan.posts if row.code not in known]
    for row in fresh:
        post = Position.objects.create(
            code=row.code, title_ar=row.title_ar, title_en=row.title_en, unit=units[row.unit], level=row.level,
            valid_from=FOUNDED,
        )  # fmt: skip
        post.roles.set([roles[code] for code in row.roles])
        audit_row(
            by=by, action="people.post.made", object_type="position", object_id=post.pk,
            municipality_id=post.unit.municipality_id, values={"code": row.code, "roles": list(row.roles)},
        )  # fmt: skip
        place_holder(account=_employee(row, by=by), position=post, valid_from=FOUNDED, by=by)
    return len(fresh)


def _employee(row: PostPlan, *, by: Actor) -> Account:
    person = Person(name_ar=row.holder_ar, name_en=row.holder_en, email=mail_of(row.login))
    return create_account(kind=Account.Kind.STAFF, username=row.login, person=person, by=by)


def load_entities(*, by: Actor) -> int:
    """Outside bodies of the catalogue's list, and the members that the demo names; returns how many members are new."""
    rows = LookupRow.objects.filter(lookup="entities", valid_to__isnull=True).values_list(
        "code", "name_ar", "name_en"
    )
    if not rows:
        raise CatalogueMissing
    for code, name_ar, name_en in rows:
        OutsideEntity.objects.get_or_create(
            code=code, defaults={"name_ar": name_ar, "name_en": name_en, "sort_key": sort_key(name_ar)}
        )
    known = set(Account.objects.filter(kind=Account.Kind.ENTITY).values_list("username", flat=True))
    named = {row["place"]: row for row in read("cast")["entities"]}
    rng = generator(3)
    wanted = [named.get(code) or liaison(code, rng) for code, _, _ in rows]
    fresh = [row for row in wanted if row["name"] not in known]
    for row in fresh:
        make_member(row, by=by, since=FOUNDED)
    return len(fresh)


def liaison(code: str, rng: random.Random) -> dict[str, Any]:
    """Somebody who answers for a body whose people the demo does not name."""
    name_ar, name_en = somebody(rng)
    return {
        "name": f"liaison.{code.replace('_', '-')}",
        "place": code,
        "person": {"ar": name_ar, "en": name_en},
    }


def make_member(row: dict[str, Any], *, by: Actor, since: date) -> None:
    """An account that answers for an outside body or contractor."""
    person = Person(
        name_ar=row["person"]["ar"], name_en=row["person"]["en"],
        email=f"{row['name']}@{row['place'].replace('_', '-')}.{MAIL}",
    )  # fmt: skip
    account = create_account(kind=Account.Kind.ENTITY, username=row["name"], person=person, by=by)
    entity = OutsideEntity.objects.get(code=row["place"])
    EntityMember.objects.create(account=account, entity=entity, valid_from=since)
    audit_row(
        by=by, action="people.entity_member.made", object_type="outside_entity", object_id=entity.pk,
        municipality_id=None, values={"account": account.pk},
    )  # fmt: skip
