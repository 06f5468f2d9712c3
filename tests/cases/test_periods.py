"""Limits and periods: three returns, the applicant's time, the bill's time, and the price that was billed."""

from datetime import timedelta

import pytest

from diwan.cases.actions.drafts import save_draft, start_draft
from diwan.cases.actions.receive_payment import receive_expiry
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.models import Case, History, OpenTask
from diwan.cases.remarks import Remark
from diwan.catalogue.actions import set_lookup_row
from diwan.flow.table import Text
from diwan.jobs.lateness import act_on_late
from diwan.kit import clock
from diwan.notify.models import Message
from diwan.payments.actions import expire_bills
from diwan.payments.models import Bill
from diwan.people.actor import Actor, system
from tests import cast
from tests.cases import walking
from tests.cases.test_walk import to_review

pytestmark = pytest.mark.usefixtures("city", "registers")
WHY_LATE = "لم تكن الملاحظة ظاهرة في النسخة الأولى."


def returned(case: Case, officer: Actor) -> Case:
    """The officer returns the case with one remark."""
    remark = Remark("unit_no", "RSN-21", "رقم الوحدة", WHY_LATE)
    return cast.act(case, "review", "return", by=officer, field_remarks=[remark])


def completed(case: Case, owner: Actor, unit: str) -> Case:
    """The owner mends the unit and sends again."""
    values = {**case.data, "unit_no": unit}
    draft = start_draft(version_id=case.version_id, days=30, by=owner, values=values, amends=case.pk)
    save_draft(draft_id=draft.pk, values=values, typed={}, page="", by=owner)
    submit_draft(draft_id=draft.pk, by=owner)
    return Case.objects.get(pk=case.pk)


def test_after_three_returns_the_next_one_closes_the_case() -> None:
    owner, officer = cast.owner(), cast.actor("fahad")
    case = to_review(owner)
    for number in range(1, 4):
        case = returned(case, officer)
        assert (case.state, case.returns) == ("returned", number)
        case = completed(case, owner, str(20 + number))
    case = returned(case, officer)
    assert (case.state, case.holder, walking.steps_of(case)) == ("closed", "us", set())
    assert Message.objects.filter(case_id=case.pk, template="LAPSED").exists()


def test_the_applicants_period_ends_the_case_and_says_why() -> None:
    case = returned(to_review(cast.owner()), cast.actor("fahad"))
    due = OpenTask.objects.get(case=case).due_at
    assert due is not None
    with clock.moved(due - timedelta(minutes=5)):
        act_on_late()
        case.refresh_from_db()
        assert case.state == "returned", "until the last minute"
    with clock.moved(due + timedelta(minutes=5)):
        act_on_late()
    case.refresh_from_db()
    assert (case.state, walking.steps_of(case)) == ("closed", set())
    row = History.objects.get(case=case, act="expired")
    assert row.capacity == "system:deadlines"
    assert row.why is not None and row.why["rule"] == "completion.deadline"


def test_an_unpaid_bill_expires_and_the_case_with_it() -> None:
    case = walking.billed(cast.owner())
    bill = walking.bill_of(case)
    with clock.moved(bill.expires_at + timedelta(hours=2)):
        assert expire_bills() == 1
        for _ in range(2):
            case = receive_expiry(
                case_id=case.pk, token=bill.task_token, bill_number=bill.number, by=system("bill expiry")
            )
    bill.refresh_from_db()
    assert (bill.state, case.state) == (Bill.State.EXPIRED, "expired")
    assert History.objects.filter(case=case, act="expired").count() == 1, "told twice, it happens once"


def test_the_billed_price_stands_when_the_table_changes() -> None:
    owner = cast.owner()
    first = walking.billed(owner)
    before = walking.bill_of(first)
    editor, tomorrow = cast.actor("it.sara"), clock.today() + timedelta(days=1)
    for code in ("activity-A", "activity-B", "activity-C"):
        set_lookup_row(
            lookup="fee_rates", code=code, name=Text("رسم", "Fee"), valid_from=tomorrow, by=editor,
            data={**{f"class_{number}": 9000 for number in range(1, 6)}, "unit": "m2_year"},
        )  # fmt: skip
    with clock.moved(clock.now() + timedelta(days=2)):
        paid = walking.paid(first)
        later = walking.bill_of(walking.billed(cast.owner("maryam")))
    assert paid.state == "paid"
    assert walking.bill_of(first).total == before.total
    assert later.total > before.total, "a new bill has the new price"
