"""A leave is cancelled: the days that are left of it return, and the deputy's powers end at once."""

from datetime import timedelta

from django.db import transaction

from diwan.kit import clock
from diwan.modules.staffing.book import enter_days, lock_accounts
from diwan.modules.staffing.errors import LeaveOver
from diwan.modules.staffing.models import Leave, LeaveMovement
from diwan.modules.staffing.queries import days_of
from diwan.people.actions import revoke_delegation
from diwan.people.actor import Actor


@transaction.atomic
def give_back(*, case_id: int, by: Actor) -> Leave:
    """Give the days back: all before it begins, later those after today. Raises LeaveOver when none is left."""
    made = Leave.objects.select_related("delegation", "position__unit").get(case_id=case_id)
    row = lock_accounts([made.account_id])[made.account_id]
    made.refresh_from_db(fields=["ended_at", "last_day", "days"])
    today = clock.today()
    if made.ended_at is not None or today >= made.last_day:
        raise LeaveOver
    begun = today >= made.first_day
    first = today + timedelta(days=1) if begun else made.first_day
    left = days_of(first, made.last_day, made.position.unit.municipality_id)
    if begun:
        made.last_day, made.days = today, made.days - left
    else:
        made.ended_at = clock.now()
    made.save(update_fields=["last_day", "days", "ended_at"])
    if made.delegation.revoked_at is None:
        revoke_delegation(delegation=made.delegation, by=by)
    enter_days(
        row, days=left if made.counted else 0, cause=LeaveMovement.Cause.RETURNED, by=by, case_id=case_id,
        note=made.kind,
    )  # fmt: skip
    return made
