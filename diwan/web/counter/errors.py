"""Refusals at the counter that several actions share."""

from diwan.kit.errors import N_, DiwanError


class SlipNotFound(DiwanError):
    """No such slip at this window, or it is closed."""

    code = "counter.slip_not_found"
    message = N_("This slip is not open at your window.")


class NotAClerk(DiwanError):
    """The post does not file for visitors."""

    code = "counter.not_a_clerk"
    message = N_("Your current capacity does not file for visitors.")


class ConsentMissing(DiwanError):
    """Nothing is filed for a visitor who has not agreed."""

    code = "counter.consent_missing"
    message = N_("The visitor's consent comes first: the code from the visitor's phone, or a signed paper.")
