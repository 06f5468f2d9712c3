"""The page of a case: in few statements, with what changed, the papers, who reads; and hidden from the wrong person."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diwan.audit.models import AccessRow, AuditRow
from diwan.cases.actions.assign import claim
from diwan.cases.actions.drafts import start_draft
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.models import Case, OpenTask
from diwan.files.actions import receive_upload
from diwan.files.models import Upload
from diwan.files.rules import SlotRules
from diwan.kit.numbers import case_number, show_case_number
from tests import cast
from tests.apply.browsing import client_of
from tests.cases import walking
from tests.desk.conftest import (
    Desk,
    address,
    asked_bodies,
    form_of,
    returned,
    to_head,
    to_review,
    to_visit,
    visit_afresh,
)  # fmt: skip

MOST_STATEMENTS = 12


def completed(case: Case) -> Case:
    """The applicant mends both remarks and sends again."""
    owner = cast.owner()
    draft = start_draft(
        version_id=case.version_id, days=30, by=owner, values={**case.data, "unit_no": "9"}, amends=case.pk
    )
    receive_upload(
        stream=cast.picture((1, 2, 3)), filename="facade-new.jpg", slot="facade", rules=SlotRules(),
        owner=f"draft:{draft.pk}", by=owner,
    )  # fmt: skip
    submit_draft(draft_id=draft.pk, by=owner)
    return Case.objects.get(pk=case.pk)


def test_the_page_shows_answers_papers_checks_history_and_acts(desk: Desk) -> None:
    case = to_review()
    html = desk("fahad").get(address(case)).content.decode()
    assert show_case_number(case.pk) in html
    for words in (
        "مطعم الاختبار",
        "المساحة",
        "تطابق المالك",
        "الهيئة العامة للغذاء والدواء",
        "رفع بالموافقة",
    ):
        assert words in html
    assert html.count("data-doc-link") == Upload.objects.filter(owner=f"case:{case.pk}").count()
    order = [html.index(f'value="{outcome}"') for outcome in ("recommend", "return", "reject")]
    assert order == sorted(order)


def test_the_page_takes_at_most_twelve_statements_at_every_stage(desk: Desk) -> None:
    waiting, again = to_review(), completed(returned(to_review()))
    head = cast.actor("abdulaziz")
    cast.step_up(head)
    billed = cast.act(to_head(), "head_approval", "approve", by=head)
    for username, case in (("fahad", waiting), ("fahad", again), ("abdulaziz", to_head()), ("nora", billed)):
        client = desk(username)
        visit_afresh(client, address(case))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(case)).status_code == 200
        assert len(captured) <= MOST_STATEMENTS, [query["sql"][:100] for query in captured]


def test_what_changed_since_the_return_stands_side_by_side_before_the_same_officer(desk: Desk) -> None:
    case = completed(returned(to_review()))
    task = OpenTask.objects.get(case=case)
    assert task.assignee_id in cast.actor("fahad").position_ids
    html = desk("fahad").get(address(case)).content.decode()
    table = html.split("changes")[2].split("</table>")[0]
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>", table, re.DOTALL)
    shown = {label: (before, now) for label, before, now in rows}
    assert set(shown) == {"رقم الوحدة", "صورة الواجهة من الشارع"}
    assert ">7<" in shown["رقم الوحدة"][0]
    assert ">9<" in shown["رقم الوحدة"][1]
    assert "facade.jpg" in shown["صورة الواجهة من الشارع"][0]
    assert "facade-new.jpg" in shown["صورة الواجهة من الشارع"][1]
    assert "رقم الوحدة لا يطابق الصورة" in html
    assert html.index("facade-new.jpg") < html.index("inside.jpg")


def test_a_paper_that_was_replaced_is_kept_and_says_so_to_officer_and_owner(desk: Desk) -> None:
    case = completed(returned(to_review()))
    for html in (
        desk("fahad").get(address(case)).content.decode(),
        client_of("salem").get(reverse("portal:case", args=[case_number(case.pk)])).content.decode(),
    ):
        papers = html[html.rindex("facade-new.jpg") :]
        assert "استُبدل" in papers.partition("</dd>")[0]
        assert papers.index("facade.jpg") < papers.index("استُبدل")
        assert html.count("استُبدل") <= 2


def test_others_who_read_it_now_are_named(desk: Desk) -> None:
    case = to_review()
    assert "يطّلع عليها الآن" not in desk("saad").get(address(case)).content.decode()
    html = desk("fahad").get(address(case)).content.decode()
    assert "يطّلع عليها الآن" in html
    assert "سعد محمد علي الطلحي" in html


def test_a_read_is_noted(desk: Desk) -> None:
    case = to_review()
    desk("fahad").get(address(case))
    assert AccessRow.objects.filter(object_type="case", object_id=str(case.pk), purpose="desk.case").exists()


def test_the_head_reads_on_one_screen_who_approved_what_is_unusual_and_what_a_refusal_means(
    desk: Desk,
) -> None:
    case = to_head()
    html = desk("abdulaziz").get(address(case)).content.decode()
    summary = html.split("الخلاصة")[1].split("</dl>")[0]
    for words in (
        "فهد عبدالله ناصر العرفجي",
        "نورة سعود إبراهيم النخلي",
        "لا شيء غير معتاد",
        "الاعتراض خلال 60 يوما",
    ):
        assert words in summary


def test_an_approval_that_was_taken_back_is_no_approval(desk: Desk) -> None:
    case, client = to_review(), desk("fahad")
    client.post(f"{address(case)}/act", form_of(case, "review", "recommend"))
    assert "اعتمدها" in client.get(address(case)).content.decode()
    client.post(f"{address(case)}/undo")
    approved = desk("fahad").get(address(case)).content.decode().partition("اعتمدها")[2].partition("</dd>")[0]
    assert "فهد عبدالله ناصر العرفجي" not in approved


def test_the_page_is_written_in_english_too(desk: Desk) -> None:
    case = to_review()
    html = desk("fahad", lang="en").get(address(case)).content.decode()
    for words in ("Recommend approval", "Return for completion", "In short", "History", "working days"):
        assert words in html


def nothing_there(number: str) -> str:
    """The address of a case that was never opened."""
    return f"/desk/case/{number}"


@pytest.mark.parametrize("username", ["turki", "cd.yousef", "khalid"])
def test_the_wrong_person_reads_the_same_as_for_a_number_that_never_existed(
    desk: Desk, username: str
) -> None:
    case = to_review() if username != "khalid" else asked_bodies()
    client = desk(username)
    if username == "cd.yousef":
        client = desk("moh.layla")
    never = case_number(case.pk + 50_000)
    hidden, missing = client.get(address(case)), client.get(nothing_there(never))
    assert hidden.status_code == missing.status_code == 404
    said = [
        re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode()).replace(number, "N")
        for response, number in ((hidden, case_number(case.pk)), (missing, never))
    ]
    assert said[0] == said[1]
    posted = client.post(f"{address(case)}/act", {"task": 1, "revision": 1, "outcome": "recommend"})
    assert posted.status_code == 404
    assert AuditRow.objects.filter(action="cases.case.refused", object_id=str(case.pk)).exists()


def test_a_malformed_number_is_not_found(desk: Desk) -> None:
    assert desk("fahad").get("/desk/case/26000000001").status_code == 404
    assert desk("fahad").get("/desk/case/x").status_code == 404


def test_papers_open_beside_the_case_and_nobody_elses(desk: Desk) -> None:
    case = to_review()
    paper = Upload.objects.filter(owner=f"case:{case.pk}").latest("id")
    response = desk("fahad").get(f"/desk/paper/{paper.pk}")
    assert response.status_code == 200
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert desk("turki").get(f"/desk/paper/{paper.pk}").status_code == 404


def test_a_closed_case_can_be_opened_again_by_the_head_only(desk: Desk) -> None:
    case = cast.act(to_review(), "review", "reject", by=cast.actor("fahad"), reasons=["RSN-06"])
    assert "إعادة فتح المعاملة" not in desk("fahad").get(address(case)).content.decode()
    head = desk("abdulaziz")
    assert "إعادة فتح المعاملة" in head.get(address(case)).content.decode()
    assert head.post(f"{address(case)}/reopen", {"to": "review", "note": "حكم"}).status_code == 302
    assert OpenTask.objects.get(case=case).step == "review"


def test_the_head_cancels_with_a_reason(desk: Desk) -> None:
    case = to_review()
    head = desk("abdulaziz")
    assert head.post(f"{address(case)}/cancel", {"reasons": ""}).status_code == 422
    assert head.post(f"{address(case)}/cancel", {"reasons": "RSN-41", "note": "خطاب"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "cancelled"


def test_a_visit_page_is_not_drawn_for_somebody_who_only_reads(desk: Desk) -> None:
    case = to_visit()
    assert "visit-items" not in desk("nora").get(address(case)).content.decode()


def test_a_colleague_reads_who_has_taken_the_case_over(desk: Desk) -> None:
    case = to_review()
    claim(case_id=case.pk, task_id=cast.waiting(case, "review").pk, by=cast.actor("wafa"))
    html = desk("fahad", lang="en").get(address(case)).content.decode()
    assert "Wafa Ibrahim Hassan Alsahli" in html.split('class="facts"')[1].split("</p>")[0]


def test_an_instant_licence_shows_its_bill_and_document_though_nobody_approved_it(desk: Desk) -> None:
    entry = walking.licensed(cast.owner("maryam"))
    case = Case.objects.get(pk=entry.case_id)
    assert case.approved_at is None
    assert entry.number in desk("nora").get(address(case)).content.decode()
