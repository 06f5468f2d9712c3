"""Writes on register entries."""

from diwan.registers.actions.close_entry import close_entry
from diwan.registers.actions.enter import enter_licence
from diwan.registers.actions.lift_suspension import lift_suspension
from diwan.registers.actions.remind_expiring import remind_expiring
from diwan.registers.actions.replace_entry import replace_entry
from diwan.registers.actions.resume_decision import resume_decision
from diwan.registers.actions.stay_decision import stay_decision
from diwan.registers.actions.suspend_entry import suspend_entry
from diwan.registers.actions.take_back import take_back
from diwan.registers.changing import Ground

__all__ = [
    "Ground",
    "close_entry",
    "enter_licence",
    "lift_suspension",
    "remind_expiring",
    "replace_entry",
    "resume_decision",
    "stay_decision",
    "suspend_entry",
    "take_back",
]
