"""Acts on one case: the remarks that were made and no others, typed text kept, one of two wins, undo, refusals."""

from datetime import timedelta

import pytest

from diwan.audit.models import AuditRow
from diwan.cases.models import Case, FieldRemark, History, NoteDraft, OpenTask
from diwan.kit import clock
from diwan.people.actions import totp_code
from diwan.people.models import Account
from tests import cast
from tests.desk.conftest import Desk, address, form_of, to_head, to_review


def test_a_return_carries_exactly_the_two_remarks_that_were_made(desk: Desk) -> None:
    case = to_review()
    form = form_of(case, "review", "return", note="للعلم")
    form |= {"reason.unit_no": "RSN-02", "words.unit_no": "الرقم غير مطابق", "reason.facade": "RSN-02"}
    form |= {"reason.inside": "", "words.inside": "  "}
    response = desk("fahad").post(f"{address(case)}/act", form)
    assert response.status_code == 302
    remarks = FieldRemark.objects.filter(case_id=case.pk).order_by("field")
    assert [(row.field, row.reason, row.note) for row in remarks] == [
        ("facade", "RSN-02", ""),
        ("unit_no", "RSN-02", "الرقم غير مطابق"),
    ]
    case.refresh_from_db()
    assert (case.state, case.holder) == ("returned", "applicant")
    assert OpenTask.objects.get(case=case).step == "completion"


def test_a_return_without_remarks_and_a_remark_without_reason_are_refused_and_the_text_stays(
    desk: Desk,
) -> None:
    case = to_review()
    client = desk("fahad")
    response = client.post(f"{address(case)}/act", form_of(case, "review", "return", note="نص طويل محفوظ"))
    assert response.status_code == 422
    html = response.content.decode()
    assert "حدد إجابة أو مستندا" in html or "نص طويل محفوظ" in html
    form = form_of(case, "review", "return", **{"words.unit_no": "بلا سبب"})
    html = client.post(f"{address(case)}/act", form).content.decode()
    assert "بلا سبب" in html
    assert 'details class="remark" open' in html


def test_a_refusal_asks_for_its_reason_and_the_field_is_marked(desk: Desk) -> None:
    case = to_review()
    client = desk("fahad")
    response = client.post(f"{address(case)}/act", form_of(case, "review", "reject", note="الموقع سكني"))
    assert response.status_code == 422
    html = response.content.decode()
    assert "الموقع سكني" in html
    assert 'name="reasons.reject" data-fills="id_note" autofocus' in html
    form = form_of(case, "review", "reject", **{"reasons.reject": "RSN-06", "note": "الموقع سكني"})
    assert client.post(f"{address(case)}/act", form).status_code == 302
    case.refresh_from_db()
    assert case.state == "rejected"
    row = History.objects.filter(case=case, act="acted").latest("id")
    assert (row.reasons, row.note) == (["RSN-06"], "الموقع سكني")


def test_what_is_typed_is_kept_and_is_there_after_a_new_start(desk: Desk) -> None:
    case = to_review()
    form = form_of(case, "review", "", note="ملاحظة لم تكتمل", **{"words.unit_no": "نصف جملة"})
    saved = desk("fahad").post(f"{address(case)}/note", form, headers={"X-Requested-With": "fetch"})
    assert saved.json()["saved_at"] == f"{clock.local(clock.now()):%H:%M}"
    html = desk("fahad").get(address(case)).content.decode()
    assert "ملاحظة لم تكتمل" in html
    assert "نصف جملة" in html
    assert "ملاحظة لم تكتمل" not in desk("saad").get(address(case)).content.decode()


def test_a_note_on_a_hidden_case_is_not_taken(desk: Desk) -> None:
    case = to_review()
    assert desk("turki").post(f"{address(case)}/note", {"note": "x"}).status_code == 404
    assert not NoteDraft.objects.filter(case_id=case.pk).exists()


def test_of_two_officers_one_wins_and_the_other_keeps_the_text_and_reads_who_was_first(desk: Desk) -> None:
    case = to_review()
    first = form_of(case, "review", "recommend")
    second = form_of(case, "review", "reject", **{"reasons.reject": "RSN-06", "note": "رأيي مختلف"})
    assert desk("fahad").post(f"{address(case)}/act", first).status_code == 302
    response = desk("saad").post(f"{address(case)}/act", second)
    assert response.status_code == 409
    html = response.content.decode()
    assert "فهد عبدالله ناصر العرفجي" in html
    kept = NoteDraft.objects.get(case_id=case.pk, account=Account.objects.get(username="saad"))
    assert kept.content["note"] == "رأيي مختلف"
    case.refresh_from_db()
    assert case.state == "under_review"


def test_pressing_twice_acts_once(desk: Desk) -> None:
    case = to_review()
    form, client = form_of(case, "review", "recommend"), desk("fahad")
    assert client.post(f"{address(case)}/act", form).status_code == 302
    assert client.post(f"{address(case)}/act", form).status_code == 409
    assert History.objects.filter(case=case, step="review", act="acted").count() == 1


def test_after_an_act_the_next_case_opens_and_the_act_can_be_taken_back_there(desk: Desk) -> None:
    first, second = to_review(), to_review()
    client = desk("fahad")
    for case in (first, second):
        client.post(f"{address(case)}/claim", {"task": OpenTask.objects.get(case=case).pk})
    response = client.post(f"{address(first)}/act", form_of(first, "review", "recommend"))
    assert response.headers["Location"] == address(second)
    html = client.get(address(second)).content.decode()
    assert f'action="{address(first)}/undo"' in html
    assert client.post(f"{address(first)}/undo").status_code == 302
    assert OpenTask.objects.get(case=first).step == "review"
    assert "undo-bar" not in client.get(address(second)).content.decode()


def test_an_act_that_others_have_built_upon_is_offered_for_undo_no_longer(desk: Desk) -> None:
    case, client = to_review(), desk("fahad")
    client.post(f"{address(case)}/act", form_of(case, "review", "recommend"))
    assert "undo-bar" in client.get("/desk/").content.decode()
    desk("nora").post(
        f"{address(case)}/act", form_of(case, OpenTask.objects.get(case=case).step, "recommend")
    )
    assert "undo-bar" not in client.get("/desk/").content.decode()


def test_undo_ends_after_ten_minutes(desk: Desk) -> None:
    case, client = to_review(), desk("fahad")
    client.post(f"{address(case)}/act", form_of(case, "review", "recommend"))
    with clock.moved(clock.now() + timedelta(minutes=11)):
        response = client.post(f"{address(case)}/undo")
    assert response.status_code == 422
    assert OpenTask.objects.get(case=case).step == "section_review"


def test_undo_of_somebody_elses_act_is_refused(desk: Desk) -> None:
    case = to_review()
    desk("fahad").post(f"{address(case)}/act", form_of(case, "review", "recommend"))
    assert desk("saad").post(f"{address(case)}/undo").status_code == 422


def test_an_approval_that_signs_asks_for_a_code_and_one_code_is_enough(desk: Desk) -> None:
    first, second = to_head(), to_head()
    client, head = desk("abdulaziz"), Account.objects.get(username="abdulaziz")
    refused = client.post(f"{address(first)}/act", form_of(first, "head_approval", "approve"))
    assert refused.status_code == 422
    assert 'name="code"' in refused.content.decode()
    code = totp_code(account=head)
    signed = client.post(f"{address(first)}/act", form_of(first, "head_approval", "approve", code=code))
    assert signed.status_code == 302
    assert 'name="code"' not in client.get(address(second)).content.decode()
    assert (
        client.post(f"{address(second)}/act", form_of(second, "head_approval", "approve")).status_code == 302
    )
    assert set(Case.objects.filter(pk__in=[first.pk, second.pk]).values_list("state", flat=True)) == {
        "invoiced"
    }


def test_a_wrong_code_signs_nothing(desk: Desk) -> None:
    case = to_head()
    form = form_of(case, "head_approval", "approve", code="000000")
    assert desk("abdulaziz").post(f"{address(case)}/act", form).status_code == 422
    case.refresh_from_db()
    assert case.approved_at is None


def test_an_administrator_is_refused_in_words_whether_or_not_the_case_exists(desk: Desk) -> None:
    case, client = to_review(), desk("it.sara")
    for number in (address(case), "/desk/case/26000999993"):
        for response in (client.get(number), client.post(f"{number}/act", {"outcome": "recommend"})):
            if response.status_code == 404:
                assert number != address(case)
                continue
            assert response.status_code == 403
            assert "الصفة الحالية لا تتيح" in response.content.decode()
    assert AuditRow.objects.filter(action="cases.case.refused", object_id=str(case.pk)).count() == 2


def test_who_filed_it_or_applies_cannot_decide_it(desk: Desk) -> None:
    case = to_review()
    Case.objects.filter(pk=case.pk).update(filed_by_account=Account.objects.get(username="fahad").pk)
    response = desk("fahad").post(f"{address(case)}/act", form_of(case, "review", "recommend"))
    assert response.status_code == 422
    assert "موظف آخر" in response.content.decode()
    assert AuditRow.objects.filter(action="cases.case.refused", object_id=str(case.pk)).exists()
    assert OpenTask.objects.get(case=case).step == "review"


def test_a_task_is_taken_over_and_given_back(desk: Desk) -> None:
    case, client = to_review(), desk("fahad")
    task = OpenTask.objects.get(case=case)
    client.post(f"{address(case)}/claim", {"task": task.pk})
    task.refresh_from_db()
    assert task.assignee_id in cast.actor("fahad").position_ids
    refused = desk("saad").post(f"{address(case)}/claim", {"task": task.pk})
    assert refused.status_code == 422
    client.post(f"{address(case)}/release", {"task": task.pk})
    task.refresh_from_db()
    assert task.assignee_id is None


@pytest.mark.parametrize("path", ["act", "note", "claim", "release", "undo", "cancel", "reopen"])
def test_nothing_acts_on_get(desk: Desk, path: str) -> None:
    case = to_review()
    assert desk("fahad").get(f"{address(case)}/{path}").status_code == 405
