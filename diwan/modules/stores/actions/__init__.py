"""Writes of the store."""

from diwan.modules.stores.actions.issue_supplies import issue_supplies
from diwan.modules.stores.actions.put_back import put_back
from diwan.modules.stores.actions.receive_stock import receive_stock

__all__ = ["issue_supplies", "put_back", "receive_stock"]
