"""Writes on people, posts and proofs."""

from diwan.people.actions.codes import (
    CodeExpired,
    CodeTooSoon,
    NewCode,
    WrongCode,
    check_code,
    code_waits,
    make_code,
    prune_codes,
)
from diwan.people.actions.count_attempt import (
    Attempt,
    count_attempt,
    forget_attempts,
    prune_windows,
    take_back_attempt,
)
from diwan.people.actions.create_account import Person, create_account, register_resident
from diwan.people.actions.create_establishment import EstablishmentExists, create_establishment
from diwan.people.actions.delegate import (
    AlreadyRevoked,
    DecisionMissing,
    OtherBranch,
    TooLong,
    WrongLevel,
    delegate,
    revoke_delegation,
)
from diwan.people.actions.grant_membership import NotTheOwner, end_membership, grant_membership
from diwan.people.actions.organisation import define_role
from diwan.people.actions.place_holder import NotAnEmployee, place_holder, vacate_post
from diwan.people.actions.preferences import set_language, set_password, set_shortcuts
from diwan.people.actions.totp import (
    NoAuthenticator,
    TotpReused,
    WrongTotp,
    enrol_totp,
    step_up,
    totp_code,
    verify_totp,
)

__all__ = [
    "AlreadyRevoked",
    "Attempt",
    "CodeExpired",
    "CodeTooSoon",
    "DecisionMissing",
    "EstablishmentExists",
    "NewCode",
    "NoAuthenticator",
    "NotAnEmployee",
    "NotTheOwner",
    "OtherBranch",
    "Person",
    "TooLong",
    "TotpReused",
    "WrongCode",
    "WrongLevel",
    "WrongTotp",
    "check_code",
    "code_waits",
    "count_attempt",
    "create_account",
    "create_establishment",
    "define_role",
    "delegate",
    "end_membership",
    "enrol_totp",
    "forget_attempts",
    "grant_membership",
    "make_code",
    "place_holder",
    "prune_codes",
    "prune_windows",
    "register_resident",
    "revoke_delegation",
    "set_language",
    "set_password",
    "set_shortcuts",
    "step_up",
    "take_back_attempt",
    "totp_code",
    "vacate_post",
    "verify_totp",
]
