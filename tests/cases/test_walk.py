"""The whole of CL-002 through the engine's actions, as each of its people."""

import pytest

from diwan.cases.actions.drafts import start_draft
from diwan.cases.actions.issue import complete_document, number_document
from diwan.cases.actions.receive_payment import receive_payment
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.errors import StepUpRequired
from diwan.cases.models import Case, History, OpenTask
from diwan.cases.remarks import Remark
from diwan.cases.services import service_of
from diwan.files.actions import receive_upload
from diwan.files.rules import SlotRules
from diwan.notify.models import Message
from diwan.payments.models import Bill
from diwan.people.actor import Actor, system
from diwan.registers.models import RegisterEntry
from tests import cast

pytestmark = pytest.mark.usefixtures("city", "registers")


def to_review(owner: Actor) -> Case:
    """A restaurant at the licensing officer's desk: both bodies have approved and the visit has passed."""
    case = cast.run_machine(cast.submit(owner))
    case = cast.act(case, "civil_defence", "approve", by=cast.actor("cd.yousef"))
    case = cast.act(case, "supervising_body", "approve", by=cast.member_of("food_drug"))
    items = service_of(case.version_id).checklist("CHK-FOOD")
    return cast.act(
        case, "visit_food", "passed", by=cast.actor("khalid"), answers={item.code: "met" for item in items}
    )


def to_head(owner: Actor) -> Case:
    """The same at the desk of the head of the municipality."""
    case = cast.act(to_review(owner), "review", "recommend", by=cast.actor("fahad"))
    return cast.act(case, "section_review", "recommend", by=cast.actor("nora"))


def steps_of(case: Case) -> set[str]:
    """Where the case waits."""
    return set(OpenTask.objects.filter(case=case).values_list("step", flat=True))


def test_a_restaurant_goes_from_its_owner_to_the_register() -> None:
    case = to_head(cast.owner())
    head = cast.actor("abdulaziz")
    cast.step_up(head)
    case = cast.act(case, "head_approval", "approve", by=head)
    assert (case.state, case.holder) == ("invoiced", "payer")
    bill = Bill.objects.get(case_id=case.pk)
    assert bill.total == sum(line.amount + line.vat for line in bill.lines.all()) > 0
    case = receive_payment(
        case_id=case.pk, token=bill.task_token, bill_number=bill.number, by=system("notice")
    )
    assert case.state == "paid"
    task = OpenTask.objects.get(case=case)
    document = number_document(case_id=case.pk, token=task.token)
    assert document == number_document(case_id=case.pk, token=task.token)
    assert document is not None
    complete_document(case_id=case.pk, token=task.token, document_id=document)
    case.refresh_from_db()
    assert (case.state, case.holder, steps_of(case)) == ("issued", "us", set())
    entry = RegisterEntry.objects.get(case=case)
    assert entry.number.startswith("101")
    told = set(Message.objects.filter(case_id=case.pk, channel="sms").values_list("template", flat=True))
    assert {"RECEIVED", "VISIT", "INVOICE", "ISSUED"} <= told


def test_both_bodies_are_asked_at_once_and_the_case_waits_for_both() -> None:
    case = cast.run_machine(cast.submit(cast.owner()))
    assert steps_of(case) == {"civil_defence", "supervising_body"}
    case = cast.act(case, "supervising_body", "approve", by=cast.member_of("food_drug"))
    assert steps_of(case) == {"civil_defence"}
    assert case.holder == "entity:civil_defence"


def test_a_return_goes_back_to_the_same_officer_with_the_changes_marked() -> None:
    owner, officer = cast.owner(), cast.actor("fahad")
    case = to_review(owner)
    due = case.due_at
    remarks = [Remark("unit_no", "RSN-02", "غير واضح"), Remark("facade", "RSN-02", "صورة أوضح")]
    case = cast.act(case, "review", "return", by=officer, field_remarks=remarks)
    assert (case.state, case.holder, case.due_at) == ("returned", "applicant", None)
    draft = start_draft(
        version_id=case.version_id,
        days=30,
        by=owner,
        values={**case.data, "unit_no": "9", "floor": "x"},
        amends=case.pk,
    )
    receive_upload(
        stream=cast.picture((1, 2, 3)),
        filename="f.jpg",
        slot="facade",
        rules=SlotRules(),
        owner=f"draft:{draft.pk}",
        by=owner,
    )
    submit_draft(draft_id=draft.pk, by=owner)
    case.refresh_from_db()
    assert case.highlights == ["unit_no", "facade"]
    assert case.data["unit_no"] == "9"
    assert case.data["floor"] != "x", "only what was remarked on may change"
    task = cast.waiting(case, "review")
    assert task.assignee_id == officer.position_id
    assert task.returned
    assert due is not None
    assert case.due_at is not None
    assert case.due_at >= due
    last = History.objects.filter(case=case, act="resubmitted").get()
    assert last.changes["unit_no"] == ["7", "9"]


def test_approval_that_signs_needs_a_fresh_second_factor() -> None:
    case = to_head(cast.owner())
    with pytest.raises(StepUpRequired):
        cast.act(case, "head_approval", "approve", by=cast.actor("abdulaziz"))


def test_history_says_who_in_what_capacity_and_why() -> None:
    case = to_head(cast.owner())
    rows = list(History.objects.filter(case=case).order_by("id"))
    officer = next(row for row in rows if row.outcome == "recommend" and row.step == "review")
    assert officer.title_ar
    assert officer.capacity.startswith("position:")
    routed = [row for row in rows if row.act == "decided"]
    reasons = [row.why or {} for row in routed]
    assert all(why["version"] == case.version_id for why in reasons)
    assert any(why["text"]["ar"] for why in reasons)
