"""Contractors that work on reports: their people, contracts and crews."""

from diwan.demo.load.organisation import liaison, make_member
from diwan.demo.plan.city import FOUNDED
from diwan.demo.plan.source import generator, read
from diwan.modules.reports.actions import load_contracts
from diwan.people.actor import Actor
from diwan.people.models import EntityMember


def load_contractors(*, by: Actor) -> int:
    """Companies with members, contracts and crews; returns how many companies are new."""
    plan = read("contractors")
    fresh = load_contracts(plan=plan, by=by)
    named = {row["place"]: row for row in read("cast")["entities"]}
    rng = generator(7)
    for row in plan["contractors"]:
        person = named.get(row["code"]) or liaison(row["code"], rng)
        if not EntityMember.objects.filter(entity__code=row["code"]).exists():
            make_member(person, by=by, since=FOUNDED)
    return fresh
