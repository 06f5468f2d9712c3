"""Accounts, organisations, posts, roles and what proves who somebody is."""

from diwan.people.models.accounts import Account, Establishment, EstablishmentMember
from diwan.people.models.organisation import (
    Delegation,
    EntityMember,
    Holding,
    Municipality,
    OutsideEntity,
    Position,
    Role,
    Unit,
)
from diwan.people.models.proofs import OneTimeCode, RateWindow, StepUp, TotpDevice
from diwan.people.models.resets import SecondFactorReset, SignIn

__all__ = [
    "Account",
    "Delegation",
    "EntityMember",
    "Establishment",
    "EstablishmentMember",
    "Holding",
    "Municipality",
    "OneTimeCode",
    "OutsideEntity",
    "Position",
    "RateWindow",
    "Role",
    "SecondFactorReset",
    "SignIn",
    "StepUp",
    "TotpDevice",
    "Unit",
]
