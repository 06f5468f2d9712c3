"""The named people as a list to read in a terminal."""

from collections.abc import Iterator
from typing import Any

from diwan.demo.load.keys import known_people
from diwan.demo.refusals import demo_mark, refuse_production
from diwan.people.models import Establishment
from diwan.registers.models import RegisterEntry


def lines(*, language: str) -> Iterator[str]:
    """Name, role, how to sign in and what to try; for owners also their licences."""
    refuse_production()
    demo_mark()
    for row in known_people():
        yield f"{row['name']:<10} {row[f'person_{language}']}: {row[f'title_{language}']}"
        yield f"{'':<10} {_sign_in(row)}"
        yield f"{'':<10} {row[f'try_{language}']}"
        for shop in row.get("establishments", []):
            yield f"{'':<10} - {shop[f'name_{language}']}, CR {shop['cr']}{_licence(shop['cr'])}"


def _sign_in(row: dict[str, Any]) -> str:
    if row["kind"] == "visitor":
        return f"national id {row['national_id']}, mobile {row['mobile']}, no account; code: diwan code {row['name']}"
    if row["kind"] == "resident":
        return f"national id {row['national_id']} or {row['email']}; code: diwan code {row['name']}"
    return f"user name {row['login']}, password {row['password']}; code: diwan code {row['name']}"


def _licence(cr: str) -> str:
    shop = Establishment.objects.filter(cr_number=cr).first()
    entry = (
        RegisterEntry.objects.filter(establishment=shop, status=RegisterEntry.Status.ACTIVE)
        .order_by("-id")
        .first()
        if shop is not None
        else None
    )
    return f", licence {entry.number} until {entry.valid_to:%Y-%m-%d}" if entry is not None else ""
