"""What the engine refuses, and that a refusal changes nothing."""

from datetime import timedelta

import pytest

from diwan.cases.actions.assign import AlreadyTaken, claim
from diwan.cases.actions.cancel import cancel
from diwan.cases.actions.expire_task import act_on_lateness
from diwan.cases.actions.reopen import reopen
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.actions.take_step import take_step
from diwan.cases.actions.undo_act import TooLateToUndo, undo_act
from diwan.cases.actions.withdraw import withdraw
from diwan.cases.checks import Blocked
from diwan.cases.errors import (
    CaseNotFound,
    NotAllowed,
    Outrun,
    ReasonRequired,
    SamePerson,
    UnknownReason,
    WrongMoment,
)
from diwan.cases.models import Case, CheckResult, Draft, OpenTask
from diwan.cases.remarks import NoRemarks, Remark
from diwan.kit import clock
from diwan.kit.errors import FieldErrors
from diwan.kit.ports import Answer
from diwan.notify.models import Message
from diwan.payments.models import Bill
from tests import cast
from tests.cases.test_walk import steps_of, to_head, to_review

pytestmark = pytest.mark.usefixtures("city", "registers")


def test_another_owner_gets_the_answer_of_a_number_that_never_existed() -> None:
    case = cast.submit(cast.owner())
    with pytest.raises(CaseNotFound):
        withdraw(case_id=case.pk, by=cast.owner("abeer"))
    with pytest.raises(CaseNotFound):
        withdraw(case_id=2699999999, by=cast.owner("abeer"))


def test_an_officer_of_another_municipality_does_not_see_it() -> None:
    case = to_review(cast.owner())
    with pytest.raises(CaseNotFound):
        cast.act(case, "review", "recommend", by=cast.actor("turki"))


def test_an_officer_cannot_do_the_step_of_another_role() -> None:
    case = to_head(cast.owner())
    with pytest.raises(NotAllowed):
        cast.act(case, "head_approval", "back", by=cast.actor("fahad"), reasons=["RSN-31"])


def test_the_one_who_reviewed_may_not_approve() -> None:
    case = to_review(cast.owner())
    officer = cast.actor("fahad")
    case = cast.act(case, "review", "recommend", by=officer)
    OpenTask.objects.filter(case=case).update(assignee_id=officer.position_id)
    with pytest.raises(SamePerson):
        cast.act(case, "section_review", "recommend", by=officer)


def test_of_two_officers_the_second_reads_who_was_first() -> None:
    case = to_review(cast.owner())
    task, revision = cast.waiting(case, "review"), case.revision
    cast.act(case, "review", "recommend", by=cast.actor("fahad"))
    with pytest.raises(Outrun) as refused:
        take_step(
            case_id=case.pk,
            task_id=task.pk,
            revision=revision,
            outcome="reject",
            by=cast.actor("saad"),
            reasons=["RSN-06"],
        )
    assert cast.actor("fahad").name_ar in str(refused.value.params["who"])


def test_a_taken_case_is_not_taken_twice() -> None:
    case = to_review(cast.owner())
    task = cast.waiting(case, "review")
    claim(case_id=case.pk, task_id=task.pk, by=cast.actor("fahad"))
    with pytest.raises(AlreadyTaken):
        claim(case_id=case.pk, task_id=task.pk, by=cast.actor("saad"))


def test_a_refusal_needs_a_reason_of_the_list() -> None:
    case = to_review(cast.owner())
    with pytest.raises(ReasonRequired):
        cast.act(case, "review", "reject", by=cast.actor("fahad"))
    with pytest.raises(UnknownReason):
        cast.act(case, "review", "reject", by=cast.actor("fahad"), reasons=["RSN-99"])


def test_a_return_needs_remarks_with_reasons() -> None:
    case = to_review(cast.owner())
    with pytest.raises((NoRemarks, ReasonRequired)):
        cast.act(case, "review", "return", by=cast.actor("fahad"))
    with pytest.raises((FieldErrors, UnknownReason)):
        cast.act(
            case, "review", "return", by=cast.actor("fahad"), field_remarks=[Remark("unit_no", "RSN-99")]
        )
    with pytest.raises(FieldErrors):
        cast.act(
            case, "review", "return", by=cast.actor("fahad"), field_remarks=[Remark("no_such", "RSN-02")]
        )


def test_submitting_twice_is_one_case() -> None:
    owner = cast.owner()
    draft = cast.fill_draft(owner)
    first, second = submit_draft(draft_id=draft.pk, by=owner), submit_draft(draft_id=draft.pk, by=owner)
    assert first.case_id == second.case_id
    assert (first.fresh, second.fresh) == (True, False)
    assert owner.establishment_id is not None
    assert Case.objects.filter(establishment_id=owner.establishment_id).count() == 1


def test_a_missing_paper_is_named_by_its_slot() -> None:
    owner = cast.owner()
    with pytest.raises(FieldErrors) as refused:
        submit_draft(draft_id=cast.fill_draft(owner, papers=False).pk, by=owner)
    assert "facade" in refused.value.errors


def test_a_suspended_register_blocks_before_submitting() -> None:
    owner = cast.owner()
    draft = cast.fill_draft(owner)
    answers = {"at": clock.real_now().timestamp(), "checks": {"cr_active": {"state": "failed"}}}
    Draft.objects.filter(pk=draft.pk).update(answers=answers)
    with pytest.raises(Blocked) as refused:
        submit_draft(draft_id=draft.pk, by=owner)
    assert refused.value.params["codes"] == ["cr_active"]


def test_a_silent_register_leads_to_a_manual_check_and_not_to_a_refusal(registers: cast.Registers) -> None:
    registers.say("leases", Answer(status="silent"))
    case = cast.run_machine(cast.submit(cast.owner()))
    assert steps_of(case) == {"manual_check"}
    case = cast.act(
        case, "manual_check", "confirm", by=cast.actor("fahad"), reasons=["RSN-31"], note="عقد موثق"
    )
    assert "civil_defence" in steps_of(case)
    states = set(
        CheckResult.objects.filter(case_id=case.pk, register="leases").values_list("state", flat=True)
    )
    assert states == {"manual"}


def test_silence_of_a_body_moves_the_case_by_its_rule() -> None:
    case = cast.run_machine(cast.submit(cast.owner()))
    task = cast.waiting(case, "supervising_body")
    with clock.frozen(clock.now() + timedelta(days=30)):
        while OpenTask.objects.filter(pk=task.pk).exists():
            assert act_on_lateness(case_id=case.pk, task_id=task.pk)
    assert steps_of(Case.objects.get(pk=case.pk)) == {"civil_defence"}


def test_an_act_can_be_taken_back_and_leaves_both_in_the_history() -> None:
    case = to_review(cast.owner())
    officer = cast.actor("fahad")
    task = cast.waiting(case, "review")
    case = cast.act(case, "review", "reject", by=officer, reasons=["RSN-06"])
    assert case.state == "rejected"
    held = Message.objects.filter(case_id=case.pk, template="REJECTED")
    assert all(row.not_before > clock.now() for row in held)
    case = undo_act(case_id=case.pk, by=officer)
    assert (case.state, steps_of(case)) == ("under_review", {"review"})
    assert cast.waiting(case, "review").token == task.token
    assert not held.all().exists()
    acts = list(case.history.order_by("id").values_list("act", flat=True))
    assert acts[-2:] == ["acted", "undone"]


def test_undo_ends_after_ten_minutes_and_is_the_authors_alone() -> None:
    case = to_review(cast.owner())
    case = cast.act(case, "review", "recommend", by=cast.actor("fahad"))
    with pytest.raises((TooLateToUndo, CaseNotFound)):
        undo_act(case_id=case.pk, by=cast.actor("nora"))
    with clock.frozen(clock.now() + timedelta(minutes=11)), pytest.raises(TooLateToUndo):
        undo_act(case_id=case.pk, by=cast.actor("fahad"))


def test_withdrawal_voids_the_bill() -> None:
    owner, head = cast.owner(), cast.actor("abdulaziz")
    case = to_head(owner)
    cast.step_up(head)
    case = cast.act(case, "head_approval", "approve", by=head)
    case = withdraw(case_id=case.pk, by=owner)
    assert case.state == "withdrawn"
    assert Bill.objects.get(case_id=case.pk).state == Bill.State.VOID
    with pytest.raises(WrongMoment):
        withdraw(case_id=case.pk, by=owner)


def test_only_the_role_named_by_the_workflow_cancels_and_reopens() -> None:
    case = to_review(cast.owner())
    with pytest.raises(NotAllowed):
        cancel(case_id=case.pk, reasons=["RSN-41"], by=cast.actor("fahad"))
    case = cast.act(case, "review", "reject", by=cast.actor("fahad"), reasons=["RSN-06"])
    head = cast.actor("abdulaziz")
    case = reopen(case_id=case.pk, to="review", note="مستند جديد", by=head)
    assert (case.state, case.closed_at) == ("under_review", None)
    case = cancel(case_id=case.pk, reasons=["RSN-41"], by=head)
    assert case.state == "cancelled"
