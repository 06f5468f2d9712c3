"""Danger: whoever is in charge hears of an emergency at once, not when it is late."""

from diwan.cases.models import Case
from diwan.forms.lookups import Row
from diwan.kit import clock
from diwan.notify.models import Message
from diwan.people.models import Account
from diwan.people.queries import Holder, holders

TOLD = ("ROLE-940-SUPERVISOR", "ROLE-HEAD")


def tell_heads(case: Case, row: Row) -> None:
    """Write to the supervisors of the 940 room and the head of the municipality, in the transaction of the caller."""
    people: dict[int, Holder] = {}
    for role in TOLD:
        place = case.municipality_id if role == "ROLE-HEAD" else None
        people |= {holder.account_id: holder for holder in holders(role=role, municipality_id=place)}
    now = clock.now()
    accounts = Account.objects.in_bulk(list(people))
    Message.objects.bulk_create(
        Message(
            created_at=now, municipality_id=case.municipality_id, case_id=case.pk, account_id=account.pk,
            channel="email", address=account.email, language=account.language, template="REPORT_ALARM",
            params={"type": row.name.en if account.language == "en" else row.name.ar}, not_before=now,
        )
        for account in accounts.values()
        if account.email
    )  # fmt: skip
