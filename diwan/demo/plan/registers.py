"""What the demo's registers know: people, commercial registers, leases, deeds, safety permits; for the peer's seed."""

from datetime import date, timedelta
from typing import Any

from diwan.demo.plan.people import Human, Shop, Society, society

Record = dict[str, Any]


def seed(day: date) -> dict[str, list[Record]]:
    """Records of every register on the day the city was loaded; dates lie around that day."""
    plan = society()
    shops = list(plan.shops.values())
    return {
        "people": [_person(human) for human in plan.humans.values()],
        "commercial": [_register(shop, plan, day) for shop in shops],
        "leases": [_lease(shop, plan, day) for shop in shops],
        "deeds": [_deed(shop, plan, day) for shop in shops],
        "civil_defence": [_permit(shop, plan, day) for shop in shops],
    }


def _person(human: Human) -> Record:
    return {
        "national_id": human.national_id, "birth_date": human.born.isoformat(), "status": "active",
        "name": {"ar": human.name_ar, "en": human.name_en}, "gender": "female" if human.woman else "male",
        "nationality": human.nationality,
    }  # fmt: skip


def _register(shop: Shop, plan: Society, day: date) -> Record:
    owner = plan.humans[shop.owner].national_id
    manager = plan.humans[shop.manager].national_id if shop.manager else owner
    ended = shop.register == "expired"
    return {
        "number": shop.cr, "status": shop.register, "name": {"ar": shop.name_ar, "en": shop.name_en}, "owners": [owner],
        "managers": [manager], "activities": [{"code": shop.activity, "ar": shop.name_ar, "en": shop.name_en}],
        "issued_on": (day - timedelta(days=1500)).isoformat(),
        "expires_on": (day + timedelta(days=-20 if ended else 700)).isoformat(),
        "city": {"ar": "المرسى", "en": "Marsa"},
    }  # fmt: skip


def _lease(shop: Shop, plan: Society, day: date) -> Record:
    ended = shop.lease_state == "expired"
    return {
        "number": shop.lease, "status": shop.lease_state, "kind": "commercial",
        "landlord_id": plan.humans["citizen-130"].national_id, "tenant_id": plan.humans[shop.owner].national_id,
        "unit": {"building": f"{2000 + int(shop.cr[-4:])}", "unit_no": f"{1 + int(shop.cr[-3:]) % 40}", "floor": "0",
                 "area_m2": shop.area},
        "starts_on": (day - timedelta(days=1200)).isoformat(),
        "ends_on": (day + timedelta(days=-45 if ended else 1400)).isoformat(),
    }  # fmt: skip


def _deed(shop: Shop, plan: Society, day: date) -> Record:
    return {
        "number": shop.deed, "status": "active", "owners": [plan.humans["citizen-130"].national_id],
        "plan": f"{100 + int(shop.cr[-2:])}", "parcel": f"{1 + int(shop.cr[-3:]) % 400}", "area_m2": shop.area * 6,
        "issued_on": (day - timedelta(days=3650)).isoformat(),
    }  # fmt: skip


def _permit(shop: Shop, plan: Society, day: date) -> Record:
    return {
        "number": shop.permit, "status": "valid", "holder_id": plan.humans[shop.owner].national_id,
        "issued_on": (day - timedelta(days=300)).isoformat(), "expires_on": (day + timedelta(days=430)).isoformat(),
    }  # fmt: skip
