"""Reads: in what capacities a person may act, the actor of one, who holds a role, what a session has proved."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from diwan.kit import clock
from diwan.kit.arabic import sort_key
from diwan.kit.errors import N_, DiwanError
from diwan.kit.keyed import keyed_digest
from diwan.people.actor import Actor
from diwan.people.capacities import Capacity, of_account, one_of_account, valid_on
from diwan.people.models import (
    Account,
    Delegation,
    EstablishmentMember,
    Holding,
    Municipality,
    OutsideEntity,
    SecondFactorReset,
    SignIn,
    StepUp,
    TotpDevice,
)

__all__ = [
    "Capacity",
    "CapacityNotHeld",
    "Holder",
    "account_by_login",
    "actor_for",
    "acts_for",
    "capacities",
    "default_capacity",
    "delegations_of",
    "entity_name",
    "establishments_of",
    "find_people",
    "fresh_step_up",
    "has_authenticator",
    "holders",
    "holders_of",
    "holdings_of",
    "municipality_by_code",
    "open_sign_ins",
    "reset_of",
    "resets_waiting",
    "session_digest",
    "valid_on",
]


class CapacityNotHeld(DiwanError):
    """The person may not act in this capacity, or not any more."""

    code = "people.capacity_not_held"
    message = N_("You can't act in this capacity any more. Choose another one.")


@dataclass(frozen=True, slots=True)
class Holder:
    """A person at a post, for notices and boards."""

    account_id: int
    position_id: int
    unit_id: int
    municipality_id: int
    name_ar: str
    name_en: str
    title_ar: str
    title_en: str


def capacities(account: Account) -> list[Capacity]:
    """Every capacity of the person today, the usual one first. At most two statements."""
    return of_account(account)


def default_capacity(account: Account) -> Capacity | None:
    """The capacity that a person starts in; None when the account has none (an employee without a post)."""
    return next(iter(of_account(account)), None)


def actor_for(
    account: Account, capacity: str, *, session: str = "", request_id: str = "", language: str = "ar"
) -> Actor:
    """The actor of one capacity, checked against what holds today; CapacityNotHeld otherwise. At most one statement.

    `session` is the keyed digest of the session (`session_digest`).
    """
    held = one_of_account(account, capacity) if account.is_active else None
    if held is None:
        raise CapacityNotHeld
    return Actor(
        account_id=account.pk,
        capacity=held.code,
        name_ar=account.name_ar,
        name_en=account.name_en,
        permissions=held.permissions,
        roles=held.roles,
        position_id=held.position_id,
        position_ids=frozenset() if held.position_id is None else frozenset({held.position_id}),
        unit_id=held.unit_id,
        municipality_ids=held.municipality_ids,
        establishment_id=held.establishment_id,
        entity_id=held.entity_id,
        entity_code=held.entity_code,
        title_ar="" if held.kind == "self" else held.title_ar,
        title_en="" if held.kind == "self" else held.title_en,
        on_behalf_of=held.on_behalf_of,
        wording=held.wording,
        services=held.services,
        session=session,
        request_id=request_id,
        language=language,
    )


def acts_for(account_id: int, establishment_id: int) -> bool:
    """Whether the person owns, manages or is authorised for the establishment today."""
    rows = EstablishmentMember.objects.filter(account_id=account_id, establishment_id=establishment_id)
    return valid_on(rows, clock.today()).exists()


def establishments_of(account_id: int) -> QuerySet[EstablishmentMember, Any]:
    """Ids of the establishments that the person acts for today, as a part of another query."""
    rows = EstablishmentMember.objects.filter(account_id=account_id)
    return valid_on(rows, clock.today()).values("establishment_id")


def session_digest(session_key: str) -> str:
    """The value by which a session is named outside its own table: 64 hexadecimal characters."""
    return keyed_digest(secret=settings.SECRET_KEY, purpose="session", value=session_key)


def account_by_login(login: str) -> Account | None:
    """The active account with this national id (ten digits), e-mail (any case) or user name."""
    return Account.objects.filter(
        Q(username=login) | Q(national_id=login) | Q(email=login.lower()), is_active=True
    ).first()


def holders(*, role: str, unit_id: int | None = None, municipality_id: int | None = None) -> list[Holder]:
    """Active people at posts with the role today, narrowed to a unit or municipality; by level, then name."""
    today = clock.today()
    rows = Holding.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        valid_from__lte=today,
        account__is_active=True,
        position__roles__code=role,
        position__valid_from__lte=today,
    ).select_related("account", "position__unit")
    if unit_id is not None:
        rows = rows.filter(position__unit_id=unit_id)
    if municipality_id is not None:
        rows = rows.filter(position__unit__municipality_id=municipality_id)
    return [
        Holder(
            account_id=row.account_id,
            position_id=row.position_id,
            unit_id=row.position.unit_id,
            municipality_id=row.position.unit.municipality_id,
            name_ar=row.account.name_ar,
            name_en=row.account.name_en,
            title_ar=row.position.title_ar,
            title_en=row.position.title_en,
        )
        for row in rows.order_by("position__level", "account__sort_key", "id")
    ]


def fresh_step_up(*, account_id: int, session: str) -> StepUp | None:
    """The newest second factor of this session that has not expired (real time), or None."""
    return (
        StepUp.objects.filter(account_id=account_id, session=session, expires_at__gt=clock.real_now())
        .order_by("-at")
        .first()
    )


def delegations_of(position_id: int) -> QuerySet[Delegation]:
    """Delegations given or received by a post, newest first."""
    return (
        Delegation.objects.filter(Q(delegator_id=position_id) | Q(delegate_id=position_id))
        .select_related("delegator", "delegate")
        .order_by("-valid_from", "-id")
    )


def entity_name(code: str, language: str) -> str:
    """The name of an outside body or contractor; the code where nobody knows it."""
    row = OutsideEntity.objects.filter(code=code).only("name_ar", "name_en").first()
    if row is None:
        return code
    return row.name_en if language == "en" else row.name_ar


def municipality_by_code(code: str) -> Municipality | None:
    """The municipality with this three-digit code."""
    return Municipality.objects.filter(code=code).first()


def find_people(text: str, *, most: int = 50) -> list[Account]:
    """Employees and users of outside bodies whose name, user name or e-mail holds the text; by name."""
    rows = Account.objects.exclude(kind=Account.Kind.RESIDENT)
    if wanted := text.strip():
        known = Q(username__icontains=wanted) | Q(email__icontains=wanted) | Q(name_en__icontains=wanted)
        rows = rows.filter(known | Q(sort_key__contains=sort_key(wanted)))
    return list(rows.order_by("sort_key", "pk")[:most])


def holdings_of(account_id: int) -> list[Holding]:
    """Posts that the person holds today, with their units."""
    rows = valid_on(Holding.objects.filter(account_id=account_id), clock.today())
    return list(rows.select_related("position__unit").order_by("position__level", "pk"))


def holders_of(position_id: int) -> list[Holding]:
    """Active people who sit at a post today."""
    rows = Holding.objects.filter(position_id=position_id, account__is_active=True)
    return list(valid_on(rows, clock.today()).select_related("account").order_by("-kind", "pk"))


def open_sign_ins(account_id: int) -> list[SignIn]:
    """Sessions with an authenticator that may still be open, the newest first."""
    since = clock.real_now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    rows = SignIn.objects.filter(account_id=account_id, ended_at__isnull=True, opened_at__gt=since)
    return list(rows.order_by("-opened_at"))


def has_authenticator(account_id: int) -> bool:
    """Whether a code generator is registered."""
    return TotpDevice.objects.filter(account_id=account_id).exists()


def resets_waiting() -> list[SecondFactorReset]:
    """Resets that wait for a second administrator, the oldest first."""
    rows = SecondFactorReset.objects.filter(
        confirmed_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=clock.real_now()
    )
    return list(rows.select_related("account", "asked_by").order_by("asked_at"))


def reset_of(account_id: int) -> SecondFactorReset | None:
    """The newest reset of a person that was not withdrawn, or None."""
    rows = SecondFactorReset.objects.filter(account_id=account_id, withdrawn_at__isnull=True)
    return rows.select_related("asked_by", "confirmed_by").order_by("-asked_at").first()
