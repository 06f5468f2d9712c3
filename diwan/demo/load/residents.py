"""Residents, establishments, and who acts for which."""

from datetime import date, timedelta

from diwan.demo.plan.people import Human, Shop, Society
from diwan.people.actions import Person, create_account, create_establishment, grant_membership
from diwan.people.actor import Actor
from diwan.people.models import Account, Establishment

#: How long before the day of loading the memberships began.
_SINCE = timedelta(days=1500)


def load_residents(plan: Society, *, by: Actor) -> int:
    """Accounts of everybody who has one; returns how many are new."""
    known = set(Account.objects.filter(national_id__isnull=False).values_list("national_id", flat=True))
    fresh = [human for human in plan.humans.values() if human.account and human.national_id not in known]
    for human in fresh:
        create_account(kind=Account.Kind.RESIDENT, username=human.national_id, person=_person(human), by=by)
    return len(fresh)


def _person(human: Human) -> Person:
    return Person(
        name_ar=human.name_ar, name_en=human.name_en, national_id=human.national_id, email=human.email,
        mobile=human.mobile, birth_date=human.born, language="ar" if human.nationality in _ARABIC else "en",
    )  # fmt: skip


_ARABIC = frozenset({"SA", "EG", "SD", "SY", "YE", "JO"})


def load_shops(plan: Society, *, day: date, by: Actor) -> int:
    """Establishments with owners, managers and authorised people; returns how many are new."""
    known = set(Establishment.objects.values_list("cr_number", flat=True))
    accounts = {account.national_id: account for account in Account.objects.filter(national_id__isnull=False)}
    fresh = [shop for shop in plan.shops.values() if shop.cr not in known]
    for shop in fresh:
        made = create_establishment(
            unified_number=shop.unified, cr_number=shop.cr, name_ar=shop.name_ar, name_en=shop.name_en, by=by
        )
        for human, capacity in _members(shop, plan):
            grant_membership(
                account=accounts[human.national_id], establishment=made, capacity=capacity, valid_from=day - _SINCE,
                by=by,
            )  # fmt: skip
    return len(fresh)


def _members(shop: Shop, plan: Society) -> list[tuple[Human, str]]:
    """Only people with an account can be members; the owner of a shop may be known to the registers alone."""
    wanted = ((shop.owner, "owner"), (shop.manager, "manager"), (shop.authorised, "authorised"))
    return [(plan.humans[key], capacity) for key, capacity in wanted if key and plan.humans[key].account]
