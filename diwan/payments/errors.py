"""Refusals that several actions share."""

from diwan.kit.errors import N_, DiwanError


class NotAllowed(DiwanError):
    """The capacity lacks the permission, or the municipality lies outside its scope."""

    code = "payments.not_allowed"
    message = N_("Your current capacity does not allow this. Finance decides about payments.")


class BillNotFound(DiwanError):
    """No such bill."""

    code = "payments.bill_not_found"
    message = N_("There is no bill with this number. Compare the number with the bill.")


class BillIsPaid(DiwanError):
    """A paid bill cannot be made void."""

    code = "payments.bill_is_paid"
    message = N_("Bill {number} is paid and can't be withdrawn. Finance decides about a refund.")
