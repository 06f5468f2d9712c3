"""Refusals of the store."""

from diwan.kit.errors import N_, DiwanError


class NotEnough(DiwanError):
    """Less is in the store than was to be issued, perhaps since a colleague has just issued some."""

    code = "stores.not_enough"
    message = N_("There are only {left} of “{item}” in the store now. Issue fewer; the rest can follow.")


class WrongQuantity(DiwanError):
    """More than was asked for, less than nothing, or nothing at all."""

    code = "stores.wrong_quantity"
    message = N_(
        "Enter for each item a number from zero to what is still to be issued, and at least one in all."
    )


class NothingIssued(DiwanError):
    """The step was to be left without anything having been issued."""

    code = "stores.nothing_issued"
    message = N_("Write the quantities under “Items” and issue them there.")
