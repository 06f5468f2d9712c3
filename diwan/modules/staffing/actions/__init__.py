"""Writes of leave."""

from diwan.modules.staffing.actions.give_back import give_back
from diwan.modules.staffing.actions.grant_days import grant_days
from diwan.modules.staffing.actions.take_leave import take_leave

__all__ = ["give_back", "grant_days", "take_leave"]
