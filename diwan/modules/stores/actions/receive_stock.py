"""Supplies are received into the store."""

from django.db import transaction

from diwan.modules.stores.book import enter_stock, lock_items
from diwan.modules.stores.models import StockItem, StockMovement
from diwan.people.actor import Actor


@transaction.atomic
def receive_stock(*, code: str, quantity: int, note: str, by: Actor) -> StockItem:
    """Add to what is there. ValueError for less than one; only the system may (the command of the operator)."""
    if quantity < 1 or not by.is_system:
        raise ValueError("stock is received by the operator, one or more")
    item = lock_items([code])[code]
    enter_stock(item, quantity=quantity, cause=StockMovement.Cause.RECEIVED, by=by, note=note[:200])
    return item
