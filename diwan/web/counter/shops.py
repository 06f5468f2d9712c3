"""For which establishment a visitor applies, and which licence he may renew: by membership or by the register."""

import re
from typing import Any

from django.conf import settings
from django.db.models import Q

from diwan.kit import clock
from diwan.kit.arabic import sort_key
from diwan.kit.errors import N_, DiwanError, InvalidValue
from diwan.kit.ids import commercial_register, unified_number
from diwan.kit.keyboard import keyboard_unmangle
from diwan.kit.number_box import Kind, tell_apart
from diwan.people.actions import create_establishment
from diwan.people.actor import Actor, system
from diwan.people.models import Establishment, EstablishmentMember
from diwan.registers.models import RegisterEntry
from diwan.registers.queries import entry_by_number
from diwan.web.counter.models import Slip
from diwan.web.counter.visitors import client

_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)")


class NotTheirs(DiwanError):
    """The register names other owners and managers."""

    code = "counter.not_theirs"
    message = N_(
        "The commercial register names other owners and managers. The visitor brings their authorisation."
    )


class ShopUnknown(DiwanError):
    """Neither we nor the register know the number."""

    code = "counter.shop_unknown"
    message = N_("No establishment has this commercial register number. Compare it with the certificate.")


class UnifiedNeeded(DiwanError):
    """The establishment is new to us."""

    code = "counter.unified_needed"
    message = N_(
        "This establishment comes for the first time. Enter its unified number too (it starts with 700)."
    )


class NoLicence(DiwanError):
    """No licence has the number, or it is not the visitor's."""

    code = "counter.no_licence"
    message = N_("No licence of this visitor has this number. Compare it with the paper: 12 digits.")


def shop_for(slip: Slip, *, cr_number: str, unified: str, by: Actor) -> Establishment:
    """The establishment that the visitor acts for; entered when it is new. InvalidValue, and the refusals above."""
    number = commercial_register(cr_number)
    found = Establishment.objects.filter(cr_number=number).first()
    if found is not None and is_member(slip, found):
        return found
    record = _record(slip, number, by)
    if found is not None:
        _owned(slip, record)
        return found
    if record is None:
        raise ShopUnknown
    _owned(slip, record)
    if not unified.strip():
        raise UnifiedNeeded
    name: dict[str, Any] = record.get("name") or {}
    arabic = str(name.get("ar") or number)[:200]
    return create_establishment(
        unified_number=unified_number(unified),
        cr_number=number,
        name_ar=arabic,
        name_en=str(name.get("en") or arabic)[:200],
        by=system("counter"),
    )


def licence_for(slip: Slip, typed: str, *, by: Actor) -> RegisterEntry:
    """The licence with the typed or scanned number, when it is the visitor's. Raises NoLicence, NotTheirs."""
    entry = entry_by_number(_number(typed))
    if entry is None or not by.reaches(entry.municipality_id):
        raise NoLicence
    if entry.establishment is None:
        if entry.holder_id is None or slip.account_id != entry.holder_id:
            raise NoLicence
        return entry
    if not is_member(slip, entry.establishment):
        _owned(slip, _record(slip, entry.establishment.cr_number, by))
    return entry


def is_member(slip: Slip, shop: Establishment) -> bool:
    """Whether the visitor's own account acts for the establishment today."""
    today = clock.today()
    members = EstablishmentMember.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today),
        establishment=shop,
        account__national_id=slip.national_id,
    )
    return members.exists()


def known_shops(slip: Slip) -> list[Establishment]:
    """Establishments that the visitor's account acts for."""
    if slip.account_id is None:
        return []
    today = clock.today()
    rows = Establishment.objects.filter(
        Q(members__valid_to__isnull=True) | Q(members__valid_to__gt=today),
        members__account_id=slip.account_id,
    )
    return sorted(rows.distinct(), key=lambda shop: sort_key(shop.name_ar))


def _number(typed: str) -> str:
    """The licence number in what was typed, or scanned from the paper's bar code or QR under either layout."""
    for text in (typed, keyboard_unmangle(typed)):
        try:
            told = tell_apart(text)
        except InvalidValue:
            continue
        if told.kind == Kind.DOCUMENT and told.problem is None:
            return told.value
        inside = _NUMBER.search(text)
        if inside:
            return inside.group()
    return ""


def _record(slip: Slip, cr_number: str, by: Actor) -> dict[str, Any] | None:
    """What the commercial register says; None when it is silent or knows nothing."""
    answer = client().ask(
        "commercial",
        {"number": cr_number, "party_id": slip.national_id},
        request_id=by.request_id,
        timeout=settings.DIWAN.registers_timeout_ms / 1000,
    )
    return dict(answer.data) if answer.status == "answered" else None


def _owned(slip: Slip, record: dict[str, Any] | None) -> None:
    """Raise NotTheirs unless the register names the visitor. A silent register blocks nobody: the case is checked."""
    if record is None:
        return
    if slip.national_id not in [*record.get("owners", ()), *record.get("managers", ())]:
        raise NotTheirs
