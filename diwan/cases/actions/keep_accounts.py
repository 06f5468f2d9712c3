"""Write down the account of days of cases that had ended before accounts were kept."""

from typing import Final

from django.db import transaction

from diwan.cases import accounting
from diwan.cases.models import Case

_AT_ONCE: Final = 500


def keep_accounts(*, most: int = 50_000) -> int:
    """Keep what is missing, the newest cases first; how many."""
    done = 0
    while done < most and (some := _keep_some()):
        done += some
    return done


@transaction.atomic
def _keep_some() -> int:
    rows = Case.objects.select_for_update(skip_locked=True).filter(
        closed_at__isnull=False, spent__isnull=True
    )
    cases = list(rows.order_by("-id")[:_AT_ONCE])
    for case in cases:
        case.spent = accounting.written(accounting.counted(case))
        case.save(update_fields=["spent"])
    return len(cases)
