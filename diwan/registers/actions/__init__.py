"""Writes on register entries."""

from diwan.registers.actions.enter import enter_licence

__all__ = ["enter_licence"]
