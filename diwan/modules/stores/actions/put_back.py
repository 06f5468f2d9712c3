"""What was issued last for a request, and not received, goes back into the store."""

from django.db import transaction

from diwan.modules.stores.book import enter_stock, lock_items
from diwan.modules.stores.models import StockMovement
from diwan.people.actor import Actor


@transaction.atomic
def put_back(*, case_id: int, by: Actor) -> int:
    """Put the last issue back; how many rows. Asked twice, the second time finds nothing to put back."""
    issued = StockMovement.objects.select_related("item").filter(
        case_id=case_id, cause=StockMovement.Cause.ISSUED
    )
    last = issued.order_by("-id").values_list("token", flat=True).first()
    rows = list(issued.filter(token=last))
    stock = lock_items(row.item.code for row in rows)
    if StockMovement.objects.filter(case_id=case_id, token=last, cause=StockMovement.Cause.RETURNED).exists():
        return 0
    for row in rows:
        enter_stock(
            stock[row.item.code], quantity=-row.quantity, cause=StockMovement.Cause.RETURNED, by=by, case_id=case_id,
            token=last,
        )  # fmt: skip
    return len(rows)
