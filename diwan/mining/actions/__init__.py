"""What can be done: take a log out."""

from diwan.mining.actions.export_log import export_log

__all__ = ["export_log"]
