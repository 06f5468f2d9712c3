"""The book of days: locks, and the row that each change leaves."""

from collections.abc import Iterable

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.modules.staffing.models import LeaveAccount, LeaveMovement
from diwan.people.actor import Actor


def lock_accounts(ids: Iterable[int]) -> dict[int, LeaveAccount]:
    """The leave accounts of these people, made where missing, locked in one order so that two at once wait."""
    wanted = sorted(set(ids))
    LeaveAccount.objects.bulk_create(
        [LeaveAccount(account_id=one, days=0, changed_at=clock.now()) for one in wanted],
        ignore_conflicts=True,
    )
    rows = LeaveAccount.objects.select_for_update().filter(account_id__in=wanted).order_by("account_id")
    return {row.account_id: row for row in rows}


def enter_days(
    row: LeaveAccount, *, days: int, cause: str, by: Actor, case_id: int | None = None, note: str = ""
) -> None:
    """Change the days of a locked account, with the movement and the audit row. The database refuses below zero."""
    now = clock.now()
    row.days, row.changed_at = row.days + days, now
    row.save(update_fields=["days", "changed_at"])
    LeaveMovement.objects.create(
        account_id=row.account_id, at=now, days=days, left=row.days, cause=cause, case_id=case_id, note=note,
        by=by.label,
    )  # fmt: skip
    audit_row(
        by=by, action=f"staffing.days.{cause}", object_type="account", object_id=row.account_id,
        municipality_id=None, values={"days": days, "left": row.days, "case": case_id},
    )  # fmt: skip
