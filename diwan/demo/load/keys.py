"""What the named people sign in with, made at random for each installation and kept in one file of the data directory.

`demo-people.json` (mode 0600) is the only place where a password or a seed can be read; the database holds digests.
"""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from diwan.demo.plan.people import society
from diwan.demo.plan.source import read
from diwan.people.actions import enrol_totp, set_password
from diwan.people.actor import Actor
from diwan.people.models import Account, TotpDevice

#: Letters and digits that are not mistaken for one another when read aloud or copied by hand.
ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
Row = dict[str, Any]


def people_file() -> Path:
    """The file of the named people."""
    place: Path = settings.DIWAN.data / "demo-people.json"
    return place


def registers_file() -> Path:
    """The records given to the demo's registers."""
    place: Path = settings.DIWAN.data / "registers-seed.json"
    return place


def known_people() -> list[Row]:
    """The named people as written by the last load; empty when the file is missing."""
    path = people_file()
    rows: list[Row] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return rows


def load_keys(*, by: Actor) -> list[Row]:
    """Give every named employee and member a password and a code generator that the file knows, and write the file.

    What the file holds and the database accepts stays: loading again changes nobody's password.
    """
    before = {row["name"]: row for row in known_people()}
    cast = read("cast")
    rows = [_staff(row, before.get(row["name"], {}), by=by) for row in (*cast["staff"], *cast["entities"])]
    rows += [_resident(row, account=True) for row in cast["residents"]]
    rows += [_resident(row, account=False) for row in cast["visitors"]]
    write_private(people_file(), rows)
    return rows


def _staff(row: Mapping[str, Any], before: Row, *, by: Actor) -> Row:
    account = Account.objects.get(username=row["name"])
    password, seed = str(before.get("password", "")), str(before.get("totp_seed", ""))
    if not password or not account.check_password(password):
        password = _password()
        set_password(account=account, password=password, by=by)
    if not seed or not TotpDevice.objects.filter(account=account).exists():
        seed = enrol_totp(account=account, by=by)
    return {
        **_described(row), "kind": str(account.kind), "login": account.username, "password": password,
        "totp_seed": seed, "email": account.email, "place": row["place"],
    }  # fmt: skip


def _resident(row: Mapping[str, Any], *, account: bool) -> Row:
    human = society().humans[row["name"]]
    shops = [
        {"key": shop.key, "cr": shop.cr, "unified": shop.unified, "name_ar": shop.name_ar, "name_en": shop.name_en,
         "municipality": shop.town, "lease": shop.lease, "deed": shop.deed, "permit": shop.permit,
         "activity": shop.activity, "area_m2": shop.area, "lat": shop.lat, "lng": shop.lng}
        for shop in society().shops.values()
        if human.key in (shop.owner, shop.manager, shop.authorised)
    ]  # fmt: skip
    return {
        **_described(row), "kind": "resident" if account else "visitor", "login": human.national_id,
        "national_id": human.national_id, "birth_date": human.born.isoformat(), "mobile": human.mobile,
        "email": human.email, "establishments": shops,
    }  # fmt: skip


def _described(row: Mapping[str, Any]) -> Row:
    return {
        "name": row["name"], "person_ar": row["person"]["ar"], "person_en": row["person"]["en"],
        "title_ar": row["title"]["ar"], "title_en": row["title"]["en"], "try_ar": row["try"]["ar"],
        "try_en": row["try"]["en"],
    }  # fmt: skip


def _password() -> str:
    """Three groups of five: 74 random bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(3))


def write_private(path: Path, content: Any) -> None:
    """Write JSON so that only this user can read it, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(
        os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as out:
        json.dump(content, out, ensure_ascii=False, indent=1)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(path)
