"""Loading the whole city, part by part; every part commits as one."""

from collections.abc import Callable
from typing import Final

from django.db import transaction

from diwan.cases import routing
from diwan.demo.load import contractors, keys, offer, organisation, places, residents, workplace
from diwan.demo.models import DemoMark
from diwan.demo.plan.city import ground
from diwan.demo.plan.people import society
from diwan.demo.plan.registers import seed
from diwan.demo.plan.staff import organisation as planned_organisation
from diwan.demo.refusals import refuse_foreign_data, refuse_production
from diwan.kit import clock
from diwan.people.actor import system
from diwan.places import queries as place_queries

Say = Callable[[str], object]
BY: Final = system("demo")


def load_city(*, say: Say) -> DemoMark:
    """Mark the database and write everything but the cases; `say` hears one line a part. Safe to repeat.

    Raises NotInProduction, NotEmpty, CatalogueMissing.
    """
    refuse_production()
    refuse_foreign_data()
    mark = DemoMark.objects.first() or DemoMark.objects.create(
        day=clock.local(clock.real_now()).date(), loaded_at=clock.real_now()
    )
    say(_places())
    say(_organisation())
    say(_people(mark))
    say(_offer(mark))
    say(_workplace())
    with transaction.atomic():
        rows = keys.load_keys(by=BY)
    keys.write_private(keys.registers_file(), seed(mark.day))
    say(f"{len(rows)} named people can sign in (keys in {keys.people_file().name})")
    routing.forget()
    place_queries.forget()
    return mark


@transaction.atomic
def _places() -> str:
    plan = ground()
    towns = places.load_municipalities(plan, by=BY)
    places.load_ground(plan, towns, by=BY)
    return (
        f"{len(plan.towns)} municipalities, {len(plan.quarters)} districts, {len(plan.ways)} streets, "
        f"{len(plan.marks)} landmarks"
    )


@transaction.atomic
def _organisation() -> str:
    plan = planned_organisation()
    towns = places.load_municipalities(ground(), by=BY)
    roles = organisation.load_roles(plan, by=BY)
    units = organisation.load_units(plan, towns, by=BY)
    organisation.load_calendars(units, by=BY)
    organisation.load_posts(plan, units, roles, by=BY)
    organisation.load_entities(by=BY)
    contractors.load_contractors(by=BY)
    return f"{len(plan.units)} units, {len(plan.posts)} posts with their holders, {len(plan.roles)} roles"


@transaction.atomic
def _people(mark: DemoMark) -> str:
    plan = society()
    residents.load_residents(plan, by=BY)
    residents.load_shops(plan, day=mark.day, by=BY)
    return f"{len(plan.humans)} residents, {len(plan.shops)} establishments"


@transaction.atomic
def _workplace() -> str:
    days, items = workplace.load_days(by=BY), workplace.load_stock(by=BY)
    return f"{days} employees with days of leave, {items} items in the store"


@transaction.atomic
def _offer(mark: DemoMark) -> str:
    towns = places.load_municipalities(ground(), by=BY)
    services = offer.load_availability(towns, day=mark.day, by=BY)
    authorities = offer.load_authorities(day=mark.day, by=BY)
    return f"{services} services offered by municipality and date, {authorities} standing authorities"
