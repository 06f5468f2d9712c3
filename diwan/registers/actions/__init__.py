"""Writes on register entries."""

from diwan.registers.actions.close_entry import close_entry
from diwan.registers.actions.enter import enter_licence
from diwan.registers.actions.lift_suspension import lift_suspension
from diwan.registers.actions.remind_expiring import remind_expiring
from diwan.registers.actions.replace_entry import replace_entry
from diwan.registers.actions.suspend_entry import suspend_entry
from diwan.registers.changing import Ground

__all__ = [
    "Ground",
    "close_entry",
    "enter_licence",
    "lift_suspension",
    "remind_expiring",
    "replace_entry",
    "suspend_entry",
]
