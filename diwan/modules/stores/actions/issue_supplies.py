"""The storekeeper issues the whole of a request, or a part of it, and the request goes on to the employee."""

from collections.abc import Mapping
from typing import Final

from django.db import transaction

from diwan.cases import guards
from diwan.cases.actions.take_step import take_step
from diwan.cases.errors import NotAllowed
from diwan.cases.models import Case, OpenTask
from diwan.cases.queries import case_for
from diwan.modules.stores.book import enter_stock, lock_items
from diwan.modules.stores.errors import NotEnough, WrongQuantity
from diwan.modules.stores.models import StockMovement
from diwan.modules.stores.queries import lines_of, name_of
from diwan.people.actor import Actor

WHOLE: Final = "issue"
PART: Final = "issue_part"


@transaction.atomic
def issue_supplies(
    *, case_id: int, task_id: int, revision: int, quantities: Mapping[str, int], by: Actor
) -> Case:
    """Issue so many of each item (code -> number) and take the step; what is not issued stays to be issued.

    The items are locked before they are counted, so that two at once never issue the same. Raises CaseNotFound,
    WrongQuantity, NotEnough, and whatever taking the step refuses (post, revision, moment): then nothing is issued.
    """
    case = case_for(case_id, by)
    task = OpenTask.objects.filter(pk=task_id, case_id=case_id).first()
    if task is None or case.revision != revision:
        raise guards.outrun(case)
    if not guards.may_do(task, by=by):
        raise NotAllowed
    lines = {line.code: line for line in lines_of(case)}
    wrong = any(code not in lines or not 0 <= count <= lines[code].rest for code, count in quantities.items())
    if wrong or not any(quantities.values()):
        raise WrongQuantity
    stock = lock_items(code for code, count in quantities.items() if count)
    for code, item in stock.items():
        if item.on_hand < quantities[code]:
            raise NotEnough(left=item.on_hand, item=name_of(code, by.language))
        enter_stock(
            item, quantity=-quantities[code], cause=StockMovement.Cause.ISSUED, by=by, case_id=case_id,
            token=task.token,
        )  # fmt: skip
    whole = all(quantities.get(code, 0) == line.rest for code, line in lines.items())
    return take_step(
        case_id=case_id, task_id=task_id, revision=revision, outcome=WHOLE if whole else PART, by=by
    )
