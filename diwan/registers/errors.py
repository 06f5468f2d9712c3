"""Refusals of the register."""

from diwan.kit.errors import N_, DiwanError


class EntryUnknown(DiwanError):
    """No such entry, or not one within the actor's municipalities: one answer for both."""

    code = "registers.unknown"
    message = N_("There is no such licence among those you can open. Check the number.")


class EntryActForbidden(DiwanError):
    """The capacity lacks the permission."""

    code = "registers.act_forbidden"
    message = N_("Your post may not do this with a licence.")


class EntryEnded(DiwanError):
    """A cancelled, revoked or replaced entry does not change any more."""

    code = "registers.ended"
    message = N_("The licence has ended ({status}) and does not change any more.")


class EntryNotSuspended(DiwanError):
    """Only a suspension can be lifted."""

    code = "registers.not_suspended"
    message = N_("The licence is not suspended.")


class AlreadySuspended(DiwanError):
    """The entry is suspended by a decision of its own."""

    code = "registers.already_suspended"
    message = N_("The licence is suspended already.")


class ParentSuspended(DiwanError):
    """A permit does not come back before the licence that it hangs on."""

    code = "registers.parent_suspended"
    message = N_("The licence that this permit hangs on is suspended. Lift that suspension first.")


class GroundMissing(DiwanError):
    """An officer's decision on a licence names a reason and the article that it rests on."""

    code = "registers.ground_missing"
    message = N_("Choose a reason and the article it rests on: the holder reads both.")


class NothingToStay(DiwanError):
    """The decision has no effect any more, or the licence above the permit has ended."""

    code = "registers.nothing_to_stay"
    message = N_("The decision has no effect now that could be stayed. Read how the licence stands.")
