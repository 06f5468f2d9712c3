"""The book of the store: locks in one order, and the row that each change leaves."""

from collections.abc import Iterable

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.modules.stores.models import StockItem, StockMovement
from diwan.people.actor import Actor


def lock_items(codes: Iterable[str]) -> dict[str, StockItem]:
    """The items, made where missing, locked in the order of their codes so that two at once wait."""
    wanted = sorted(set(codes))
    StockItem.objects.bulk_create(
        [StockItem(code=code, on_hand=0, changed_at=clock.now()) for code in wanted], ignore_conflicts=True
    )
    return {
        row.code: row
        for row in StockItem.objects.select_for_update().filter(code__in=wanted).order_by("code")
    }


def enter_stock(
    item: StockItem, *, quantity: int, cause: str, by: Actor, case_id: int | None = None, token: int | None = None,
    note: str = "",
) -> None:  # fmt: skip
    """Change what is there of a locked item, with the movement and the audit row. The database refuses below zero."""
    now = clock.now()
    item.on_hand, item.changed_at = item.on_hand + quantity, now
    item.save(update_fields=["on_hand", "changed_at"])
    StockMovement.objects.create(
        item=item, at=now, quantity=quantity, left=item.on_hand, cause=cause, case_id=case_id, token=token, note=note,
        by=by.label,
    )  # fmt: skip
    audit_row(
        by=by, action=f"stores.stock.{cause}", object_type="stock", object_id=item.pk, municipality_id=None,
        values={"code": item.code, "quantity": quantity, "left": item.on_hand, "case": case_id},
    )  # fmt: skip
