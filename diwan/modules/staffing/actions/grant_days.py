"""Days of leave are granted to an employee: the yearly ones, or what is carried over."""

from django.db import transaction

from diwan.modules.staffing.book import enter_days, lock_accounts
from diwan.modules.staffing.models import LeaveAccount, LeaveMovement
from diwan.people.actor import Actor


@transaction.atomic
def grant_days(*, account_id: int, days: int, note: str, by: Actor) -> LeaveAccount:
    """Add working days to the employee's account. ValueError for less than one day; only the system may (the command of
    the operator)."""
    if days < 1 or not by.is_system:
        raise ValueError("days of leave are granted by the operator, one or more")
    row = lock_accounts([account_id])[account_id]
    enter_days(row, days=days, cause=LeaveMovement.Cause.GRANTED, by=by, note=note[:200])
    return row
