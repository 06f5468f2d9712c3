"""Days of leave of the employees, and what is in the store."""

from typing import Final

from diwan.catalogue.queries import lookup
from diwan.kit import clock
from diwan.modules.staffing.actions import grant_days
from diwan.modules.staffing.models import LeaveAccount
from diwan.modules.stores.actions import receive_stock
from diwan.modules.stores.models import StockItem
from diwan.people.actor import Actor
from diwan.people.models import Account

DAYS: Final = 36
"""Working days a year."""


def load_days(*, by: Actor) -> int:
    """Give every employee without a leave account the days of a year; how many got them."""
    known = LeaveAccount.objects.values("account_id")
    rows = Account.objects.filter(kind=Account.Kind.STAFF).exclude(pk__in=known).order_by("pk")
    for account in rows:
        grant_days(account_id=account.pk, days=DAYS, note="1448", by=by)
    return len(rows)


def load_stock(*, by: Actor) -> int:
    """Put something of each item of the lookup into the store, once; how many items were new."""
    known = set(StockItem.objects.values_list("code", flat=True))
    new = [row.code for row in lookup("supplies", clock.today()) if row.code not in known]
    for number, code in enumerate(sorted(new)):
        receive_stock(code=code, quantity=12 + 8 * number, note="demo", by=by)
    return len(new)
