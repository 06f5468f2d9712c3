"""Refusals that several actions share; those of one action stand beside it."""

from diwan.kit.errors import N_, DiwanError


class NotAllowed(DiwanError):
    """The capacity lacks the permission."""

    code = "people.not_allowed"
    message = N_("Your current capacity does not allow this. Change capacity, or ask the one in charge.")


class TooManyAttempts(DiwanError):
    """A limit was reached; `minutes` says when to try again."""

    code = "people.too_many_attempts"
    message = N_("Too many attempts. Try again after {minutes} min, at {at}.")


class UnknownPermission(DiwanError):
    """A role was given a code that no package declares."""

    code = "people.unknown_permission"
    message = N_("{permission} is not a declared permission.")


class AccountExists(DiwanError):
    """Another account has the same identity, e-mail or user name."""

    code = "people.account_exists"
    message = N_(
        "There is already an account with this identity number, e-mail or user name. Sign in instead."
    )
