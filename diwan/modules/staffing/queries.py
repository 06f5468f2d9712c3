"""Reads of leave: what an employee has left, and what stands against a leave that is asked for."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from diwan.catalogue.queries import calendar_for
from diwan.kit import clock
from diwan.kit.calendars import working_days_between
from diwan.modules.staffing.models import Leave, LeaveAccount
from diwan.people.actions.delegate import same_branch
from diwan.people.models import Holding, Position
from diwan.people.queries import valid_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A leave that is asked for: by whom, from which post, which days (both included), the deputy's post by code."""

    account_id: int
    position_id: int
    first: date
    last: date
    deputy: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What the books say of it: working days, days left, and what stands against it."""

    days: int
    balance: int
    overlaps: bool
    deputy_fits: bool
    deputy_away: bool
    stands_in: bool
    """Whether the employee stands in for a colleague in these days."""


def balance_of(account_id: int) -> int:
    """Working days of leave left."""
    return LeaveAccount.objects.filter(account_id=account_id).values_list("days", flat=True).first() or 0


def days_of(first: date, last: date, municipality_id: int) -> int:
    """Working days from `first` to `last`, both included, by the calendar of the municipality."""
    return max(0, working_days_between(first - timedelta(days=1), last, calendar_for(municipality_id)))


def standing(first: date, last: date) -> QuerySet[Leave]:
    """Leaves that touch these days."""
    return Leave.objects.filter(ended_at__isnull=True, first_day__lte=last, last_day__gte=first)


def holder_of(position: Position) -> int | None:
    """The account that sits at a post today; an assigned one before none."""
    held = valid_on(Holding.objects.filter(position=position, account__is_active=True), clock.today())
    return held.order_by("-kind", "id").values_list("account_id", flat=True).first()


def judge(asked: Asked) -> Judged:
    """What stands against the leave. Five statements."""
    own = Position.objects.select_related("unit").get(pk=asked.position_id)
    deputy = Position.objects.select_related("unit").filter(code=asked.deputy).first()
    sits = holder_of(deputy) if deputy is not None else None
    days = standing(asked.first, asked.last)
    return Judged(
        days=days_of(asked.first, asked.last, own.unit.municipality_id),
        balance=balance_of(asked.account_id),
        overlaps=days.filter(account_id=asked.account_id).exists(),
        deputy_fits=deputy is not None and sits not in (None, asked.account_id) and may_deputise(own, deputy),
        deputy_away=sits is not None and days.filter(account_id=sits).exists(),
        stands_in=days.filter(deputy_id=own.pk).exists(),
    )


def may_deputise(own: Position, other: Position) -> bool:
    """Whether powers pass from one post to the other (domain 5.2: same level or one below, same branch)."""
    return (
        own.pk != other.pk and other.level in (own.level, own.level + 1) and same_branch(own.unit, other.unit)
    )
