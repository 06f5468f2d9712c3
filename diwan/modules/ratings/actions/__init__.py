"""What can be written: one write a file."""

from diwan.modules.ratings.actions.invite import invite
from diwan.modules.ratings.actions.rate import rate
from diwan.modules.ratings.actions.tell_what_was_done import tell_what_was_done

__all__ = ["invite", "rate", "tell_what_was_done"]
