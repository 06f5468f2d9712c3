"""A leave that was granted takes effect: the days are taken, and the deputy gets the powers from the first day on."""

from django.db import transaction

from diwan.kit import clock, numbers
from diwan.modules.staffing.book import enter_days, lock_accounts
from diwan.modules.staffing.errors import LeaveImpossible
from diwan.modules.staffing.models import Leave, LeaveMovement
from diwan.modules.staffing.queries import Asked, holder_of, judge
from diwan.people.actions import delegate
from diwan.people.actor import Actor
from diwan.people.models import Delegation, Position


@transaction.atomic
def take_leave(*, asked: Asked, kind: str, counted: bool, case_id: int, by: Actor) -> Leave:
    """Enter the leave; `counted` takes its days from the account. Asked twice for one case, the first stands.

    The accounts of employee and deputy are locked and everything is judged again, so of two leaves that exclude each
    other one is refused. Raises LeaveImpossible.
    """
    deputy = Position.objects.select_related("unit").filter(code=asked.deputy).first()
    sits = holder_of(deputy) if deputy is not None else None
    if deputy is None or sits is None or asked.last < clock.today():
        raise LeaveImpossible
    row = lock_accounts([asked.account_id, sits])[asked.account_id]
    made = Leave.objects.filter(case_id=case_id).first()
    if made is not None:
        return made
    found = judge(asked)
    against = found.overlaps or found.deputy_away or found.stands_in or not found.deputy_fits
    if against or not found.days or (counted and found.days > row.days):
        raise LeaveImpossible
    own = Position.objects.select_related("unit").get(pk=asked.position_id)
    lent = delegate(
        delegator=own, receiver=deputy, kind=Delegation.Kind.ABSENCE, decision_number=numbers.case_number(case_id),
        valid_from=asked.first, valid_to=asked.last, by=by,
    )  # fmt: skip
    made = Leave.objects.create(
        account_id=asked.account_id, position=own, deputy=deputy, delegation=lent, case_id=case_id, kind=kind,
        first_day=asked.first, last_day=asked.last, days=found.days, counted=counted,
    )  # fmt: skip
    enter_days(
        row,
        days=-found.days if counted else 0,
        cause=LeaveMovement.Cause.TAKEN,
        by=by,
        case_id=case_id,
        note=kind,
    )
    return made
