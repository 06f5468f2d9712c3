"""The bill of a case was paid: the waiting step goes on."""

from django.db import transaction

from diwan.cases.loading import lock_case
from diwan.cases.models import Case, UndoSlot
from diwan.cases.moving import Entry, move
from diwan.flow.events import Expired, Paid
from diwan.people.actor import Actor


@transaction.atomic
def receive_payment(*, case_id: int, token: int, bill_number: str, by: Actor) -> Case:
    """Move the case on from its payment step; told twice, the second time changes nothing. Raises CaseNotFound."""
    loaded = lock_case(case_id, token=token)
    task = loaded.by_token(token)
    if task is None or task.kind != "payment":
        return loaded.case
    UndoSlot.objects.filter(case_id=case_id).delete()
    why = {"rule": "payment", "inputs": {"bill": bill_number}, "result": "paid"}
    entry = Entry(act="paid", step=task.step, outcome=bill_number, why=why)
    return move(loaded, Paid(token), by=by, entry=entry)


@transaction.atomic
def receive_expiry(*, case_id: int, token: int, bill_number: str, by: Actor) -> Case:
    """The bill expired unpaid: the case goes where its workflow says. Told twice, it happens once. CaseNotFound."""
    loaded = lock_case(case_id, token=token)
    task = loaded.by_token(token)
    if task is None or task.kind != "payment" or loaded.service.flow.steps[task.step].on_expired is None:
        return loaded.case
    why = {
        "rule": f"{task.step}.bill",
        "inputs": {"bill": bill_number},
        "result": loaded.service.flow.steps[task.step].on_expired,
    }
    entry = Entry(act="expired", step=task.step, outcome=bill_number, why=why)
    return move(loaded, Expired(token), by=by, entry=entry)
