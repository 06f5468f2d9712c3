"""Default records for numbers that nobody seeded: always the same record for the same number.

The last digit decides, so that a tester can ask for trouble without a switch:
commercial register ..9 suspended, ..8 expired, ..7 active but owned by somebody else; leases ..9 expired,
..8 terminated; deeds ..9 cancelled; safety permits ..9 expired; building permits ..9 cancelled, ..8 of a dwelling.
Nobody is on a sanctions list unless it was seeded. With `party_id` in the query that party is owner or tenant.
"""

import hashlib
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

Record = dict[str, Any]
RIYADH = ZoneInfo("Asia/Riyadh")

GIVEN = (
    ("عبدالله", "Abdullah"),
    ("محمد", "Mohammed"),
    ("سارة", "Sarah"),
    ("فهد", "Fahad"),
    ("نورة", "Noura"),
    ("خالد", "Khalid"),
    ("منى", "Mona"),
    ("سلطان", "Sultan"),
    ("ريم", "Reem"),
    ("ياسر", "Yasser"),
)
FATHER = (
    ("أحمد", "Ahmed"),
    ("صالح", "Saleh"),
    ("إبراهيم", "Ibrahim"),
    ("علي", "Ali"),
    ("سعد", "Saad"),
    ("حسن", "Hassan"),
    ("عمر", "Omar"),
    ("ناصر", "Nasser"),
)
FAMILY = (
    ("الحربي", "Alharbi"),
    ("الغامدي", "Alghamdi"),
    ("الزهراني", "Alzahrani"),
    ("العتيبي", "Alotaibi"),
    ("القحطاني", "Alqahtani"),
    ("الشهري", "Alshehri"),
    ("المالكي", "Almalki"),
    ("السلمي", "Alsulami"),
)
TRADE = (
    ("الواحة", "Oasis"),
    ("الساحل", "Coast"),
    ("النخيل", "Palms"),
    ("الفجر", "Dawn"),
    ("الميناء", "Harbour"),
)
FEMALE = {"سارة", "نورة", "منى", "ريم"}
ACTIVITIES = (
    ("471101", "بقالة ومواد غذائية", "Grocery"),
    ("561011", "مطعم", "Restaurant"),
    ("960201", "صالون حلاقة", "Barber shop"),
    ("477101", "بيع ملابس", "Clothing shop"),
)


def luhn_holds(number: str) -> bool:
    """True for ten digits that begin with 1 or 2 and satisfy Luhn's checksum, as national ids and iqamas do."""
    if len(number) != 10 or not number.isascii() or not number.isdigit() or number[0] not in "12":
        return False
    total = 0
    for place, digit in enumerate(number):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def make(register: str, key: str, query: dict[str, str]) -> Record | None:
    """The default record of `register` for `key`, or None when no such number can exist."""
    maker = {
        "people": _person,
        "commercial": _commercial,
        "leases": _lease,
        "deeds": _deed,
        "civil_defence": _permit,
        "building_permits": _building,
        "sanctions": _sanction,
    }[register]
    return maker(key, query)


def _today() -> date:
    return datetime.now(RIYADH).date()


def _seed(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")


def _owner_of(key: str) -> str:
    body = "1" + str(_seed(key) % 10**8).zfill(8)
    return next(body + str(digit) for digit in range(10) if luhn_holds(body + str(digit)))


def _is_number(key: str, low: int, high: int) -> bool:
    return key.isascii() and key.isdigit() and low <= len(key) <= high


def _person(key: str, query: dict[str, str]) -> Record | None:
    if not luhn_holds(key):
        return None
    number = _seed(key)
    given, father, family = GIVEN[number % 10], FATHER[number // 10 % 8], FAMILY[number // 80 % 8]
    born = query.get("birth_date") or f"{1960 + number // 640 % 44}-{1 + number % 12:02}-{1 + number % 28:02}"
    return {
        "national_id": key,
        "birth_date": born,
        "status": "active",
        "name": {"ar": f"{given[0]} {father[0]} {family[0]}", "en": f"{given[1]} {father[1]} {family[1]}"},
        "gender": "female" if given[0] in FEMALE else "male",
        "nationality": "SA" if key[0] == "1" else ("EG", "IN", "PK", "YE", "BD")[number % 5],
    }


def _commercial(key: str, query: dict[str, str]) -> Record | None:
    if not _is_number(key, 10, 10) or key[0] == "0":
        return None
    number, today = _seed(key), _today()
    status = {"9": "suspended", "8": "expired"}.get(key[-1], "active")
    party = query.get("party_id", "")
    owner = party if party and key[-1] != "7" else _owner_of(key)
    trade = TRADE[number % 5]
    code, name_ar, name_en = ACTIVITIES[number % 4]
    return {
        "number": key,
        "status": status,
        "name": {"ar": f"مؤسسة {trade[0]} التجارية", "en": f"{trade[1]} Trading Est."},
        "owners": [owner],
        "managers": [owner],
        "activities": [{"code": code, "ar": name_ar, "en": name_en}],
        "issued_on": date(today.year - 3, 1 + number % 12, 1).isoformat(),
        "expires_on": date(today.year + (-1 if status == "expired" else 2), 1 + number % 12, 1).isoformat(),
        "city": {"ar": "المدينة", "en": "The City"},
    }


def _lease(key: str, query: dict[str, str]) -> Record | None:
    if not _is_number(key, 8, 14):
        return None
    number, today = _seed(key), _today()
    status = {"9": "expired", "8": "terminated"}.get(key[-1], "active")
    return {
        "number": key,
        "status": status,
        "kind": "commercial",
        "landlord_id": _owner_of("landlord" + key),
        "tenant_id": query.get("party_id") or _owner_of(key),
        "unit": {
            "building": str(1000 + number % 9000),
            "unit_no": str(1 + number % 40),
            "floor": "0",
            "area_m2": 20 + number % 280,
        },
        "starts_on": date(today.year - 2, 1 + number % 12, 1).isoformat(),
        "ends_on": date(today.year + (-1 if status != "active" else 3), 1 + number % 12, 1).isoformat(),
    }


def _deed(key: str, query: dict[str, str]) -> Record | None:
    if not _is_number(key.replace("/", ""), 3, 20):
        return None
    number = _seed(key)
    return {
        "number": key,
        "status": "cancelled" if key[-1] == "9" else "active",
        "owners": [query.get("party_id") or _owner_of(key)],
        "plan": str(100 + number % 900),
        "parcel": str(1 + number % 400),
        "area_m2": 200 + number % 1800,
        "issued_on": date(_today().year - 6, 1 + number % 12, 1).isoformat(),
    }


def _permit(key: str, query: dict[str, str]) -> Record | None:
    if not _is_number(key, 6, 14):
        return None
    number, today = _seed(key), _today()
    expired = key[-1] == "9"
    return {
        "number": key,
        "status": "expired" if expired else "valid",
        "holder_id": query.get("party_id") or _owner_of(key),
        "issued_on": date(today.year - 1, 1 + number % 12, 1).isoformat(),
        "expires_on": date(today.year + (-1 if expired else 1), 1 + number % 12, 28).isoformat(),
    }


def _building(key: str, query: dict[str, str]) -> Record | None:
    if not _is_number(key.replace("/", "").replace("-", ""), 4, 20):
        return None
    number = _seed(key)
    return {
        "number": key,
        "status": "cancelled" if key[-1] == "9" else "valid",
        "use": "residential" if key[-1] == "8" else ("commercial", "mixed")[number % 2],
        "floors": 1 + number % 5,
        "issued_on": date(_today().year - 8, 1 + number % 12, 1).isoformat(),
    }


def _sanction(key: str, query: dict[str, str]) -> Record | None:
    return None
